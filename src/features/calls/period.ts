import { Temporal } from 'temporal-polyfill';

export const PERIODS = ['today', 'yesterday', 'this-week', 'last-7d', 'last-30d'] as const;
export type Period = (typeof PERIODS)[number];

/** From `fromAt` up to, not including, `toAt`, in ms since the epoch. Open where undefined. */
export interface TimeRange {
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
}

interface Asked {
  readonly period?: string | undefined;
  /** First day, `2026-11-24`. */
  readonly from?: string | undefined;
  /** Last day, included. */
  readonly to?: string | undefined;
}

/** Days of a period in the site's zone, narrowed further by the days given. What makes no sense narrows nothing. */
export function timeRange(asked: Asked, now: number, zone: string): TimeRange {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const [first, last] = daysOf(
    PERIODS.find((known) => known === asked.period),
    today,
  );
  const from = latest(first, parseDay(asked.from));
  const to = earliest(last, parseDay(asked.to));
  return {
    fromAt: from && startOf(from, zone),
    toAt: to && startOf(to.add({ days: 1 }), zone),
  };
}

type Day = Temporal.PlainDate;

function daysOf(period: Period | undefined, today: Day): readonly [Day?, Day?] {
  switch (period) {
    case 'today':
      return [today, today];
    case 'yesterday': {
      const day = today.subtract({ days: 1 });
      return [day, day];
    }
    case 'this-week':
      return [today.subtract({ days: today.dayOfWeek - 1 }), today];
    case 'last-7d':
      return [today.subtract({ days: 6 }), today];
    case 'last-30d':
      return [today.subtract({ days: 29 }), today];
    case undefined:
      return [];
  }
}

const startOf = (day: Day, zone: string): number =>
  day.toZonedDateTime({ timeZone: zone }).epochMilliseconds;

function parseDay(text: string | undefined): Day | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const latest = (a: Day | undefined, b: Day | undefined): Day | undefined =>
  a && b ? (Temporal.PlainDate.compare(a, b) > 0 ? a : b) : (a ?? b);
const earliest = (a: Day | undefined, b: Day | undefined): Day | undefined =>
  a && b ? (Temporal.PlainDate.compare(a, b) < 0 ? a : b) : (a ?? b);
