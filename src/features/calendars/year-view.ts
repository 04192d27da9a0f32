import { planOf, type Calendar, type DayPlan } from '../../engines/routing/calendar.js';
import { addDays, weekdayOf } from '../../engines/routing/wall-clock.js';
import type { Language } from '../../kernel/call-event.js';

/** How a day of the year is tinted. */
export type DayLook = 'open' | 'closed' | 'holiday' | 'special';

/** One day of a month; undefined where the week has days of other months. */
export interface DayCell {
  readonly date: string;
  readonly day: number;
  readonly look: DayLook;
  /** Name of the exception, '' on ordinary days. */
  readonly name: string;
  readonly isToday: boolean;
}

export interface MonthView {
  readonly name: string;
  readonly weeks: readonly (readonly (DayCell | undefined)[])[];
}

export interface YearView {
  readonly year: number;
  /** Names of weekdays, Monday first: short for eyes, long for readers. */
  readonly weekdays: readonly { readonly short: string; readonly long: string }[];
  readonly months: readonly MonthView[];
}

/** Years that the strip can show; others are of no use, and dates of more than four digits are written differently. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/** What a day looks like. Days with hours of their own are special, also where these are the usual ones. */
export function lookOf(plan: DayPlan): DayLook {
  if (plan.exception) return plan.periods.length > 0 ? 'special' : 'holiday';
  return plan.periods.length > 0 ? 'open' : 'closed';
}

/** Twelve months of a calendar; `today` is an ISO date in its zone. */
export function yearView(
  calendar: Calendar,
  year: number,
  today: string,
  language: Language,
): YearView {
  const names = (width: 'long' | 'narrow', unit: 'month' | 'weekday') => {
    const format = new Intl.DateTimeFormat(language, { [unit]: width, timeZone: 'UTC' });
    return (month: number, day: number): string => format.format(Date.UTC(2024, month, day));
  };
  const month = names('long', 'month');
  const [short, long] = [names('narrow', 'weekday'), names('long', 'weekday')];
  return {
    year,
    // 1 January 2024 was a Monday.
    weekdays: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ short: short(0, day), long: long(0, day) })),
    months: Array.from({ length: 12 }, (_, index) => ({
      name: month(index, 1),
      weeks: weeksOf(calendar, year, index + 1, today),
    })),
  };
}

function weeksOf(calendar: Calendar, year: number, month: number, today: string) {
  const two = (part: number): string => String(part).padStart(2, '0');
  const first = `${String(year)}-${two(month)}-01`;
  const cells: (DayCell | undefined)[] = Array.from({ length: weekdayOf(first) - 1 });
  for (let date = first, day = 1; date.slice(5, 7) === two(month); day += 1) {
    const plan = planOf(calendar, date);
    const name = plan.exception?.name ?? '';
    cells.push({ date, day, look: lookOf(plan), name, isToday: date === today });
    date = addDays(date, 1);
  }
  while (cells.length % 7 > 0) cells.push(undefined);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
