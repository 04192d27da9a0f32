import type {
  AgentId,
  AttemptId,
  CallId,
  CampaignId,
  ExtensionId,
  QueueId,
} from '../kernel/ids.js';
import type { AttemptNews, ClearedLead } from './campaigns.js';

/** Why an agent does not call somebody now. Texts: `workspace.skip.<code>`. */
export const SKIP_REASONS = ['bad-time', 'not-prepared', 'wrong-contact', 'other'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Whom a call dials for a campaign, and how: small, since the journal keeps it. */
export interface LeadDial {
  readonly attempt: AttemptId;
  readonly campaign: CampaignId;
  readonly agent: AgentId;
  /** Whose members call: wrap-up, recording and dispositions are its. */
  readonly queue: QueueId;
  readonly ringMs: number;
  /** Numbers that may be shown, the best first; empty: as queue, extension and trunk have it. */
  readonly callerIds: readonly string[];
}

/** What the call of a preview is made of. */
export interface PreviewCall {
  readonly lead: ClearedLead;
  readonly dial: LeadDial;
}

/** What stages need of previews. Nothing of it rejects. */
export interface PreviewDesk {
  /** The call that an agent's answered phone becomes; undefined for a preview that is over. */
  callOf(call: CallId): PreviewCall | undefined;
  /** What the agent at this phone looks at, as long as it is not dialled. */
  at(extension: ExtensionId): PreviewCall | undefined;
  /** Whoever sits at this phone does not call now. False where nothing is looked at, or it is dialled. */
  skipAt(extension: ExtensionId): boolean;
  /** This call dials it: known already, but where a phone's key began it or the call outlived the process. */
  begun(dial: LeadDial, call: CallId): void;
  /** What became of it. What is told of a call that is settled already changes nothing. */
  settled(dial: LeadDial, call: CallId, news: AttemptNews): void;
  /** The call is over. */
  over(dial: LeadDial, at: number): void;
}

/** What pages ask of a record that an agent looks at, by its attempt: what is over is refused, so that no other one is meant. */
export type PreviewCommand =
  | { readonly kind: 'preview-call'; readonly agentId: AgentId; readonly attempt: AttemptId }
  | {
      readonly kind: 'preview-skip';
      readonly agentId: AgentId;
      readonly attempt: AttemptId;
      /** `scheduled`: a call was promised instead. */
      readonly reason: SkipReason | 'scheduled';
    }
  /** Nobody calls this number any more, for this campaign or for any. */
  | {
      readonly kind: 'preview-refuse';
      readonly agentId: AgentId;
      readonly attempt: AttemptId;
      readonly isForAll: boolean;
    };

/** Each has a text in the catalog: `desk.refused.<code>`. */
export type PreviewRefusal =
  | 'no-preview'
  | 'preview-dialled'
  | 'not-kept'
  | 'unknown-contact'
  | 'do-not-call'
  | 'bad-time'
  | 'too-far-ahead';
