import { weekdayAndHour } from '../../engines/reporting/time-spans.js';
import { formatPercent, formatWhen, NO_VALUE, type Reader } from '../../web/kit/index.js';
import type { Figure, ReportColumn } from './report-definition.js';
import type { ReportRow } from './read-report.js';
import type { OpensCalls } from './report-pictures.js';

/** What a map shows, and how many calls there were: without any a cell is empty. */
interface HeatMetric {
  readonly column: ReportColumn;
  readonly counted: ReportColumn;
  readonly opens: OpensCalls;
}

/** Shades of one colour; the darkest is the most calls, or the worst service level. */
const SHADES = 7;
const WEEKDAYS = 7;

export interface HeatMap {
  readonly hours: readonly string[];
  readonly rows: readonly {
    readonly weekday: string;
    readonly cells: readonly {
      readonly text: string;
      readonly shade: number;
      /** The calls of that hour of every such day. */
      readonly href: string | undefined;
    }[];
  }[];
}

/** Calls by weekday and hour of the site, from the first hour with calls to the last. */
export function heatMap(
  hours: readonly ReportRow[],
  { column, counted, opens }: HeatMetric,
  reader: Reader,
): HeatMap | undefined {
  const cells = new Map<number, Figure[]>();
  for (const { span, of } of hours) {
    if (numberOf(counted, of) === 0) continue;
    const { weekday, hour } = weekdayAndHour(span.startAt, reader.zone);
    const key = weekday * 24 + hour;
    const own = cells.get(key);
    if (own === undefined) cells.set(key, [of]);
    else own.push(of);
  }
  const busy = [...cells.keys()].map((key) => key % 24);
  if (busy.length === 0) return undefined;
  const [first, last] = [Math.min(...busy), Math.max(...busy)];
  const shown = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const values = new Map([...cells].map(([key, some]) => [key, numberOf(column, together(some))]));
  const most = Math.max(...values.values());
  const whole = { startAt: hours[0]?.span.startAt ?? 0, endAt: hours.at(-1)?.span.endAt ?? 0 };
  return {
    hours: shown.map((hour) => TWO.format(hour)),
    rows: Array.from({ length: WEEKDAYS }, (_, weekday) => ({
      weekday: weekdayName(weekday, reader),
      cells: shown.map((hour) => {
        const key = weekday * 24 + hour;
        const some = cells.get(key);
        const value = some && column.value(together(some));
        return {
          text: some === undefined ? '' : textOf(value, column, reader),
          shade: some === undefined ? 0 : shadeOf(values.get(key) ?? 0, column, most),
          href:
            some &&
            opens({ span: whole, of: together(some) }, column, { place: key, zone: reader.zone }),
        };
      }),
    })),
  };
}

const TWO = new Intl.NumberFormat('en', { minimumIntegerDigits: 2 });
const numberOf = (column: ReportColumn, of: Figure): number => {
  const value = column.value(of);
  return typeof value === 'number' ? value : 0;
};

/** Rates of several hours are computed from their counts, not from their rates. */
const together =
  (some: readonly Figure[]): Figure =>
  (name) =>
    some.reduce((sum, of) => sum + of(name), 0);

/** 5 January 2026 was a Monday. */
const MONDAY = Date.UTC(2026, 0, 5, 12);
const weekdayName = (weekday: number, { language }: Reader): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(
    MONDAY + weekday * 86_400_000,
  );

function textOf(
  value: ReturnType<ReportColumn['value']>,
  { kind }: ReportColumn,
  { language }: Reader,
): string {
  if (typeof value !== 'number') return NO_VALUE;
  return kind === 'share' ? formatPercent(value, language).replace(/[.,]\d/, '') : String(value);
}

/** The darkest is the most; of a rate that should be high, the lowest. */
function shadeOf(value: number, { kind, key }: ReportColumn, most: number): number {
  const part =
    kind !== 'share' ? value / Math.max(1, most) : key === 'service-level' ? 1 - value : value;
  return 1 + Math.min(SHADES - 1, Math.floor(part * SHADES));
}

/** A span in the words of its length: a time, a day, a week, a month, a year. */
export function spanName(at: number, unit: string, reader: Reader): string {
  const name = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(reader.language, { ...options, timeZone: reader.zone }).format(at);
  switch (unit) {
    case 'quarter':
    case 'hour':
      return `${formatWhen(at, 'day', reader)} ${formatWhen(at, 'time', reader)}`;
    case 'month':
      return name({ month: 'long', year: 'numeric' });
    case 'year':
      return name({ year: 'numeric' });
    case 'week':
      return formatWhen(at, 'date', reader);
    default:
      return formatWhen(at, 'day', reader);
  }
}
