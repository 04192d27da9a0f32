import type { Calendar } from '../../engines/routing/calendar.js';
import type { CalendarId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** A calendar as its form sets it. */
export interface CalendarDraft extends Calendar {
  readonly name: string;
}

export interface StoredCalendar extends Versioned<CalendarId>, CalendarDraft {}

export const CALENDAR_SORTS = ['name', 'zone', 'updated'] as const;
export type CalendarSort = (typeof CALENDAR_SORTS)[number];

/** Rows of the week and of exceptions at most; a form of more has more fields than a request may have. */
export const MAX_WEEKLY = 20;
export const MAX_EXCEPTIONS = 150;

/** What a new calendar begins with. */
export const newCalendar = (zone: string): CalendarDraft => ({
  name: '',
  zone,
  weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60 }],
  exceptions: [],
});
