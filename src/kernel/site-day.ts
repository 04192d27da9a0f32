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
