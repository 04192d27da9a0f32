import type { AttemptId, CampaignId, ContactId, FollowUpId } from '../kernel/ids.js';
import type { AttemptResult } from './campaigns.js';

/** What an agent has before them besides calls. */
export interface AgentPreview {
  /** Whose record the agent looks at, or calls. */
  readonly preview?: LivePreview;
  /** What came of the last record that was looked at and not talked about. */
  readonly lastPreview?: LivePreviewEnd;
  /** The next call that the agent has promised, shortly before its time. */
  readonly reminder?: LiveReminder;
}

/** Somebody of a campaign before an agent. Instants in ms since the epoch. */
export interface LivePreview {
  readonly attempt: AttemptId;
  readonly campaignId: CampaignId;
  readonly campaignName: string;
  readonly contactId: ContactId;
  readonly name: string;
  /** E.164. */
  readonly number: string;
  /** record: is read · own-phone, customer: that one rings. */
  readonly phase: 'record' | 'own-phone' | 'customer';
  readonly since: number;
  /** Until when the record may be read, and what happens then. */
  readonly until?: number;
  readonly atLimit: 'dial' | 'skip';
  /** Why the agent's own phone did not take the call, a moment ago. */
  readonly problem?: 'no-answer' | 'declined' | 'busy' | 'stopped' | 'failed';
  /** Set where the call was promised. */
  readonly promise?: {
    readonly kind: 'callback' | 'appointment';
    readonly dueAt: number;
    readonly note: string;
    /** Who promised it, and was not there. */
    readonly insteadOf?: string;
  };
}

export interface LivePreviewEnd {
  readonly attempt: AttemptId;
  readonly name: string;
  readonly number: string;
  readonly result: AttemptResult;
  readonly at: number;
}

export interface LiveReminder {
  readonly followUpId: FollowUpId;
  /** It is put before the agent at its time; else the agent has to call. */
  readonly comesByItself: boolean;
  readonly kind: 'callback' | 'appointment';
  readonly name: string;
  readonly number: string;
  readonly dueAt: number;
}

/** Of somebody in line. */
export interface WaitingPromise {
  /** Set for a call that was promised for a time that has come: nobody is on the line. */
  readonly followUpId?: FollowUpId;
}
