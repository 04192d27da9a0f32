/** An agent entered a state; `at` in ms since the epoch. */
export interface StateMark {
  readonly at: number;
  readonly state: string;
  readonly reason: string;
}

/** A stretch of time in which an agent was not ready for one reason: from `startAt` up to, not including, `endAt`. */
export interface NotReadyStretch {
  readonly reason: string;
  readonly startAt: number;
  readonly endAt: number;
}

const NOT_READY = 'not-ready';

/**
 * The stretches of one agent inside a range, in order. Each lasts from its mark to the next one; the last one to the end of
 * the range. `marks` may begin before the range: what began before it counts from the range's begin on. Marks may come
 * in any order; of several in one millisecond the last given counts.
 */
export function notReadyStretches(
  marks: readonly StateMark[],
  range: { readonly startAt: number; readonly endAt: number },
): readonly NotReadyStretch[] {
  const ordered = marks.toSorted((a, b) => a.at - b.at);
  return ordered.flatMap((mark, index) => {
    if (mark.state !== NOT_READY) return [];
    const startAt = Math.max(mark.at, range.startAt);
    const endAt = Math.min(ordered[index + 1]?.at ?? range.endAt, range.endAt);
    return endAt > startAt ? [{ reason: mark.reason, startAt, endAt }] : [];
  });
}

/** Time not ready by reason, in ms. */
export function notReadyTime(stretches: readonly NotReadyStretch[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { reason, startAt, endAt } of stretches)
    sums.set(reason, (sums.get(reason) ?? 0) + endAt - startAt);
  return sums;
}

/** Limits of a reason in ms; 0 is without limit. */
export interface NotReadyLimits {
  readonly limitMs: number;
  readonly dayLimitMs: number;
}

/**
 * When an agent who is not ready since `since` passes a limit: the one of an occurrence, or the day's, of which `usedMs`
 * were used before `countedFrom`. Undefined where the reason has no limit.
 */
export function overLimitAt(
  { limitMs, dayLimitMs }: NotReadyLimits,
  now: { readonly since: number; readonly countedFrom: number; readonly usedMs: number },
): number | undefined {
  const ends = [
    ...(limitMs > 0 ? [now.since + limitMs] : []),
    ...(dayLimitMs > 0 ? [now.countedFrom + Math.max(0, dayLimitMs - now.usedMs)] : []),
  ];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** True where a time is longer than a limit; 0 is no limit. */
export const isOverLimitOf = (limitMs: number, ms: number): boolean => limitMs > 0 && ms > limitMs;
