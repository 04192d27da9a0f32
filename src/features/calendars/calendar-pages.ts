import { nextExceptionDay } from '../../engines/routing/calendar.js';
import { wallTime } from '../../engines/routing/wall-clock.js';
import type { Clock } from '../../kernel/clock.js';
import { formatWhen, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { rowPages, type TargetStore, type UsageReports } from '../configuration/index.js';
import { calendarForm, calendarValues } from './calendar-form.js';
import type { CalendarReports } from './calendar-reports.js';
import type { CalendarService } from './calendar-service.js';
import { nowView, weekWords } from './calendar-words.js';
import { CALENDAR_SORTS, MAX_EXCEPTIONS, newCalendar, type StoredCalendar } from './calendar.js';
import { exceptionRows, typedExceptions, type ExceptionRow } from './exception-rows.js';
import type { LiveView } from '../../telephony/live.js';
import { previewView, yearStripView } from './preview-view.js';
import { numbered, weekView, withEmpty, zoneOptions } from './week-view.js';

/** What the pages are made of. */
export interface CalendarPagesParts {
  readonly service: CalendarService;
  readonly reports: CalendarReports;
  readonly usage: UsageReports;
  readonly targets: TargetStore;
  readonly live: LiveView;
  readonly clock: Clock;
}

/** How far ahead the list looks for the next exception, in days. */
const EXCEPTION_DAYS = 366;

/** The set-up pages of calendars. */
export const calendarPages = (parts: CalendarPagesParts): PageRoutes =>
  rowPages({
    name: 'calendars',
    permission: 'calendars.edit',
    service: parts.service,
    schema: calendarForm,
    list: {
      sorts: CALENDAR_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'calendars.form.name', sort: 'name' },
        { label: 'calendars.column.now' },
        { label: 'calendars.column.next-exception' },
        { label: 'calendars.form.zone', sort: 'zone' },
        { label: 'configuration.uses', numeric: true },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: (page, calendars) => listRows(page, parts, calendars),
      data: () => ({ styles: ['calendars'] }),
    },
    title: (_page, calendar) => calendar.name,
    newValues: (page) => calendarValues(newCalendar(page.zone)),
    values: (_page, calendar) => calendarValues(calendar),
    data: (page, calendar) => editData(page, parts, calendar),
    create: (page, values) => parts.service.create(page.actor, values),
    created: (page, id) =>
      page.redirect(`/setup/calendars/${String(id)}`, { message: 'calendars.created' }),
    save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
    uses: (calendar) => parts.usage.ofCalendar(calendar.id),
  });

async function listRows(
  page: PageContext,
  parts: CalendarPagesParts,
  calendars: readonly StoredCalendar[],
) {
  const now = parts.clock.now();
  return Promise.all(
    calendars.map(async (calendar) => ({
      zone: calendar.zone,
      now: nowView(page, calendar, now),
      nextException: nextException(page, calendar, now),
      uses: (await parts.usage.ofCalendar(calendar.id)).length,
      updatedAt: calendar.updatedAt,
    })),
  );
}

/** `25 Dec 2026 Christmas Day`; '' where none comes within a year. */
function nextException(page: PageContext, calendar: StoredCalendar, now: number): string {
  if (calendar.exceptions.length === 0) return '';
  const next = nextExceptionDay(calendar, wallTime(now, calendar.zone).date, EXCEPTION_DAYS);
  if (next === undefined) return '';
  const day = formatWhen(new Date(`${next.date}T00:00Z`), 'date', { ...page, zone: 'UTC' });
  return `${day} ${next.exception.name}`;
}

async function editData(
  page: PageContext,
  parts: CalendarPagesParts,
  calendar: StoredCalendar | undefined,
) {
  const now = parts.clock.now();
  const shown = calendar ?? newCalendar(page.zone);
  // A form that came back shows the rows that were typed.
  const isTyped = page.body['zone'] !== undefined;
  const exceptions = isTyped
    ? typedExceptions(page.body)
    : numbered(exceptionRows(shown.exceptions));
  return {
    styles: ['calendars'],
    zones: zoneOptions(page.zone, shown.zone),
    maxExceptions: MAX_EXCEPTIONS,
    week: weekView(page, isTyped ? undefined : shown.weekly),
    exceptions: withEmpty(exceptions, isFilledException, NO_EXCEPTION).map(([at, row]) => ({
      ...row,
      at,
    })),
    ...(calendar && {
      words: weekWords(calendar, page.t),
      preview: await previewView(page, calendar, parts, now),
      year: yearStripView(page, calendar, now),
    }),
  };
}

const NO_EXCEPTION: ExceptionRow = { name: '', from: '', to: '', yearly: false, hours: '' };
const isFilledException = (row: ExceptionRow): boolean =>
  [row.name, row.from, row.to, row.hours].some((text) => text !== '');
