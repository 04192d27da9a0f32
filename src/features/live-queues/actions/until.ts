import { Temporal } from 'temporal-polyfill';

/**
 * The next instant at which a clock in the zone shows `17:30`: today, or tomorrow where that has passed. A time that the
 * change of clocks skips is the one after; undefined for what is no time of day.
 */
export function nextClockTime(text: string, now: number, zone: string): number | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const time = Temporal.PlainTime.from(text);
  const at = today.withPlainTime(time).epochMilliseconds;
  if (at > now) return at;
  return today.add({ days: 1 }).withPlainTime(time).epochMilliseconds;
}
