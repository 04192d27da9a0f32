import type { WeeklyPeriod } from '../../engines/routing/calendar.js';
import type { PageContext } from '../../web/kit/index.js';
import { typedWeek, WEEKDAYS, weekRows, type WeekRow } from './week-rows.js';

/** Empty rows after the filled ones; more come with each save, so that no script is needed. */
const EMPTY_ROWS = 2;
const NO_PERIOD: WeekRow = { days: [], from: '', to: '' };

const isFilled = (row: WeekRow): boolean => row.from !== '' || row.to !== '' || row.days.length > 0;

export const numbered = <Row>(rows: readonly Row[]): ReadonlyMap<number, Row> =>
  new Map(rows.entries());

/** The filled rows under their numbers, which problems name, and some empty ones. */
export function withEmpty<Row>(
  rows: ReadonlyMap<number, Row>,
  isUsed: (row: Row) => boolean,
  empty: Row,
): readonly (readonly [number, Row])[] {
  const filled = [...rows].filter(([, row]) => isUsed(row));
  const next = Math.max(-1, ...filled.map(([number]) => number)) + 1;
  const more = Array.from({ length: EMPTY_ROWS }, (_, offset) => [next + offset, empty] as const);
  return [...filled, ...more];
}

/** Rows of the partial `calendars/week`: of a stored week, or as they were typed where it is undefined. */
export const weekView = (
  page: Pick<PageContext, 't' | 'body'>,
  weekly: readonly WeeklyPeriod[] | undefined,
) =>
  withEmpty(
    weekly === undefined ? typedWeek(page.body) : numbered(weekRows(weekly)),
    isFilled,
    NO_PERIOD,
  ).map(([at, row]) => ({
    ...row,
    at,
    days: WEEKDAYS.map((day) => ({
      value: String(day),
      label: page.t(`flow.day.${String(day)}`),
      on: row.days.includes(String(day)),
    })),
  }));

/** Every zone that the runtime names, the site's own first. */
export const zoneOptions = (site: string, current: string) =>
  [...new Set([site, current, ...Intl.supportedValuesOf('timeZone'), 'UTC'])].map((zone) => ({
    value: zone,
    label: zone,
  }));

/** Values of the rows as a form sends them: `week.0.from` ... */
export const weekValues = (weekly: readonly WeeklyPeriod[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    weekRows(weekly).flatMap((row, number) =>
      Object.entries(row).map(([name, value]): [string, unknown] => [
        `week.${String(number)}.${name}`,
        value,
      ]),
    ),
  );
