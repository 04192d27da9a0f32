import type { Translate } from '../../web/kit/index.js';

/** Minutes since midnight of `9`, `9:00`, `09:00`, `0900` and `24:00`; undefined for anything else. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes = '0'] =
    /^(\d{1,2})(?::?(\d{2}))?$/.exec(text.replace('：', ':').trim()) ?? [];
  if (hours === undefined) return undefined;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= 1_440 ? minute : undefined;
}

/** `09:00`; `24:00` is the end of the day. */
export const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Weekdays (1 is Monday) in a row as `Mon–Fri`, others as a list. */
export function daysText(days: readonly number[], t: Translate): string {
  const sorted = [...days].sort((a, b) => a - b);
  const [first, last] = [sorted[0] ?? 1, sorted.at(-1) ?? 1];
  const name = (day: number): string => t(`flow.day.${String(day)}`);
  if (sorted.length > 2 && last - first === sorted.length - 1)
    return `${name(first)}–${name(last)}`;
  return sorted.map(name).join(' ');
}
