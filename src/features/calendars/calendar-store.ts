import type { CalendarId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { CalendarDraft, CalendarSort, StoredCalendar } from './calendar.js';

/** Calendars by name. */
export type CalendarStore = VersionedStore<CalendarId, CalendarDraft, StoredCalendar, CalendarSort>;
