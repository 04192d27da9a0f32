import { addDays, wallTime, weekdayOf } from './wall-clock.js';

/** Open from one minute of the wall clock up to, but not including, another; 1,440 is midnight at the end of the day. */
export interface DayPeriod {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The same period on several weekdays: 1 is Monday. */
export interface WeeklyPeriod extends DayPeriod {
  readonly days: readonly number[];
}

/** A date, or some in a row, on which the week does not count: a holiday, or a day with hours of its own. */
export interface CalendarException {
  readonly name: string;
  /** First and last ISO date, both included. */
  readonly from: string;
  readonly to: string;
  /** Counts in every year, by month and day; a range may go over New Year. 29 February comes in leap years only. */
  readonly yearly: boolean;
  /** Closed all day where there are none. */
  readonly periods: readonly DayPeriod[];
}

/**
 * When somebody is there, by the wall clock of a zone. An exception wins over the week; of several on one date the
 * narrowest wins: one of a certain year over a yearly one, then the shorter, then the first in the list.
 */
export interface Calendar {
  /** IANA zone; an unknown one makes every question throw a RangeError. */
  readonly zone: string;
  readonly weekly: readonly WeeklyPeriod[];
  readonly exceptions: readonly CalendarException[];
}

/** Why a calendar is open or closed at an instant. */
export type Because =
  | { readonly kind: 'weekly'; readonly period: WeeklyPeriod }
  | { readonly kind: 'exception'; readonly exception: CalendarException }
  | { readonly kind: 'no-period' };

export interface CalendarState {
  readonly isOpen: boolean;
  readonly because: Because;
}

/** What holds on one date. */
export interface DayPlan {
  readonly periods: readonly DayPeriod[];
  /** What makes this date differ from the week. */
  readonly exception?: CalendarException;
}

const DAY_MINUTES = 1_440;

/** What holds on an ISO date. */
export function planOf(calendar: Calendar, date: string): DayPlan {
  const exception = exceptionOn(calendar, date);
  if (exception) return { periods: exception.periods, exception };
  const weekday = weekdayOf(date);
  return { periods: calendar.weekly.filter((period) => period.days.includes(weekday)) };
}

/**
 * Whether a calendar is open at an instant (ms since the epoch), and why. Periods are half-open (open at 9:00, closed at
 * 17:00 sharp) and follow the wall clock: an hour that the clock repeats in autumn counts both times, one that it skips in
 * spring never comes.
 */
export function stateAt(calendar: Calendar, at: number): CalendarState {
  const { date, weekday, minute } = wallTime(at, calendar.zone);
  const exception = exceptionOn(calendar, date);
  if (exception)
    return {
      isOpen: exception.periods.some((period) => covers(period, minute)),
      because: { kind: 'exception', exception },
    };
  const period = calendar.weekly.find((one) => one.days.includes(weekday) && covers(one, minute));
  return period === undefined
    ? { isOpen: false, because: { kind: 'no-period' } }
    : { isOpen: true, because: { kind: 'weekly', period } };
}

const covers = (period: DayPeriod, minute: number): boolean =>
  minute >= period.fromMinute && minute < period.toMinute;

/** True where nothing changes within the day: open or closed from midnight to midnight. */
export function isWholeDay(plan: DayPlan): boolean {
  let covered = 0;
  for (const { fromMinute, toMinute } of plan.periods.toSorted(
    (a, b) => a.fromMinute - b.fromMinute,
  ))
    if (fromMinute <= covered) covered = Math.max(covered, toMinute);
  return plan.periods.length === 0 || covered >= DAY_MINUTES;
}

function exceptionOn(calendar: Calendar, date: string): CalendarException | undefined {
  let best: CalendarException | undefined;
  for (const one of calendar.exceptions)
    if (isOn(one, date) && (best === undefined || isNarrower(one, best))) best = one;
  return best;
}

/** True where an exception counts on an ISO date. */
export function isOn(exception: CalendarException, date: string): boolean {
  const { from, to, yearly } = exception;
  if (!yearly) return date >= from && date <= to;
  const [first, last, day] = [monthDay(from), monthDay(to), monthDay(date)];
  // Dates of a range over New Year are behind its first day or before its last.
  return from.slice(0, 4) === to.slice(0, 4)
    ? day >= first && day <= last
    : day >= first || day <= last;
}

const monthDay = (date: string): string => date.slice(5);

const isNarrower = (one: CalendarException, than: CalendarException): boolean =>
  one.yearly === than.yearly ? daysOf(one) < daysOf(than) : than.yearly;

/** Days of a range, both ends included; of any two ranges the longer one has more. */
const daysOf = ({ from, to }: CalendarException): number =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;

/** The next date from `date` on (included) on which an exception counts; undefined where none does within so many days. */
export function nextExceptionDay(
  calendar: Calendar,
  date: string,
  days: number,
): { readonly date: string; readonly exception: CalendarException } | undefined {
  for (let offset = 0, day = date; offset < days; offset += 1, day = addDays(day, 1)) {
    const exception = exceptionOn(calendar, day);
    if (exception) return { date: day, exception };
  }
  return undefined;
}
