import { siteDayOf, type SiteDay } from '../../kernel/site-day.js';
import {
  planOf,
  type Calendar,
  type CalendarException,
  type WeeklyPeriod,
} from '../routing/calendar.js';
import { calendarAt, type CalendarAnswer } from '../routing/next-change.js';
import { wallTime } from '../routing/wall-clock.js';

/** When people may be called, by the clock on their own wall. */
export interface DialHours {
  /** Every one of them must be open. */
  readonly weeks: readonly (readonly WeeklyPeriod[])[];
  /** Of the campaign's calendar: holidays, and days with hours of their own. They narrow the weeks, never widen them. */
  readonly exceptions: readonly CalendarException[];
}

/** What the hours say of an instant in a zone. */
export interface WindowState {
  readonly isOpen: boolean;
  /** The name of the day that keeps it closed; absent where the week does. */
  readonly holiday?: string;
  /** Until then nothing changes; undefined where it stays so. */
  readonly untilAt: number | undefined;
}

const ALWAYS: readonly WeeklyPeriod[] = [
  { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 },
];
/** Hours that are never all open at once are looked at so often, then they count as closed for good. */
const CHANGES_LOOKED_AT = 400;

/**
 * Hours in any zone; of a person who may be in several, they are open while they are in every one. Answers are remembered by
 * zone until the next change, because a campaign asks the same of each of a hundred thousand people. An unknown zone throws a
 * RangeError.
 */
export class DialWindows {
  readonly #states = new Map<string, { from: number; until: number; state: WindowState }>();
  readonly #openings = new Map<
    string,
    { from: number; until: number; openAt: number | undefined }
  >();
  readonly #days = new Map<string, { from: number; until: number; day: SiteDay }>();

  constructor(private readonly hours: DialHours) {}

  at(zones: readonly string[], now: number): WindowState {
    const key = zones.join();
    const known = this.#states.get(key);
    if (known !== undefined && now >= known.from && now < known.until) return known.state;
    const state = this.#stateOf(zones, now);
    this.#states.set(key, { from: now, until: state.untilAt ?? Infinity, state });
    return state;
  }

  /** The first instant from `now` on (included) at which it is open; undefined where that never comes. */
  firstOpenAt(zones: readonly string[], now: number): number | undefined {
    if (this.at(zones, now).isOpen) return now;
    const key = zones.join();
    const known = this.#openings.get(key);
    if (known !== undefined && now >= known.from && now < known.until) return known.openAt;
    const openAt = this.#look(zones, now);
    this.#openings.set(key, { from: now, until: openAt ?? Infinity, openAt });
    return openAt;
  }

  /** The person's own calendar day; of a person who may be in several zones, all of it in any of them. */
  dayAt(zones: readonly string[], now: number): SiteDay {
    const key = zones.join();
    const known = this.#days.get(key);
    if (known !== undefined && now >= known.from && now < known.until) return known.day;
    const days = zones.map((zone) => siteDayOf(now, zone));
    const day = {
      startAt: Math.min(...days.map(({ startAt }) => startAt)),
      endAt: Math.max(...days.map(({ endAt }) => endAt)),
    };
    // It holds while no zone begins another day.
    const from = Math.max(...days.map(({ startAt }) => startAt));
    const until = Math.min(...days.map(({ endAt }) => endAt));
    this.#days.set(key, { from, until, day });
    return day;
  }

  #look(zones: readonly string[], now: number): number | undefined {
    let at: number | undefined = now;
    for (let looked = 0; looked < CHANGES_LOOKED_AT && at !== undefined; looked += 1) {
      const { isOpen, untilAt } = this.#stateOf(zones, at);
      if (isOpen) return at;
      at = untilAt;
    }
    return undefined;
  }

  #stateOf(zones: readonly string[], now: number): WindowState {
    const calendars = zones.flatMap((zone) => this.#calendars(zone));
    const answers = calendars.map((calendar) => calendarAt(calendar, now));
    const holiday = holidayOf(calendars, answers, now);
    return {
      isOpen: answers.every((one) => one.isOpen),
      untilAt: earliest(answers),
      ...(holiday === undefined ? {} : { holiday }),
    };
  }

  #calendars(zone: string): readonly Calendar[] {
    const { weeks, exceptions } = this.hours;
    const holidays = exceptions.length === 0 ? [] : [{ zone, weekly: ALWAYS, exceptions }];
    return [...weeks.map((weekly) => ({ zone, weekly, exceptions: [] })), ...holidays];
  }
}

/** The first instant at which any of them changes: until then their answer together stays as it is. */
function earliest(answers: readonly CalendarAnswer[]): number | undefined {
  const changes = answers.flatMap((one) =>
    one.nextChangeAt === undefined ? [] : one.nextChangeAt,
  );
  return changes.length === 0 ? undefined : Math.min(...changes);
}

/** The name of the day on which a calendar is closed that is always open but for its exceptions. */
function holidayOf(
  calendars: readonly Calendar[],
  answers: readonly CalendarAnswer[],
  now: number,
): string | undefined {
  for (const [at, calendar] of calendars.entries()) {
    if (calendar.exceptions.length === 0 || answers[at]?.isOpen !== false) continue;
    const name = planOf(calendar, wallTime(now, calendar.zone).date).exception?.name;
    if (name !== undefined) return name;
  }
  return undefined;
}
