import { expect } from 'chai';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isOpenAt, type OpeningHours } from '../../../src/engines/ivr/opening-hours.js';
import { wallTime } from '../../../src/engines/routing/wall-clock.js';

const zones = [
  'Europe/London',
  'America/New_York',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Etc/UTC',
];
const zone = fc.constantFrom(...zones);
const instant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });
const period = fc
  .record({
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    fromMinute: fc.integer({ min: 0, max: 1439 }),
    length: fc.integer({ min: 1, max: 1440 }),
  })
  .map(({ days, fromMinute, length }) => ({
    days,
    fromMinute,
    toMinute: Math.min(1440, fromMinute + length),
  }));
const hours: fc.Arbitrary<OpeningHours> = fc.record({
  periods: fc.array(period, { maxLength: 5 }),
  closedDates: fc.constant([]),
});
const nineToFive: OpeningHours = {
  periods: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 540, toMinute: 1020 }],
  closedDates: ['2026-12-25'],
};
const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

describe('opening hours', () => {
  it('shows the same wall time as the runtime, in every zone and season', () => {
    fc.assert(
      fc.property(instant, zone, (when, where) => {
        const shown = new Intl.DateTimeFormat('en-CA', {
          timeZone: where,
          hourCycle: 'h23',
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
        }).formatToParts(when);
        const part = (type: string): string =>
          shown.find((found) => found.type === type)?.value ?? '';
        const wall = wallTime(when, where);
        expect(wall.date).to.equal(`${part('year')}-${part('month')}-${part('day')}`);
        expect(wall.minute).to.equal(Number(part('hour')) * 60 + Number(part('minute')));
        expect(wall.weekday).to.equal(new Date(`${wall.date}T00:00:00Z`).getUTCDay() || 7);
      }),
    );
  });

  it('is open at the first minute and closed at the last, on days on which the clock changes too', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2026-07-01'])
      for (const [time, open] of [
        ['08:59:59.999', false],
        ['09:00:00', true],
        ['16:59:59.999', true],
        ['17:00:00', false],
      ] as const)
        expect(
          isOpenAt(nineToFive, at(`${day}T${time}[Europe/London]`), 'Europe/London'),
          `${day} ${time}`,
        ).to.equal(open);
  });

  it('counts an hour that the clock repeats both times, and never one that it skips', () => {
    const night: OpeningHours = {
      periods: [{ days: [7], fromMinute: 60, toMinute: 120 }],
      closedDates: [],
    };
    const open = (text: string): boolean => isOpenAt(night, Date.parse(text), 'Europe/London');
    // 25 October 2026: 01:30 comes at 00:30 UTC (summer time) and again at 01:30 UTC.
    expect([open('2026-10-25T00:30:00Z'), open('2026-10-25T01:30:00Z')]).to.deep.equal([
      true,
      true,
    ]);
    expect(open('2026-10-25T02:00:00Z')).to.equal(false);
    // 29 March 2026: the wall clock goes from 01:00 straight to 02:00.
    for (const minute of ['00:59', '01:00', '01:30'])
      expect(open(`2026-03-29T${minute}:00Z`)).to.equal(false);
  });

  it('is closed all day on a closed date of the site, which is another day elsewhere', () => {
    const china = 'Asia/Shanghai';
    expect(isOpenAt(nineToFive, at(`2026-12-25T10:00[${china}]`), china)).to.equal(false);
    expect(isOpenAt(nineToFive, at(`2026-12-25T10:00[${china}]`), 'America/New_York')).to.equal(
      false,
    );
    expect(isOpenAt(nineToFive, at(`2026-12-26T10:00[${china}]`), china)).to.equal(true);
  });

  it('never depends on the order of periods, and more periods never close', () => {
    fc.assert(
      fc.property(hours, period, instant, zone, (given, more, when, where) => {
        const open = isOpenAt(given, when, where);
        const turned = { ...given, periods: [...given.periods].reverse() };
        expect(isOpenAt(turned, when, where)).to.equal(open);
        const longer = { ...given, periods: [...given.periods, more] };
        if (open) expect(isOpenAt(longer, when, where)).to.equal(true);
      }),
    );
  });

  it('is open exactly as long as its periods say on every day without a change of the clock', () => {
    fc.assert(
      fc.property(period, fc.integer({ min: 0, max: 3_000 }), (one, offset) => {
        const day = Temporal.PlainDate.from('2022-01-01').add({ days: offset });
        const midnight = day.toZonedDateTime('Asia/Shanghai').epochMilliseconds;
        let minutes = 0;
        for (let minute = 0; minute < 1_440; minute += 1)
          if (
            isOpenAt(
              { periods: [one], closedDates: [] },
              midnight + minute * 60_000,
              'Asia/Shanghai',
            )
          )
            minutes += 1;
        const expected = one.days.includes(day.dayOfWeek) ? one.toMinute - one.fromMinute : 0;
        expect(minutes).to.equal(expected);
      }),
      { numRuns: 20 },
    );
  });
});
