import { expect } from 'chai';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  isOn,
  planOf,
  stateAt,
  type Calendar,
  type CalendarException,
} from '../../../src/engines/routing/calendar.js';
import { calendarAt } from '../../../src/engines/routing/next-change.js';
import { addDays, wallTime } from '../../../src/engines/routing/wall-clock.js';
import {
  calendarArbitrary,
  exceptionArbitrary,
  instantArbitrary,
  officeHours,
  weeklyPeriodArbitrary,
  zoneArbitrary,
} from '../../support/calendars.js';

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const london = (text: string): number => at(`${text}[Europe/London]`);
const wall = (instant: number | undefined, zone = 'Europe/London'): string | undefined =>
  instant === undefined
    ? undefined
    : Temporal.Instant.fromEpochMilliseconds(instant)
        .toZonedDateTimeISO(zone)
        .toPlainDateTime()
        .toString();
const whole: Calendar = {
  zone: 'Europe/London',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }],
  exceptions: [],
};
const exception = (changes: Partial<CalendarException>): CalendarException => ({
  name: 'X',
  from: '2026-12-25',
  to: '2026-12-25',
  yearly: false,
  periods: [],
  ...changes,
});

describe('a calendar', () => {
  it('is open from the first minute of a period up to the last, with the lunch hour between two of them', () => {
    for (const [time, isOpen, until] of [
      ['08:59:59.999', false, '09:00:00'],
      ['09:00:00', true, '12:30:00'],
      ['12:29:59.999', true, '12:30:00'],
      ['12:30:00', false, '13:30:00'],
      ['13:30:00', true, '17:00:00'],
    ] as const) {
      const answer = calendarAt(officeHours, london(`2026-11-25T${time}`));
      expect(answer.isOpen, time).to.equal(isOpen);
      expect(wall(answer.nextChangeAt), time).to.equal(`2026-11-25T${until}`);
    }
  });

  it('names the period, the exception, or that there is none', () => {
    const because = (text: string) => calendarAt(officeHours, london(text)).because;
    expect(because('2026-11-25T10:00')).to.deep.equal({
      kind: 'weekly',
      period: officeHours.weekly[0],
    });
    expect(because('2026-11-28T10:00')).to.deep.equal({ kind: 'no-period' });
    expect(because('2028-12-25T10:00')).to.deep.equal({
      kind: 'exception',
      exception: officeHours.exceptions[0],
    });
  });

  it('opens again after the holidays, over the days of the exceptions', () => {
    const eve = calendarAt(officeHours, london('2026-12-24T12:00'));
    expect(eve.isOpen).to.equal(false);
    expect(wall(eve.nextChangeAt)).to.equal('2026-12-28T09:00:00');
    expect(calendarAt(officeHours, london('2026-12-24T11:59')).isOpen).to.equal(true);
  });

  it('is open over midnight where one day ends at 24:00 and the next begins at 0:00', () => {
    const night: Calendar = {
      ...officeHours,
      weekly: [
        { days: [5], fromMinute: 1_320, toMinute: 1_440 },
        { days: [6], fromMinute: 0, toMinute: 360 },
      ],
    };
    const answer = calendarAt(night, london('2026-11-27T23:00'));
    expect(answer.isOpen).to.equal(true);
    expect(wall(answer.nextChangeAt)).to.equal('2026-11-28T06:00:00');
  });

  it('never changes where nothing ever does, and finds what comes years later', () => {
    expect(calendarAt(whole, london('2026-11-25T10:00')).nextChangeAt).to.equal(undefined);
    const leap = {
      ...whole,
      exceptions: [exception({ from: '2024-02-29', to: '2024-02-29', yearly: true })],
    };
    expect(wall(calendarAt(leap, london('2024-03-01T00:00')).nextChangeAt)).to.equal(
      '2028-02-29T00:00:00',
    );
  });

  it('lets yearly ranges go over New Year', () => {
    const range = exception({ from: '2026-12-27', to: '2027-01-02', yearly: true });
    const on = (date: string): boolean => isOn(range, date);
    for (const date of ['2026-12-27', '2030-12-31', '2031-01-02', '2026-01-01'])
      expect(on(date), date).to.equal(true);
    for (const date of ['2026-12-26', '2031-01-03', '2027-06-01'])
      expect(on(date), date).to.equal(false);
  });

  it('lets the narrowest exception win: a certain year over every year, then the shorter, then the first', () => {
    const yearly = exception({ name: 'every year', yearly: true });
    const long = exception({ name: 'long', from: '2026-12-20', to: '2026-12-31' });
    const day = exception({ name: 'day' });
    const twin = exception({ name: 'twin' });
    const winner = (...exceptions: CalendarException[]) =>
      planOf({ ...whole, exceptions }, '2026-12-25').exception?.name;
    expect(winner(yearly, long)).to.equal('long');
    expect(winner(long, day, twin)).to.equal('day');
    expect(winner(twin, day)).to.equal('twin');
  });

  it('counts an hour that the clock repeats both times, and none that it skips', () => {
    const night: Calendar = {
      ...officeHours,
      weekly: [{ days: [7], fromMinute: 60, toMinute: 120 }],
    };
    const open = (text: string): boolean => stateAt(night, Date.parse(text)).isOpen;
    expect([open('2026-10-25T00:30:00Z'), open('2026-10-25T01:30:00Z')]).to.deep.equal([
      true,
      true,
    ]);
    const repeated = calendarAt(night, Date.parse('2026-10-25T00:30:00Z'));
    expect(repeated.nextChangeAt).to.equal(Date.parse('2026-10-25T02:00:00Z'));
    for (const minute of ['00:59', '01:00', '01:30'])
      expect(open(`2026-03-29T${minute}:00Z`)).to.equal(false);
    const skipped = calendarAt(night, Date.parse('2026-03-29T00:00:00Z'));
    expect(wall(skipped.nextChangeAt)).to.equal('2026-04-05T01:00:00');
  });
});

describe('any calendar at any instant', () => {
  it('is, on a date with an exception, what the exception says, whatever the week has', () => {
    fc.assert(
      fc.property(
        calendarArbitrary,
        exceptionArbitrary,
        fc.array(weeklyPeriodArbitrary, { maxLength: 3 }),
        instantArbitrary,
        (calendar, one, weekly, when) => {
          const with1 = { ...calendar, exceptions: [one] };
          const { date, minute } = wallTime(when, calendar.zone);
          fc.pre(isOn(one, date));
          const state = stateAt(with1, when);
          expect(state).to.deep.equal(stateAt({ ...with1, weekly }, when));
          expect(state.because.kind).to.equal('exception');
          expect(state.isOpen).to.equal(
            one.periods.some((p) => minute >= p.fromMinute && minute < p.toMinute),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is without exceptions what its week says, in any order of periods', () => {
    fc.assert(
      fc.property(calendarArbitrary, instantArbitrary, (calendar, when) => {
        const plain = { ...calendar, exceptions: [] };
        const turned = { ...plain, weekly: plain.weekly.toReversed() };
        expect(stateAt(turned, when).isOpen).to.equal(stateAt(plain, when).isOpen);
      }),
    );
  });

  it('changes exactly at the next change: another state there, the same until then', () => {
    fc.assert(
      fc.property(
        calendarArbitrary,
        instantArbitrary,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (calendar, when, shares) => {
          const { isOpen, nextChangeAt: next } = calendarAt(calendar, when);
          const until = next ?? when + 400 * 86_400_000;
          const open = (instant: number): boolean => stateAt(calendar, instant).isOpen;
          if (next !== undefined) {
            expect(next).to.be.greaterThan(when);
            expect(open(next)).to.equal(!isOpen);
            expect(open(next - 1)).to.equal(isOpen);
          }
          for (const share of shares)
            expect(open(Math.floor(when + (until - 1 - when) * share))).to.equal(isOpen);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('agrees with a look at every minute, on the days on which the clock is changed', () => {
    const change = fc.constantFrom(
      ['Europe/London', '2026-03-29'],
      ['Europe/London', '2026-10-25'],
      ['America/Havana', '2026-03-08'],
      ['America/Havana', '2026-11-01'],
      ['Asia/Beirut', '2026-10-25'],
      ['Australia/Lord_Howe', '2026-04-05'],
    );
    fc.assert(
      fc.property(calendarArbitrary, change, (any, [zone = '', date = '']) => {
        const calendar = { ...any, zone };
        const from = at(`${addDays(date, -1)}T12:00[${zone}]`);
        let next = calendarAt(calendar, from).nextChangeAt ?? Number.POSITIVE_INFINITY;
        let isOpen = stateAt(calendar, from).isOpen;
        for (let instant = from; instant < from + 48 * 3_600_000; instant += 60_000) {
          if (instant >= next) {
            expect(instant).to.equal(next);
            isOpen = !isOpen;
            next = calendarAt(calendar, instant).nextChangeAt ?? Number.POSITIVE_INFINITY;
          }
          expect(stateAt(calendar, instant).isOpen).to.equal(isOpen);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('shows the same wall clock everywhere: shifting the zone only shifts the instants', () => {
    fc.assert(
      fc.property(calendarArbitrary, zoneArbitrary, instantArbitrary, (calendar, zone, when) => {
        const local = Temporal.Instant.fromEpochMilliseconds(when)
          .toZonedDateTimeISO(calendar.zone)
          .toPlainDateTime();
        const there = local.toZonedDateTime(zone);
        fc.pre(there.toPlainDateTime().equals(local));
        expect(stateAt({ ...calendar, zone }, there.epochMilliseconds)).to.deep.equal(
          stateAt(calendar, when),
        );
      }),
    );
  });
});
