import type { WeeklyPeriod } from '../routing/calendar.js';
import { DialWindows } from './dial-windows.js';

/** Results after which a person may be tried again. */
export const RECYCLED_RESULTS = [
  'busy',
  'no-answer',
  'machine',
  'rejected',
  'hung-up',
  'abandoned',
  'congestion',
  'cancelled',
  'fax',
  /** An agent looked at the record and did not call. */
  'skipped',
] as const;
export type RecycledResult = (typeof RECYCLED_RESULTS)[number];

/** What happens after one result. */
export interface RecycleRule {
  readonly delayMs: number;
  /** So often a person may come to this result before no further attempt is made; 0 is without limit. */
  readonly most: number;
  readonly number: 'same' | 'next';
  /** By the person's clock: the next attempt is made in these hours only; any where they are the same. */
  readonly fromMinute: number;
  readonly toMinute: number;
}
export type RecycleTable = Readonly<Record<RecycledResult, RecycleRule>>;

/** A dial that has just come to its result. */
export interface EndedDial {
  readonly result: string;
  readonly endedAt: number;
  readonly zones: readonly string[];
  readonly position: number;
  /** Of the person; without the number that was dialled where that is dead now. */
  readonly alivePositions: readonly number[];
  /** Results of the person in this campaign, this one included. */
  readonly results: readonly string[];
}

/** What becomes of a lead. */
export type LeadFate =
  | { readonly state: 'open'; readonly nextAt: number; readonly position: number }
  /** Spoken with, or tried as often as it may be; `why` is a result, or the rule that says it is enough. */
  | { readonly state: 'done'; readonly why: string }
  | { readonly state: 'refused'; readonly why: 'dead-number' };

/** After a fault of our own the person is tried again so much later. */
const OWN_FAULT_DELAY_MS = 60_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** Whether a result says that nobody has the number. */
export const saysDead = (result: string): boolean => result === 'invalid';

const isRecycled = (result: string): result is RecycledResult =>
  (RECYCLED_RESULTS as readonly string[]).includes(result);

/**
 * What becomes of a lead after a result. `human` ends it; `failed` costs nothing; `invalid` goes to the next number at once;
 * everything else goes by the table. Limits of the campaign on attempts are rules of dialling, not of recycling.
 */
export function recycle(dial: EndedDial, table: RecycleTable): LeadFate {
  const { result, endedAt, position, alivePositions } = dial;
  if (result === 'human') return { state: 'done', why: 'human' };
  if (result === 'failed') return { state: 'open', nextAt: endedAt + OWN_FAULT_DELAY_MS, position };
  if (saysDead(result)) {
    const next = nextOf(alivePositions, position);
    return next === undefined
      ? { state: 'refused', why: 'dead-number' }
      : { state: 'open', nextAt: endedAt, position: next };
  }
  if (!isRecycled(result)) return { state: 'done', why: result };
  const rule = table[result];
  const times = dial.results.filter((one) => one === result).length;
  if (rule.most > 0 && times >= rule.most) return { state: 'done', why: result };
  const next = rule.number === 'next' ? nextOf(alivePositions, position) : undefined;
  return {
    state: 'open',
    nextAt: inHours(rule, endedAt + rule.delayMs, dial.zones),
    position: next ?? position,
  };
}

/** The place behind one, from the first again behind the last. */
function nextOf(positions: readonly number[], position: number): number | undefined {
  const inOrder = positions.toSorted((a, b) => a - b);
  return inOrder.find((one) => one > position) ?? inOrder[0];
}

function inHours(
  { fromMinute, toMinute }: RecycleRule,
  at: number,
  zones: readonly string[],
): number {
  if (fromMinute === toMinute) return at;
  return new DialWindows({ weeks: [hours(fromMinute, toMinute)], exceptions: [] }).firstOpenAt(
    zones,
    at,
  ) as number;
}

const hours = (fromMinute: number, toMinute: number): readonly WeeklyPeriod[] =>
  fromMinute < toMinute
    ? [{ days: EVERY_DAY, fromMinute, toMinute }]
    : [
        { days: EVERY_DAY, fromMinute, toMinute: 1_440 },
        ...(toMinute === 0 ? [] : [{ days: EVERY_DAY, fromMinute: 0, toMinute }]),
      ];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const rule = (delayMs: number, most: number, number: 'same' | 'next' = 'same'): RecycleRule => ({
  ...{ delayMs, most, number },
  ...{ fromMinute: 0, toMinute: 0 },
});

/** What the form of a new campaign begins with. */
export const USUAL_RECYCLING: RecycleTable = {
  busy: rule(10 * MINUTE_MS, 6),
  'no-answer': rule(2 * HOUR_MS, 6, 'next'),
  machine: rule(4 * HOUR_MS, 4, 'next'),
  rejected: rule(24 * HOUR_MS, 2),
  'hung-up': rule(24 * HOUR_MS, 2),
  abandoned: rule(2 * HOUR_MS, 3),
  congestion: rule(15 * MINUTE_MS, 20),
  cancelled: rule(5 * MINUTE_MS, 10),
  fax: rule(HOUR_MS, 3, 'next'),
  skipped: rule(4 * HOUR_MS, 3),
};
