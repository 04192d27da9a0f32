import type { CalendarException, DayPeriod } from '../../engines/routing/calendar.js';
import type { FieldProblem } from '../../kernel/errors.js';
import type { FormBody } from '../../web/kit/index.js';
import { clockText, minuteOf } from '../configuration/index.js';
import { MAX_EXCEPTIONS } from './calendar.js';
import { rowNumbers, textOf } from './form-rows.js';
import { isDate, MAX_EXCEPTION_NAME, rangeProblem } from './pasted-holidays.js';

/** One row of the table of exceptions, as it was typed. */
export interface ExceptionRow {
  readonly name: string;
  readonly from: string;
  /** '' for one day. */
  readonly to: string;
  readonly yearly: boolean;
  /** `10:00–12:00, 13:00–15:00`; '' for closed all day. */
  readonly hours: string;
}

/** Periods of one exception at most. */
const MAX_DAY_PERIODS = 10;

/** The rows of a form, those that were sent empty too, by their numbers. */
export const typedExceptions = (body: FormBody): ReadonlyMap<number, ExceptionRow> =>
  new Map(
    rowNumbers(body, 'exceptions', 'from').map((row) => {
      const field = (name: string): string => textOf(body, `exceptions.${String(row)}.${name}`);
      return [
        row,
        {
          name: field('name'),
          from: field('from'),
          to: field('to'),
          yearly: field('yearly') !== '',
          hours: field('hours'),
        },
      ];
    }),
  );

/** Stored exceptions as a form shows them. */
export const exceptionRows = (exceptions: readonly CalendarException[]): readonly ExceptionRow[] =>
  exceptions.map(({ name, from, to, yearly, periods }) => ({
    name,
    from,
    to: to === from ? '' : to,
    yearly,
    hours: hoursText(periods),
  }));

/** `10:00–12:00, 13:00–15:00`; '' where there are none. */
export const hoursText = (periods: readonly DayPeriod[]): string =>
  periods
    .map((period) => `${clockText(period.fromMinute)}–${clockText(period.toMinute)}`)
    .join(', ');

export interface ExceptionsInput {
  readonly exceptions: readonly CalendarException[];
  readonly problems: readonly FieldProblem[];
}

/** Reads the rows of a form; rows that were left empty are left out. */
export function readExceptions(body: FormBody): ExceptionsInput {
  const problems: FieldProblem[] = [];
  const exceptions: CalendarException[] = [];
  for (const [number, row] of typedExceptions(body)) {
    if ([row.name, row.from, row.to, row.hours].every((text) => text === '')) continue;
    const read = readRow(row);
    if ('message' in read)
      problems.push({ ...read, field: `exceptions.${String(number)}.${read.field}` });
    else exceptions.push(read);
  }
  return { exceptions, problems };
}

/** All exceptions in the order of their dates; what is there twice is kept once. */
export function inOrder(exceptions: readonly CalendarException[]): readonly CalendarException[] {
  const known = new Set<string>();
  return exceptions
    .filter((one) => {
      const key = [one.from, one.to, one.yearly, one.name].join(' ');
      return !known.has(key) && known.add(key);
    })
    .sort((a, b) => a.from.localeCompare(b.from));
}

/** The problem of too many exceptions, where there are. */
export const tooMany = (
  exceptions: readonly CalendarException[],
  field: string,
): readonly FieldProblem[] =>
  exceptions.length <= MAX_EXCEPTIONS
    ? []
    : [
        {
          field,
          message: 'calendars.problem.too-many-exceptions',
          params: { max: MAX_EXCEPTIONS },
        },
      ];

function readRow(row: ExceptionRow): CalendarException | FieldProblem {
  const { name, from, yearly } = row;
  const to = row.to === '' ? from : row.to;
  if (name === '') return { field: 'name', message: 'form.problem.needed' };
  if (name.length > MAX_EXCEPTION_NAME)
    return { field: 'name', message: 'form.problem.too-long', params: { max: MAX_EXCEPTION_NAME } };
  if (!isDate(from)) return { field: 'from', message: 'calendars.problem.date' };
  if (!isDate(to)) return { field: 'to', message: 'calendars.problem.date' };
  const range = rangeProblem(from, to, yearly);
  if (range !== undefined) return { field: 'to', message: `calendars.problem.range-${range}` };
  const periods = readHours(row.hours);
  return typeof periods === 'string'
    ? { field: 'hours', message: periods }
    : { name, from, to, yearly, periods };
}

function readHours(text: string): readonly DayPeriod[] | string {
  if (text === '') return [];
  const parts = text.split(/[,;，；、]/).filter((part) => part.trim() !== '');
  if (parts.length > MAX_DAY_PERIODS) return 'calendars.problem.hours';
  const periods: DayPeriod[] = [];
  for (const part of parts) {
    const [from = '', to = '', ...more] = part.split(/[-–—~～至]/);
    const fromMinute = minuteOf(from);
    const toMinute = minuteOf(to);
    if (more.length > 0 || fromMinute === undefined || toMinute === undefined)
      return 'calendars.problem.hours';
    if (toMinute <= fromMinute) return 'calendars.problem.hours-order';
    periods.push({ fromMinute, toMinute });
  }
  return periods;
}
