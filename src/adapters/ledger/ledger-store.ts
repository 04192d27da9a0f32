import type { LedgerRecord } from './record.js';

/** What became of a batch. */
export interface WriteOutcome {
  readonly written: number;
  /** Records that were there already: sent again after a failure. */
  readonly duplicates: number;
}

/** Where records come to rest. */
export interface LedgerStore {
  /**
   * Stores the records and folds every call they touch, all in one transaction: either everything is stored, or it
   * rejects and nothing is. May be called again with the same records.
   */
  write(records: readonly LedgerRecord[]): Promise<WriteOutcome>;
  /** True where an error of `write` is about the records, so that trying again cannot help. */
  isRefusal(error: unknown): boolean;
}
