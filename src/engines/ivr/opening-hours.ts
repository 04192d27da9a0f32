import type { z } from 'zod';
import { wallTime } from '../routing/wall-clock.js';
import type { periodSchema } from './schema/deciding-steps.js';

export type OpeningPeriod = z.infer<typeof periodSchema>;

/** When somebody is there: weekly periods by the wall clock of the site, and dates that are closed all day. */
export interface OpeningHours {
  readonly periods: readonly OpeningPeriod[];
  /** ISO dates (`2026-12-25`) in the site's zone. */
  readonly closedDates: readonly string[];
}

/**
 * Whether the site is open at an instant. Periods are half-open (open at 9:00, closed at 17:00 sharp) and follow the
 * wall clock: an hour that the clock repeats in autumn counts both times, one that it skips in spring never comes.
 */
export function isOpenAt(hours: OpeningHours, at: number, zone: string): boolean {
  const { date, weekday, minute } = wallTime(at, zone);
  if (hours.closedDates.includes(date)) return false;
  return hours.periods.some(
    (period) =>
      period.days.includes(weekday) && minute >= period.fromMinute && minute < period.toMinute,
  );
}
