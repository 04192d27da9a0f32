import { Temporal } from 'temporal-polyfill';

/** Minutes since midnight on the clock of the site: from `fromMin` up to, not including, `toMin`, which may be tomorrow. */
export interface QuietHours {
  readonly fromMin: number;
  readonly toMin: number;
}

/** Whether nobody is to be told now. Begin and end alike mean that there are no quiet hours. */
export function isQuiet({ fromMin, toMin }: QuietHours, at: number, zone: string): boolean {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const now = hour * 60 + minute;
  return fromMin <= toMin ? now >= fromMin && now < toMin : now >= fromMin || now < toMin;
}
