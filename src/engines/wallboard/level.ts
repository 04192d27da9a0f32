/** How a figure stands to its thresholds. */
export type Level = 'ok' | 'warn' | 'critical';

/** From which value on it is said; absent where it is not. Both in the unit of the figure. */
export interface Thresholds {
  readonly warn?: number;
  readonly critical?: number;
  /** A small value is the bad one, as with a service level. */
  readonly isLowBad: boolean;
}

/** What is shown, and what it would become: since when. Instants in ms since the epoch. */
export interface LevelState {
  readonly level: Level;
  readonly pending?: { readonly level: Level; readonly since: number };
}

/** A change of colour must have held so long: a figure that swings about its threshold makes no restless wall. */
export const HOLD_MS = 10_000;

const RANK: Readonly<Record<Level, number>> = { ok: 0, warn: 1, critical: 2 };

/** `ok` also where nothing is known, and where the figure has no thresholds. */
export function levelOf(
  value: number | undefined,
  { warn, critical, isLowBad }: Thresholds,
): Level {
  if (value === undefined) return 'ok';
  const isPast = (limit: number | undefined): boolean =>
    limit !== undefined && (isLowBad ? value < limit : value >= limit);
  if (isPast(critical)) return 'critical';
  return isPast(warn) ? 'warn' : 'ok';
}

/** The next state. The first value counts at once; a later one when it has been on the same side of what is shown for so long. */
export function settle(state: LevelState | undefined, now: Level, at: number): LevelState {
  if (state === undefined) return { level: now };
  const { level, pending } = state;
  if (now === level) return { level };
  const isWorse = (one: Level): boolean => RANK[one] > RANK[level];
  const since =
    pending !== undefined && isWorse(pending.level) === isWorse(now) ? pending.since : at;
  return at - since >= HOLD_MS ? { level: now } : { level, pending: { level: now, since } };
}
