import type { WeeklyPeriod } from '../../engines/routing/calendar.js';
import type { FieldProblem } from '../../kernel/errors.js';
import type { FormBody } from '../../web/kit/index.js';
import { clockText, minuteOf } from '../configuration/index.js';
import { MAX_WEEKLY } from './calendar.js';
import { rowNumbers, textOf, textsOf } from './form-rows.js';

/** One row of the table of the week, as it was typed. */
export interface WeekRow {
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
}

const DAY_END = 1_440;
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The rows of a form, those that were sent empty too, by their numbers. */
export const typedWeek = (body: FormBody): ReadonlyMap<number, WeekRow> =>
  new Map(
    rowNumbers(body, 'week', 'from').map((row) => {
      const name = `week.${String(row)}`;
      return [
        row,
        {
          days: textsOf(body, `${name}.days`),
          from: textOf(body, `${name}.from`),
          to: textOf(body, `${name}.to`),
        },
      ];
    }),
  );

/** Stored periods as a form shows them. */
export const weekRows = (weekly: readonly WeeklyPeriod[]): readonly WeekRow[] =>
  weekly.map((period) => ({
    days: period.days.map(String),
    from: clockText(period.fromMinute),
    to: clockText(period.toMinute),
  }));

export interface WeekInput {
  readonly weekly: readonly WeeklyPeriod[];
  readonly problems: readonly FieldProblem[];
}

/** Reads the rows of a form. Rows without times are left out; one that goes over midnight becomes two. */
export function readWeek(body: FormBody): WeekInput {
  const problems: FieldProblem[] = [];
  const weekly: WeeklyPeriod[] = [];
  for (const [number, row] of typedWeek(body)) {
    if (row.from === '' && row.to === '') continue;
    const read = readRow(row);
    if ('message' in read)
      problems.push({ field: `week.${String(number)}.${read.field}`, message: read.message });
    else weekly.push(...read.periods);
  }
  if (weekly.length > MAX_WEEKLY)
    problems.push({
      field: 'week',
      message: 'calendars.problem.too-many-periods',
      params: { max: MAX_WEEKLY },
    });
  return { weekly, problems };
}

type RowResult =
  | { readonly periods: readonly WeeklyPeriod[] }
  | { readonly field: 'days' | 'from' | 'to'; readonly message: string };

function readRow(row: WeekRow): RowResult {
  const fromMinute = minuteOf(row.from);
  const typedEnd = minuteOf(row.to);
  const toMinute = typedEnd === 0 ? DAY_END : typedEnd;
  const days = WEEKDAYS.filter((day) => row.days.includes(String(day)));
  if (fromMinute === undefined || fromMinute === DAY_END)
    return { field: 'from', message: 'flow.problem.time' };
  if (toMinute === undefined) return { field: 'to', message: 'flow.problem.time' };
  if (toMinute === fromMinute) return { field: 'to', message: 'calendars.problem.period-empty' };
  if (days.length === 0) return { field: 'days', message: 'flow.problem.no-days' };
  if (toMinute > fromMinute) return { periods: [{ days, fromMinute, toMinute }] };
  const next = days.map((day) => (day % 7) + 1).sort((a, b) => a - b);
  return {
    periods: [
      { days, fromMinute, toMinute: DAY_END },
      { days: next, fromMinute: 0, toMinute },
    ],
  };
}
