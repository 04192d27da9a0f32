import type { Attributes } from '../../engines/routing/rule.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { FlowState } from '../../engines/ivr/state.js';
import type { CallResult, EndedBy } from '../../kernel/call-event.js';
import type {
  AgentId,
  CallbackId,
  BridgeId,
  ChannelId,
  ConferenceId,
  DidId,
  ExtensionId,
  FlowId,
  PromptId,
  QueueId,
  RecordingId,
  TrunkId,
} from '../../kernel/ids.js';
import type { SystemPromptName } from '../system-prompts.js';

/** Where a call goes back to when nobody answers: the flow that sent it, at its current state. */
export interface FlowReturn {
  readonly flow: FlowId;
  readonly version: number;
  readonly state: FlowState;
}

/** How a flow may dial outside, and where the call goes on when nobody answers. */
export interface FlowDial {
  readonly permission: 'local' | 'national' | 'international';
  /** DID that the called side sees. */
  readonly callerId?: DidId;
  readonly timeoutMs: number;
  readonly back: FlowReturn;
}

/** A recording under way, as another process must find it again. */
export interface RecordingState {
  readonly id: RecordingId;
  readonly startedAt: number;
  /** The two listeners: what the caller says, what the caller hears. Their recordings bear the same names. */
  readonly snoops: readonly [ChannelId, ChannelId];
}

/** The called side of a talk. */
export interface TalkPartner {
  readonly leg: ChannelId;
  readonly role: 'agent' | 'extension' | 'outside';
  readonly number: string;
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  readonly extensionId?: ExtensionId;
  readonly trunkId?: TrunkId;
}

/**
 * What a call lives through, as small serializable data: the journal writes it before it runs, so that another process
 * can take the call up at the start of the stage where it stood.
 *
 *   arrival ─▶ ivr ─▶ queue ─▶ talk ─▶ ended
 *      │        ├──▶ ring-extension ─▶ talk | voicemail | back to ivr | announce
 *      │        ├──▶ ring-group, dial-outside ─▶ talk | back to ivr
 *      │        └──▶ voicemail, conference ─▶ ended
 *      ├─▶ ring-extension   ├─▶ dial-outside ─▶ talk | announce   └─▶ desk-code | record-prompt ─▶ ended
 */
export type Stage =
  | {
      readonly kind: 'ivr';
      readonly flow: FlowId;
      readonly version: number;
      /** Absent before the first step. */
      readonly state?: FlowState;
      /** Set when the call comes back from an extension where nobody answered. */
      readonly nobodyAnswered?: boolean;
    }
  | {
      readonly kind: 'queue';
      readonly queue: QueueId;
      readonly priority: number;
      /** Absent on first entry; kept over a restart: the place in line is never lost. */
      readonly enteredAt?: number;
      /** Queues that the call has overflowed from: it never comes back to one. */
      readonly from: readonly QueueId[];
      /** What the call itself asks of agents, besides its queue. */
      readonly requirements?: readonly SkillRequirement[];
      /** Until then only this agent is offered the call. */
      readonly sticky?: { readonly agent: AgentId; readonly until: number };
      /** Has waited since then: in another queue, or for a callback. */
      readonly since?: number;
      /** Rules and hooks have spoken. */
      readonly isRouted?: boolean;
      readonly attributes?: Attributes;
    }
  | {
      readonly kind: 'ring-extension';
      readonly extension: ExtensionId;
      readonly back?: FlowReturn;
    }
  /** All ring at once; the first that answers has the call. */
  | {
      readonly kind: 'ring-group';
      readonly extensions: readonly ExtensionId[];
      readonly timeoutMs: number;
      readonly back: FlowReturn;
    }
  | {
      readonly kind: 'dial-outside';
      readonly number: string;
      readonly callback?: CallbackId;
      /** Set where a flow dials, whoever called. */
      readonly flow?: FlowDial;
    }
  | {
      readonly kind: 'conference';
      readonly room: ConferenceId;
      /** Set once the caller hears the others. */
      readonly joinedAt?: number;
    }
  | {
      readonly kind: 'talk';
      readonly partner: TalkPartner;
      readonly bridge: BridgeId;
      readonly record: boolean;
      /** Set once both are bridged. */
      readonly connectedAt?: number;
      readonly recording?: RecordingState;
    }
  | {
      readonly kind: 'voicemail';
      readonly extensionId?: ExtensionId;
      readonly queueId?: QueueId;
      readonly greeting?: PromptId;
    }
  /** Says why the call cannot go on, then ends it. */
  | {
      readonly kind: 'announce';
      readonly prompt: SystemPromptName;
      readonly then: EndedStage;
    }
  /** A prompt of the administrator before the end. */
  | { readonly kind: 'goodbye'; readonly prompt: PromptId; readonly then: EndedStage }
  | { readonly kind: 'desk-code'; readonly code: string }
  /** A phone that rang to record a prompt. */
  | { readonly kind: 'record-prompt'; readonly take: string }
  | EndedStage;

export interface EndedStage {
  readonly kind: 'ended';
  readonly result: CallResult;
  readonly endedBy: EndedBy;
  /** Q.850, given to the caller's side. */
  readonly cause: number;
  /** A short code for ledger and pages: `reason.<code>` in the catalog. */
  readonly reason: string;
}

export type StageOf<K extends Stage['kind']> = Extract<Stage, { readonly kind: K }>;

export const ended = (
  result: CallResult,
  endedBy: EndedBy,
  cause: number,
  reason: string,
): EndedStage => ({ kind: 'ended', result, endedBy, cause, reason });

/** How a call is counted whose caller hung up in this stage. */
export function onHangup(stage: Stage, messageLeft: boolean, reason: string): EndedStage {
  const result = (): CallResult => {
    switch (stage.kind) {
      case 'talk':
      case 'conference':
        return 'answered';
      case 'queue':
        return 'abandoned';
      case 'voicemail':
        return messageLeft ? 'voicemail' : 'contained';
      case 'ring-extension':
      case 'ring-group':
      case 'dial-outside':
        return 'no-answer';
      case 'announce':
      case 'goodbye':
        return stage.then.result;
      case 'ended':
        return stage.result;
      case 'ivr':
        return messageLeft ? 'voicemail' : 'contained';
      case 'desk-code':
      case 'record-prompt':
        return 'contained';
    }
  };
  const by: EndedBy = 'caller';
  return ended(result(), by, 16, reason);
}
