/** From `fromAt` up to, not including, `toAt`, in ms since the epoch. */
export interface Stretch {
  readonly fromAt: number;
  readonly toAt: number;
}

/** Offsets of all time zones of today are whole quarters of an hour: days and hours begin with one. */
export const QUARTER_MS = 900_000;

/** Stretches as whole quarters, in order, those that touch as one; nothing before `firstAt`. */
export function quartersOf(marked: readonly Stretch[], firstAt: number): readonly Stretch[] {
  const whole = marked
    .map(({ fromAt, toAt }) => ({
      fromAt: Math.floor(Math.max(fromAt, firstAt) / QUARTER_MS) * QUARTER_MS,
      toAt: Math.ceil(toAt / QUARTER_MS) * QUARTER_MS,
    }))
    .filter(({ fromAt, toAt }) => fromAt < toAt)
    .sort((a, b) => a.fromAt - b.fromAt);
  const merged: Stretch[] = [];
  for (const stretch of whole) {
    const last = merged.at(-1);
    if (last === undefined || stretch.fromAt > last.toAt) merged.push(stretch);
    else merged.splice(-1, 1, { ...last, toAt: Math.max(last.toAt, stretch.toAt) });
  }
  return merged;
}
