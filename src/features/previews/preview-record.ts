import type { ContactId } from '../../kernel/ids.js';

/** Somebody to be called, as an agent sees them before and during the call. */
export interface PreviewRecord {
  readonly contact: ContactId;
  readonly campaignName: string;
  /** The one that is dialled: E.164, as all numbers here. */
  readonly number: string;
  readonly name: string;
  readonly company: string;
  /** IANA; '' where nobody has said it. */
  readonly timeZone: string;
  /** The site's own fields, by key. */
  readonly fields: Readonly<Record<string, string>>;
  readonly numbers: readonly {
    readonly number: string;
    readonly kind: string;
    readonly isDead: boolean;
  }[];
  /** The newest first. */
  readonly attempts: readonly PastAttempt[];
  readonly remarks: readonly Remark[];
  /** When somebody last talked to them. */
  readonly reachedAt: Date | undefined;
}

export interface PastAttempt {
  readonly at: Date;
  readonly number: string;
  /** An `AttemptResult`, and of a skip its reason. */
  readonly result: string;
  readonly note: string;
  readonly campaignName: string;
  /** '' where no agent had to do with it. */
  readonly agentName: string;
}

export interface Remark {
  readonly at: Date;
  readonly text: string;
  readonly author: string;
}
