import { z } from 'zod';
import type { CalendarException, WeeklyPeriod } from './calendar.js';

const dayPeriod = { fromMinute: z.int().min(0).max(1_439), toMinute: z.int().min(1).max(1_440) };
const weekly: z.ZodType<readonly WeeklyPeriod[]> = z.array(
  z.object({ days: z.array(z.int().min(1).max(7)).min(1), ...dayPeriod }),
);
const exceptions: z.ZodType<readonly CalendarException[]> = z.array(
  z.object({
    name: z.string(),
    from: z.iso.date(),
    to: z.iso.date(),
    yearly: z.boolean(),
    periods: z.array(z.object(dayPeriod)),
  }),
);

/** A column of type JSON, which MariaDB gives as text and MySQL as a value. */
const column = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** Week and exceptions as a table keeps them; throws on what never was a calendar. */
export const readCalendarColumns = (row: {
  readonly weekly: unknown;
  readonly exceptions: unknown;
}) => ({
  weekly: weekly.parse(column(row.weekly)),
  exceptions: exceptions.parse(column(row.exceptions)),
});
