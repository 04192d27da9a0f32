import { z } from 'zod';
import type { OpeningPeriod } from '../../../engines/ivr/opening-hours.js';
import type { FieldProblem } from '../../../kernel/errors.js';
import { clockText, minuteOf } from '../../configuration/index.js';
import type { StepBody } from './fields.js';

/** Rows of periods that a form can send; the schema of flows has the same limit. */
const MAX_PERIODS = 50;
const MAX_CLOSED_DATES = 400;

/** One row of the table of opening hours. */
export interface PeriodRow {
  readonly index: number;
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
}

export interface HoursInput {
  readonly periods: OpeningPeriod[];
  readonly closedDates: string[];
  readonly problems: readonly FieldProblem[];
}

const texts = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** The rows of a form, those that were sent empty too. */
export function rowsOf(body: StepBody): readonly PeriodRow[] {
  return Object.keys(body)
    .flatMap((name) => {
      const index = /^from-(\d{1,2})$/.exec(name)?.[1];
      return index === undefined ? [] : [Number(index)];
    })
    .sort((a, b) => a - b)
    .slice(0, MAX_PERIODS)
    .map((index) => ({
      index,
      days: texts(body[`days-${String(index)}`]),
      from: texts(body[`from-${String(index)}`])[0]?.trim() ?? '',
      to: texts(body[`to-${String(index)}`])[0]?.trim() ?? '',
    }));
}

/** Reads rows of periods (`days-0`, `from-0`, `to-0` ...; empty rows are left out) and closed dates, one a line. */
export function parseHours(body: StepBody): HoursInput {
  const problems: FieldProblem[] = [];
  const periods: OpeningPeriod[] = [];
  for (const row of rowsOf(body)) {
    if (row.from === '' && row.to === '') continue;
    const period = parseRow(row);
    if ('message' in period) problems.push(period);
    else periods.push(period);
  }
  const dates = (texts(body['closedDates'])[0] ?? '')
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wrong = dates.find((date) => !z.iso.date().safeParse(date).success);
  if (wrong !== undefined)
    problems.push({
      field: 'closedDates',
      message: 'flow.problem.date',
      params: { date: wrong.slice(0, 40) },
    });
  else if (dates.length > MAX_CLOSED_DATES)
    problems.push({
      field: 'closedDates',
      message: 'flow.problem.too-many-dates',
      params: { max: MAX_CLOSED_DATES },
    });
  return { periods, closedDates: [...new Set(dates)].sort(), problems };
}

function parseRow(row: PeriodRow): OpeningPeriod | FieldProblem {
  const fromMinute = minuteOf(row.from);
  const toMinute = minuteOf(row.to);
  const days = [...new Set(row.days.map(Number))].filter((day) => day >= 1 && day <= 7).sort();
  const field = (name: string): string => `${name}-${String(row.index)}`;
  if (fromMinute === undefined || fromMinute === 1_440)
    return { field: field('from'), message: 'flow.problem.time' };
  if (toMinute === undefined || toMinute === 0)
    return { field: field('to'), message: 'flow.problem.time' };
  if (toMinute <= fromMinute) return { field: field('to'), message: 'flow.problem.period-order' };
  if (days.length === 0) return { field: field('days'), message: 'flow.problem.no-days' };
  return { days, fromMinute, toMinute };
}

/** What the form of a step shows of its hours. */
export const hoursValues = (hours: {
  readonly periods: readonly OpeningPeriod[];
  readonly closedDates: readonly string[];
}): Readonly<Record<string, unknown>> => ({
  closedDates: hours.closedDates.join('\n'),
  ...Object.fromEntries(
    hours.periods.flatMap((period, index): [string, unknown][] => [
      [`days-${String(index)}`, period.days.map(String)],
      [`from-${String(index)}`, clockText(period.fromMinute)],
      [`to-${String(index)}`, clockText(period.toMinute)],
    ]),
  ),
});
