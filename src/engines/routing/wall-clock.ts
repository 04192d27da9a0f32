import { Temporal } from 'temporal-polyfill';

/** What the clock on a wall shows. */
export interface WallTime {
  /** ISO date (`2026-12-25`). */
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

/** The date so many days later; a RangeError for what is no ISO date. */
export const addDays = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();

/** ISO weekday of an ISO date: 1 is Monday. */
export const weekdayOf = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek;

/** The first instant of a date, in ms since the epoch: midnight, or what follows where the clock skips it. */
export const startOfDay = (date: string, zone: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

/**
 * The instants at which the wall clock shows a minute of a date: one, two where the hour is repeated, and for a skipped
 * time what it would have been by the clock before and after. Minute 1,440 is the midnight at the end of the date.
 */
export function instantsOf(date: string, minute: number, zone: string): readonly number[] {
  const local = Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: minute });
  return (['earlier', 'later'] as const).map(
    (disambiguation) => local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
  );
}

/** `2026-11-25T10:42`, as the clock on the wall shows it. */
export const wallText = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });

/**
 * When the wall clock shows `2026-11-25T10:42`, in ms since the epoch: of a time that it skips the one after, of one that it
 * repeats the first; undefined for what is no time.
 */
export function instantOf(wall: string, zone: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(wall)) return undefined;
  try {
    return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The instant of `2026-11-24T15:04:05Z` or `...+08:00`, in ms since the epoch; undefined for what is none. */
export function instantOfIso(text: string): number | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first instant after `at` at which the clock is changed; undefined where the zone changes it no more. */
export const nextClockChange = (at: number, zone: string): number | undefined =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next')?.epochMilliseconds;
