/** What is remembered of surveys, by number. */
export interface SurveyHistory {
  /**
   * Whether any survey was offered to a number, in stored form, at or after `sinceAt` (ms since the epoch). Rejects where
   * the memory is away. The ledger tells it: what happened within the last moments may be missing.
   */
  askedSince(number: string, sinceAt: number): Promise<boolean>;
}
