import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { periodSchema } from './flow.js';

export type OpeningPeriod = z.infer<typeof periodSchema>;

/** When somebody is there: weekly periods by the wall clock of the site, and dates that are closed all day. */
export interface OpeningHours {
  readonly periods: readonly OpeningPeriod[];
  /** ISO dates (`2026-12-25`) in the site's zone. */
  readonly closedDates: readonly string[];
}

/** What the clock on the site's wall shows. */
export interface WallTime {
  readonly date: string;
  /** ISO weekday: 1 is Monday. */
  readonly weekday: number;
  /** Minutes since midnight as the clock shows them, also on days on which the clock is changed. */
  readonly minute: number;
}

/** True where the runtime knows the IANA zone. */
export function isKnownZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The wall time of an instant.
 * @param at - milliseconds since the Unix epoch
 * @param zone - IANA zone; an unknown one throws a RangeError
 */
export function wallTime(at: number, zone: string): WallTime {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone);
  return {
    date: local.toPlainDate().toString(),
    weekday: local.dayOfWeek,
    minute: local.hour * 60 + local.minute,
  };
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
