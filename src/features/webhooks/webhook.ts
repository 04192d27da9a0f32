import type { CallId } from '../../kernel/ids.js';

/** A message that nobody took. */
export interface LostWebhook {
  /** By which the other side knows a repeat. */
  readonly id: string;
  readonly callId: CallId;
  readonly url: string;
  readonly body: string;
  readonly askedAt: number;
  readonly attempts: number;
  /** What came of the last try: `timeout`, `status-503` ... */
  readonly failure: string;
  readonly givenUpAt: number;
}

/** Messages that were given up, and those on their way. Rejects while Redis is away. */
export interface LostWebhooks {
  /** The newest first. */
  lost(offset: number, limit: number): Promise<readonly LostWebhook[]>;
  lostCount(): Promise<number>;
  /** How many are on their way. */
  waiting(): Promise<number>;
  findLost(id: string): Promise<LostWebhook | undefined>;
  /** Puts it back, with all its tries before it. False where it is not there any more. */
  sendAgain(id: string, now: number): Promise<boolean>;
  drop(id: string): Promise<boolean>;
}

/** The keys that sign messages at a moment. */
export interface SigningKeys {
  readonly key: string;
  /** Counts from `at` on; until then messages bear the signatures of both. */
  readonly next?: { readonly key: string; readonly at: number };
}

/** How long receivers have to learn a next key, in hours. */
export const OVERLAP_HOURS = [1, 24, 72, 168] as const;
