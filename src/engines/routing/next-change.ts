import { isWholeDay, planOf, stateAt, type Calendar, type CalendarState } from './calendar.js';
import { addDays, instantsOf, nextClockChange, startOfDay, wallTime } from './wall-clock.js';

/**
 * How far ahead a change is looked for: four years and a leap day, so that what comes every year, also on 29 February, is
 * found. Past it a calendar counts as one that stays as it is.
 */
export const LOOK_AHEAD_DAYS = 1_500;

/** What a calendar says of an instant. */
export interface CalendarAnswer extends CalendarState {
  /** The first later instant (ms) at which it is open instead of closed, or closed instead of open; absent without end. */
  readonly nextChangeAt?: number;
}

/** Whether a calendar is open at an instant, why, and until when. An unknown zone throws a RangeError. */
export function calendarAt(calendar: Calendar, at: number): CalendarAnswer {
  const state = stateAt(calendar, at);
  const nextChangeAt = nextChange(calendar, at, state.isOpen);
  return nextChangeAt === undefined ? state : { ...state, nextChangeAt };
}

interface Day {
  readonly date: string;
  /** Open or closed all day; undefined where it changes within the day. */
  readonly whole: boolean | undefined;
  /** Instants at which the state may change; only read where some day around it is not whole. */
  readonly instants: () => readonly number[];
}

/**
 * Goes from day to day. Between two neighbouring instants at which a period begins or ends, a day begins, or the clock is
 * changed, the wall clock crosses no border: the first of them with another state is the change.
 */
function nextChange(calendar: Calendar, at: number, isOpen: boolean): number | undefined {
  const first = wallTime(at, calendar.zone).date;
  let [before, day, after] = [-1, 0, 1].map((days) => dayOf(calendar, addDays(first, days))) as [
    Day,
    Day,
    Day,
  ];
  const days = daysToLookAhead(calendar, first);
  for (let count = 0; count < days; count += 1) {
    // The neighbours count too: where the clock is put back over midnight, hours of one date come after the next began.
    if ([before, day, after].some((one) => one.whole !== isOpen)) {
      const found = changeWithin(calendar, at, isOpen, [before, day, after]);
      if (found !== undefined) return found;
    }
    [before, day, after] = [day, after, dayOf(calendar, addDays(after.date, 1))];
  }
  return undefined;
}

/** A week without exceptions repeats itself; after the last one that does not come every year, too. */
function daysToLookAhead({ exceptions }: Calendar, from: string): number {
  if (exceptions.some((one) => one.yearly)) return LOOK_AHEAD_DAYS;
  const last = exceptions.reduce((latest, { to }) => (to > latest ? to : latest), from);
  return Math.min(LOOK_AHEAD_DAYS, (Date.parse(last) - Date.parse(from)) / 86_400_000 + 9);
}

function dayOf(calendar: Calendar, date: string): Day {
  const plan = planOf(calendar, date);
  return {
    date,
    whole: isWholeDay(plan) ? plan.periods.length > 0 : undefined,
    instants: () =>
      plan.periods.flatMap((period) =>
        [period.fromMinute, period.toMinute].flatMap((minute) =>
          instantsOf(date, minute, calendar.zone),
        ),
      ),
  };
}

/** The first change from the beginning of the middle day up to the beginning of the last. */
function changeWithin(
  calendar: Calendar,
  at: number,
  isOpen: boolean,
  days: readonly [Day, Day, Day],
): number | undefined {
  const from = startOfDay(days[1].date, calendar.zone);
  const until = startOfDay(days[2].date, calendar.zone);
  const clockChange = nextClockChange(from - 1, calendar.zone);
  const instants = [
    from,
    ...(clockChange === undefined ? [] : [clockChange]),
    ...days.flatMap((day) => instantsOf(day.date, 0, calendar.zone)),
    ...days.flatMap((day) => day.instants()),
  ];
  return instants
    .filter((instant) => instant > at && instant >= from && instant < until)
    .sort((a, b) => a - b)
    .find((instant) => stateAt(calendar, instant).isOpen !== isOpen);
}
