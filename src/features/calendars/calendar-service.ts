import type { Announcer } from '../../kernel/announcer.js';
import type { CalendarId } from '../../kernel/ids.js';
import { clockText, RowService } from '../configuration/index.js';
import type { CalendarOption, CalendarStore } from './calendar-store.js';
import type { CalendarDraft, CalendarSort, StoredCalendar } from './calendar.js';
import { hoursText } from './exception-rows.js';

const DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Calendars. One that an IVR flow asks for its opening hours cannot be archived. */
export class CalendarService extends RowService<
  CalendarId,
  CalendarDraft,
  StoredCalendar,
  CalendarSort
> {
  constructor(
    private readonly calendars: CalendarStore,
    announcer: Announcer,
  ) {
    super(calendars, announcer, {
      permission: 'calendars.edit',
      objectKind: 'calendar',
      announces: 'calendars',
      nameOf: (draft) => draft.name,
      describe: (draft) => ({
        name: draft.name,
        zone: draft.zone,
        week: draft.weekly.map(
          ({ days, fromMinute, toMinute }) =>
            `${days.map((day) => DAYS[day] ?? '').join(' ')} ${clockText(fromMinute)}–${clockText(toMinute)}`,
        ),
        exceptions: draft.exceptions.map(({ name, from, to, yearly, periods }) =>
          [yearly ? '*' : '', to === from ? from : `${from}..${to}`, name, hoursText(periods)]
            .filter((part) => part !== '')
            .join(' '),
        ),
      }),
    });
  }

  /** Those in use, by name, for forms that name one. */
  options(): Promise<readonly CalendarOption[]> {
    return this.calendars.options();
  }
}
