import type { Language } from '../../kernel/call-event.js';
import { plainText } from './decimal.js';
import { numberPiece, piece, type SoundRef } from './sound.js';

export type ClockHours = 12 | 24;

/**
 * A time of day: two thirty p.m., noon; fourteen thirty; 下午两点三十分. `value` is HH:MM, also with seconds, which are not
 * said, and with am or pm.
 */
export function timePhrase(
  language: Language,
  value: string,
  clock: ClockHours,
): readonly SoundRef[] | undefined {
  const time = readTime(value);
  if (time === undefined) return undefined;
  return language === 'en' ? english(time, clock) : mandarin(time, clock);
}

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

function readTime(value: string): TimeOfDay | undefined {
  const pattern =
    /^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?$/i;
  const [, hourText, minuteText, half] = pattern.exec(plainText(value)) ?? [];
  if (hourText === undefined) return undefined;
  const minute = Number(minuteText);
  const hour = Number(hourText);
  if (minute > 59) return undefined;
  if (half === undefined) return hour > 23 ? undefined : { hour, minute };
  if (hour < 1 || hour > 12) return undefined;
  return { hour: (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minute };
}

function english({ hour, minute }: TimeOfDay, clock: ClockHours): readonly SoundRef[] {
  if (minute === 0 && hour === 0) return [piece('midnight')];
  if (minute === 0 && hour === 12) return [piece('noon')];
  const minutes = [...(minute < 10 ? [piece('oh')] : []), numberPiece(minute)];
  if (clock === 24) return [numberPiece(hour), ...(minute === 0 ? [piece('hundred')] : minutes)];
  const half = piece(hour < 12 ? 'am' : 'pm');
  return [numberPiece(hour % 12 === 0 ? 12 : hour % 12), ...(minute === 0 ? [] : minutes), half];
}

function mandarin({ hour, minute }: TimeOfDay, clock: ClockHours): readonly SoundRef[] {
  const zero = minute < 10 ? [numberPiece(0)] : [];
  const minutes = minute === 0 ? [] : [...zero, numberPiece(minute), piece('minute')];
  if (clock === 24) return [piece(`hour-${String(hour)}`), ...minutes];
  const half = piece(hour < 12 ? 'am' : hour === 12 ? 'noon' : 'pm');
  return [half, piece(`hour-${String(hour > 12 ? hour - 12 : hour)}`), ...minutes];
}
