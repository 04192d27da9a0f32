import { Temporal } from 'temporal-polyfill';

/** How long a row of a report is. */
export const SPAN_UNITS = ['quarter', 'hour', 'day', 'week', 'month', 'year'] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];

/** From `startAt` up to, not including, `endAt`, in ms since the epoch. */
export interface TimeSpan {
  readonly startAt: number;
  readonly endAt: number;
}

/** So many rows at a time: of a longer period the last ones are taken. */
export const MOST_SPANS = 3_000;

const EXACT_MS: Partial<Record<SpanUnit, number>> = { quarter: 900_000, hour: 3_600_000 };

/**
 * Hours or quarters of a day, the last one first. Clocks change at whole quarters everywhere; hours are counted from midnight, so
 * that none is cut. Where clocks change by half an hour, the last hour of that day has half of one.
 */
function* partsOf({ startAt, endAt }: TimeSpan, exactMs: number): Generator<TimeSpan> {
  const last = startAt + Math.floor((endAt - 1 - startAt) / exactMs) * exactMs;
  for (let at = last; at >= startAt; at -= exactMs)
    yield { startAt: at, endAt: Math.min(at + exactMs, endAt) };
}

/** The span of this unit in which an instant falls, by the calendar of a zone; weeks begin on Monday (ISO 8601). */
function spanOf(at: number, unit: SpanUnit, zone: string): TimeSpan {
  const start = startOf(at, unit, zone);
  const step = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 }, year: { years: 1 } }[
    unit as 'day' | 'week' | 'month' | 'year'
  ];
  return {
    startAt: start.epochMilliseconds,
    endAt: start.add(step).startOfDay().epochMilliseconds,
  };
}

function startOf(at: number, unit: SpanUnit, zone: string): Temporal.ZonedDateTime {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).startOfDay();
  switch (unit) {
    case 'week':
      return day.subtract({ days: day.dayOfWeek - 1 }).startOfDay();
    case 'month':
      return day.with({ day: 1 }).startOfDay();
    case 'year':
      return day.with({ month: 1, day: 1 }).startOfDay();
    default:
      return day;
  }
}

/**
 * The spans of a zone's calendar that touch [fromAt, toAt), whole, in order. Days of clock changes have 23 or 25 hours.
 * Of more than {@link MOST_SPANS} the last ones.
 */
export function spansOf(
  fromAt: number,
  toAt: number,
  unit: SpanUnit,
  zone: string,
): readonly TimeSpan[] {
  const exactMs = EXACT_MS[unit];
  const spans: TimeSpan[] = [];
  for (let at = toAt - 1; at >= fromAt && spans.length < MOST_SPANS;) {
    const span = spanOf(at, exactMs === undefined ? unit : 'day', zone);
    if (exactMs === undefined) spans.push(span);
    else
      for (const part of partsOf(span, exactMs))
        if (part.endAt > fromAt && part.startAt < toAt && spans.length < MOST_SPANS)
          spans.push(part);
    at = span.startAt - 1;
  }
  return spans.reverse();
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** By zone; making one takes longer than using it a thousand times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Monday is 0; hours from 0 to 23 by the clocks of the zone. */
export function weekdayAndHour(
  at: number,
  zone: string,
): { readonly weekday: number; readonly hour: number } {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ weekday: 'short', hour: '2-digit', hourCycle: 'h23', timeZone: zone },
    });
  clocks.set(zone, clock);
  const text = clock.format(at);
  return { weekday: WEEKDAYS.indexOf(text.slice(0, 3)), hour: Number(text.slice(-2)) };
}

/** A period of the same length right before; of whole months the months before. */
export function spanBefore({ startAt, endAt }: TimeSpan, zone: string): TimeSpan {
  const start = Temporal.Instant.fromEpochMilliseconds(startAt).toZonedDateTimeISO(zone);
  const end = Temporal.Instant.fromEpochMilliseconds(endAt).toZonedDateTimeISO(zone);
  const days = start.toPlainDate().until(end.toPlainDate(), { largestUnit: 'days' }).days;
  const months = start.toPlainDate().until(end.toPlainDate(), { largestUnit: 'months' });
  const isMonths = start.day === 1 && months.days === 0 && months.months > 0;
  const before = start.subtract(isMonths ? { months: months.months } : { days: Math.max(1, days) });
  return { startAt: before.startOfDay().epochMilliseconds, endAt: startAt };
}
