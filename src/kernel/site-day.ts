import { Temporal } from 'temporal-polyfill';

/** A calendar day of the site: from `startAt` up to, not including, `endAt` (ms since the epoch). */
export interface SiteDay {
  readonly startAt: number;
  readonly endAt: number;
}

/** The day in which an instant falls in a zone. Days of clock changes have 23 or 25 hours. */
export function siteDayOf(at: number, zone: string): SiteDay {
  const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).startOfDay();
  return {
    startAt: start.epochMilliseconds,
    endAt: start.add({ days: 1 }).startOfDay().epochMilliseconds,
  };
}

/** Before this day there was no telephone system of this kind: what an address asks for is no day of the site. */
const FIRST_YEAR = 2000;

/** The name of the day in which an instant falls: `2026-11-26`. */
export const dayNameOf = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** `days` may be negative. */
export const daysBehind = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** From midnight to midnight by the clock of the site; undefined for what is no day that has begun. */
export function spanOfDay(day: string, zone: string, now: number): SiteDay | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  try {
    const date = Temporal.PlainDate.from(day, { overflow: 'reject' });
    const startAt = date.toZonedDateTime(zone).startOfDay().epochMilliseconds;
    const endAt = date.add({ days: 1 }).toZonedDateTime(zone).startOfDay().epochMilliseconds;
    return startAt > now || date.year < FIRST_YEAR ? undefined : { startAt, endAt };
  } catch {
    // Not a date of the calendar: 2026-02-30.
    return undefined;
  }
}
