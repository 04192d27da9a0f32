import type { CalendarId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { CalendarDraft, CalendarSort, StoredCalendar } from './calendar.js';

/** Calendars by name. */
export interface CalendarStore extends VersionedStore<
  CalendarId,
  CalendarDraft,
  StoredCalendar,
  CalendarSort
> {
  /** Those in use, by name, for forms that name one. */
  options(): Promise<readonly CalendarOption[]>;
}

export interface CalendarOption {
  readonly id: CalendarId;
  readonly name: string;
}
