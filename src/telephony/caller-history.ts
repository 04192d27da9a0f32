import type { CallerPast } from '../engines/routing/rule.js';
import type { Clock } from '../kernel/clock.js';
import type { CallId } from '../kernel/ids.js';
import type { CallLog } from './calls/services.js';

/** A caller waits at most so long until we remember. */
export const RECALL_LIMIT_MS = 300;

/** What is remembered of callers, by number. */
export interface CallerHistory {
  /**
   * Earlier calls of a number in stored form, without the `current` one. A withheld number ('') has no past. Rejects where
   * the memory is away: ask through {@link recallWithin}.
   */
  recall(number: string, current?: CallId): Promise<CallerPast>;
}

/** Asks the memory, but never longer than {@link RECALL_LIMIT_MS}; `unknown` where it does not answer in time or is away. */
export async function recallWithin(
  history: CallerHistory,
  parts: { readonly clock: Clock; readonly log: CallLog },
  number: string,
  current?: CallId,
): Promise<CallerPast | 'unknown'> {
  const { clock, log } = parts;
  try {
    const past = await withinLimit(clock, RECALL_LIMIT_MS, history.recall(number, current));
    if (past !== 'late') return past;
    log.warn({ limitMs: RECALL_LIMIT_MS }, 'earlier calls were not found in time');
  } catch (error) {
    log.warn({ err: error }, 'earlier calls cannot be looked up');
  }
  return 'unknown';
}

/** The outcome of work, or `late` where it takes longer than `ms`; what becomes of late work is of no interest. */
export async function withinLimit<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
): Promise<T | 'late'> {
  const limit = new AbortController();
  const late = (): 'late' => 'late';
  try {
    return await Promise.race([work, clock.sleep(ms, limit.signal).then(late, late)]);
  } finally {
    limit.abort();
  }
}
