/** One entry of the stream: where it stands, and the record's text. */
export interface StreamEntry {
  readonly position: string;
  readonly text: string;
}

/** The writing end of the stream between calls and database. */
export interface LedgerStreamWriter {
  /**
   * Adds records in order. Rejects within about a second where the stream cannot be reached or says no: the records may
   * or may not have arrived then, so they are sent again, and the id of each makes that harmless.
   */
  append(records: readonly string[]): Promise<void>;
  /** Resolves when the stream can be reached, or after two seconds without it. */
  reachable(): Promise<void>;
  /** Is called when the stream can be reached again. */
  onReady(listener: () => void): void;
  close(): Promise<void>;
}

/** The reading end: each entry is given to one reader until it is acknowledged, or taken over from a dead one. */
export interface LedgerStreamReader {
  /** New entries, at most `count`; waits up to `waitMs` for the first. */
  read(count: number, waitMs: number): Promise<readonly StreamEntry[]>;
  /** Entries that a reader got at least `idleMs` ago and did not acknowledge, at most `count`. */
  takeOver(count: number, idleMs: number): Promise<readonly StreamEntry[]>;
  /** Forgets entries that are safely stored. */
  acknowledge(positions: readonly string[]): Promise<void>;
  /** Puts entries that the database refuses for good aside, where a person can look at them. */
  reject(entries: readonly StreamEntry[], reason: string): Promise<void>;
  length(): Promise<number>;
  close(): Promise<void>;
}
