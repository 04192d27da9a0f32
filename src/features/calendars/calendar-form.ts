import { z } from 'zod';
import { isKnownZone } from '../../engines/routing/wall-clock.js';
import { parseFields, problem, textField } from '../../kernel/fields.js';
import type { FormBody } from '../../web/kit/index.js';
import type { CalendarDraft } from './calendar.js';
import { exceptionRows, inOrder, readExceptions, tooMany } from './exception-rows.js';
import { textOf } from './form-rows.js';
import { readPasted } from './pasted-holidays.js';
import { readWeek } from './week-rows.js';
import { weekValues } from './week-view.js';

const head = z.object({
  name: textField({ max: 80 }),
  zone: z.string('form.problem.choose').superRefine((zone, context) => {
    if (!isKnownZone(zone)) context.addIssue(problem('form.problem.choose'));
  }),
});

/**
 * The form: name, zone, rows of the week (`week.0.from` ...), rows of exceptions (`exceptions.0.name` ...) and a field to
 * paste holidays into, which are added to the rows. Problems of rows are named after their fields.
 */
export const calendarForm = z.custom<FormBody>().transform((body, context): CalendarDraft => {
  const parsed = parseFields(head, body);
  const week = readWeek(body);
  const typed = readExceptions(body);
  const pasted = readPasted(textOf(body, 'paste'), 'paste');
  const exceptions = inOrder([...typed.exceptions, ...pasted.exceptions]);
  const problems = [
    ...(parsed.ok ? [] : parsed.problems),
    ...week.problems,
    ...typed.problems,
    ...pasted.problems,
    ...tooMany(exceptions, pasted.exceptions.length > 0 ? 'paste' : 'exceptions'),
  ];
  for (const { field, message, params } of problems)
    context.addIssue({ ...problem(message, params), path: field.split('.') });
  if (!parsed.ok || problems.length > 0) return z.NEVER;
  return { ...parsed.values, weekly: week.weekly, exceptions };
});

/** What the form shows of a calendar, as it sends it. */
export const calendarValues = (calendar: CalendarDraft): Readonly<Record<string, unknown>> => ({
  name: calendar.name,
  zone: calendar.zone,
  ...weekValues(calendar.weekly),
  ...Object.fromEntries(
    exceptionRows(calendar.exceptions).flatMap((row, number) =>
      fieldsOf('exceptions', number, row),
    ),
  ),
});

const fieldsOf = (table: string, number: number, row: object): readonly [string, unknown][] =>
  Object.entries(row).map(([name, value]) => [`${table}.${String(number)}.${name}`, value]);
