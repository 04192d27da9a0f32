import { stateAt, type Calendar } from '../routing/calendar.js';
import { calendarAt } from '../routing/next-change.js';
import { instantOf, instantOfIso, wallTime } from '../routing/wall-clock.js';

const MINUTE_MS = 60_000;
/** A calendar that is open less often is looked through no further. */
const LOOKED_AT = 2_000;

/** What is offered: every so many minutes of the wall clock, at the earliest in so long, while the calendar is open. */
export interface TimeRule {
  readonly everyMinutes: number;
  readonly leadMs: number;
  readonly count: number;
}

/** The first times that can be offered, in ms since the epoch, ascending. An unknown zone throws a RangeError. */
export function appointmentTimes(
  calendar: Calendar,
  now: number,
  rule: TimeRule,
): readonly number[] {
  const times: number[] = [];
  let at = onGrid(now + rule.leadMs, calendar.zone, rule.everyMinutes);
  for (let looked = 0; looked < LOOKED_AT && times.length < rule.count; looked += 1) {
    if (stateAt(calendar, at).isOpen) {
      times.push(at);
      at = onGrid(at + MINUTE_MS, calendar.zone, rule.everyMinutes);
      continue;
    }
    const { nextChangeAt } = calendarAt(calendar, at);
    if (nextChangeAt === undefined) break;
    at = onGrid(nextChangeAt, calendar.zone, rule.everyMinutes);
  }
  return times;
}

/** The first instant from `at` on at which the wall clock shows a multiple of so many minutes. */
function onGrid(at: number, zone: string, everyMinutes: number): number {
  const whole = Math.ceil(at / MINUTE_MS) * MINUTE_MS;
  const over = wallTime(whole, zone).minute % everyMinutes;
  return over === 0 ? whole : whole + (everyMinutes - over) * MINUTE_MS;
}

/**
 * A time that something else found, such as a look-up: `2026-11-30T10:00` or `2026-11-30 10:00` by the clock of a zone, or with a
 * zone of its own. Undefined for what is none, and for what has passed.
 */
export function appointmentAt(text: string, zone: string, now: number): number | undefined {
  const trimmed = text.trim().replace(' ', 'T');
  const at = instantOf(trimmed, zone) ?? instantOfIso(trimmed);
  return at !== undefined && at > now ? at : undefined;
}
