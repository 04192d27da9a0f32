import type { Because, CalendarException, WeeklyPeriod } from '../../engines/routing/calendar.js';
import { calendarAt, type CalendarAnswer } from '../../engines/routing/next-change.js';
import { formatWhen, type PageContext } from '../../web/kit/index.js';
import { clockText, daysText } from '../configuration/index.js';
import type { CalendarDraft } from './calendar.js';
import { hoursText } from './exception-rows.js';

type Reader = Pick<PageContext, 't' | 'language' | 'country'>;

/** `Mon–Fri 09:00–12:30`. */
export const periodText = (period: WeeklyPeriod, t: PageContext['t']): string =>
  `${daysText(period.days, t)} ${clockText(period.fromMinute)}–${clockText(period.toMinute)}`;

/** `Mon 28 Dec 2026, 09:00`, by the clock of the calendar. */
export function instantText(at: number, zone: string, page: Reader): string {
  const reader = { language: page.language, country: page.country, zone };
  return page.t('calendars.instant', {
    weekday: new Intl.DateTimeFormat(page.language, { weekday: 'short', timeZone: zone }).format(
      at,
    ),
    when: formatWhen(at, 'datetime', reader),
  });
}

/** An answer in words: the state as a chip, why, and until when. */
export function answerView(page: Reader, zone: string, answer: CalendarAnswer) {
  const { isOpen, nextChangeAt } = answer;
  const until = isOpen ? 'open' : 'closed';
  return {
    isOpen,
    state: page.t(`calendars.state.${until}`),
    why: becauseText(answer.because, isOpen, page.t),
    until:
      nextChangeAt === undefined
        ? page.t(`calendars.until.${until}.never`)
        : page.t(`calendars.until.${until}`, { when: instantText(nextChangeAt, zone, page) }),
  };
}

/** What the list and the page say of now. */
export const nowView = (page: Reader, calendar: CalendarDraft, at: number) =>
  answerView(page, calendar.zone, calendarAt(calendar, at));

function becauseText(because: Because, isOpen: boolean, t: PageContext['t']): string {
  switch (because.kind) {
    case 'weekly':
      return t('calendars.because.weekly', { period: periodText(because.period, t) });
    case 'exception':
      return exceptionText(because.exception, isOpen, t);
    case 'no-period':
      return t('calendars.because.no-period');
  }
}

function exceptionText(
  { name, periods }: CalendarException,
  isOpen: boolean,
  t: PageContext['t'],
): string {
  if (periods.length === 0) return t('calendars.because.holiday', { name });
  const kind = isOpen ? 'special-open' : 'special-closed';
  return t(`calendars.because.${kind}`, { name, hours: hoursText(periods) });
}

/** The week in words, one sentence a period. */
export const weekWords = (calendar: CalendarDraft, t: PageContext['t']): readonly string[] =>
  calendar.weekly.length === 0
    ? [t('calendars.words.never')]
    : calendar.weekly.map((period) => t('calendars.words.open', { period: periodText(period, t) }));
