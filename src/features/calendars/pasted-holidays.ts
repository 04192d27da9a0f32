import { z } from 'zod';
import type { CalendarException } from '../../engines/routing/calendar.js';
import type { FieldProblem } from '../../kernel/errors.js';

/** Longest name of an exception, in characters. */
export const MAX_EXCEPTION_NAME = 80;
/** A range that comes every year must end before it begins again. */
const MAX_YEARLY_DAYS = 365;

/** `2026-12-25 Christmas Day`, `2027-02-17..2027-02-23 春节`, `* 2026-12-25 Christmas Day` for every year. */
const LINE =
  /^(?<yearly>\*\s*)?(?<from>\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.|–|~|～|至)\s*(?<to>\d{4}-\d{2}-\d{2}))?\s+(?<name>\S.*)$/u;

export interface PastedHolidays {
  readonly exceptions: readonly CalendarException[];
  readonly problems: readonly FieldProblem[];
}

/** Holidays, one a line, closed all day. Empty lines are left out; the first line that cannot be read is the problem. */
export function readPasted(text: string, field: string): PastedHolidays {
  const exceptions: CalendarException[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line.trim());
    if (typeof read !== 'string') exceptions.push(read);
    else {
      const params = { line: index + 1, text: line.trim().slice(0, 60) };
      return { exceptions: [], problems: [{ field, message: read, params }] };
    }
  }
  return { exceptions, problems: [] };
}

function readLine(line: string): CalendarException | string {
  const { from = '', to = from, name = '', yearly } = LINE.exec(line)?.groups ?? {};
  if (!isDate(from) || !isDate(to)) return 'calendars.problem.line';
  if (name.length > MAX_EXCEPTION_NAME) return 'calendars.problem.line-name';
  const problem = rangeProblem(from, to, yearly !== undefined);
  if (problem !== undefined) return `calendars.problem.line-${problem}`;
  return { name, from, to, yearly: yearly !== undefined, periods: [] };
}

/** True for a date that the calendar has: 2026-02-30 is none. */
export const isDate = (text: string): boolean => z.iso.date().safeParse(text).success;

/** What is wrong with a range of two dates. */
export function rangeProblem(
  from: string,
  to: string,
  yearly: boolean,
): 'order' | 'year' | undefined {
  if (to < from) return 'order';
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return yearly && days > MAX_YEARLY_DAYS ? 'year' : undefined;
}
