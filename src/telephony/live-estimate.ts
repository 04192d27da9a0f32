/** An expected wait, and what the last ones were worth. Times in ms. */
export interface LiveEstimate {
  readonly expectedMs: number;
  /** Four of five of the last estimates were off by at most this; absent before the first came true or not. */
  readonly errorMs?: number;
  /** Callers hear it: the queue says so, and the last estimates were good enough. */
  readonly isTold: boolean;
}
