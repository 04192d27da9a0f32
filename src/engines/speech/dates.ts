import type { Language } from '../../kernel/call-event.js';
import { plainText } from './decimal.js';
import { englishYear } from './english-numbers.js';
import { figures, piece, type SoundRef } from './sound.js';

const DAY_MS = 86_400_000;
/** Days around today that have a name of their own. */
const NEAR: Readonly<Record<string, string>> = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' };

/**
 * A date: Tuesday, the 24th of November 2026; 二零二六年十一月二十四日，星期二. `value` is an ISO date, also with a time
 * behind it. With `today` (an ISO date) the days around it are said as yesterday, today and tomorrow.
 */
export function datePhrase(
  language: Language,
  value: string,
  today?: string,
): readonly SoundRef[] | undefined {
  const date = readDate(value);
  if (date === undefined) return undefined;
  const near = today === undefined ? undefined : nearDay(date, readDate(today));
  if (near !== undefined) return [piece(near)];
  const weekday = piece(`weekday-${String(date.getUTCDay() === 0 ? 7 : date.getUTCDay())}`);
  const day = piece(`day-${String(date.getUTCDate())}`);
  const month = piece(`month-${String(date.getUTCMonth() + 1)}`);
  const year = date.getUTCFullYear();
  return language === 'en'
    ? [weekday, day, month, ...englishYear(year)]
    : [...figures(String(year)), piece('year'), month, day, weekday];
}

function nearDay(date: Date, today: Date | undefined): string | undefined {
  if (today === undefined) return undefined;
  return NEAR[String(Math.round((date.getTime() - today.getTime()) / DAY_MS))];
}

/** Years 1 to 9999; a day that its month does not have is no date. */
function readDate(value: string): Date | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?$/.exec(plainText(value)) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const text = `${year}-${month ?? ''}-${day ?? ''}`;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text) ? undefined : date;
}
