import { expect } from 'chai';
import fc from 'fast-check';
import {
  notReadyStretches,
  notReadyTime,
  overLimitAt,
  type StateMark,
} from '../../../src/engines/reporting/not-ready-time.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';

const HOUR = 3_600_000;
const ZONE = 'Europe/London';
const mark = (at: number): fc.Arbitrary<StateMark> =>
  fc.record({
    at: fc.constant(at),
    state: fc.constantFrom('not-ready', 'available', 'talking', 'signed-out'),
    reason: fc.constantFrom('break', 'lunch', ''),
  });
const START = Date.parse('2026-10-24T00:00:00Z');
/** Marks over three days around the night in which London's clocks go back. */
const marks = fc
  .array(fc.integer({ min: START, max: START + 72 * HOUR }), { maxLength: 40 })
  .chain((times) => fc.tuple(...[...new Set(times)].map(mark)));

const total = (given: readonly StateMark[], range: { startAt: number; endAt: number }): number =>
  [...notReadyTime(notReadyStretches(given, range)).values()].reduce((a, b) => a + b, 0);

describe('time not ready', () => {
  it('never exceeds the range, and stretches lie in it, in order, without touching each other', () => {
    fc.assert(
      fc.property(marks, fc.nat(60 * HOUR), fc.nat(12 * HOUR), (given, from, length) => {
        const range = { startAt: START + from, endAt: START + from + length };
        const stretches = notReadyStretches(given, range);
        let end = range.startAt;
        for (const one of stretches) {
          expect(one.startAt).to.be.at.least(end);
          expect(one.endAt).to.be.greaterThan(one.startAt);
          end = one.endAt;
        }
        expect(end).to.be.at.most(Math.max(range.startAt, range.endAt));
      }),
    );
  });

  it('is the same for a range and for its parts together, wherever it is cut: also at midnight', () => {
    fc.assert(
      fc.property(marks, fc.nat(24 * HOUR), fc.nat(24 * HOUR), (given, a, b) => {
        const range = { startAt: START, endAt: START + a + b };
        const cut = START + a;
        expect(total(given, range)).to.equal(
          total(given, { ...range, endAt: cut }) + total(given, { ...range, startAt: cut }),
        );
      }),
    );
  });

  it('does not depend on the order in which marks are given', () => {
    fc.assert(
      fc.property(marks, (given) => {
        const range = { startAt: START, endAt: START + 48 * HOUR };
        expect(notReadyStretches(given.toReversed(), range)).to.deep.equal(
          notReadyStretches(given, range),
        );
      }),
    );
  });

  it('counts from midnight on what began before it, never from the first pause ever', () => {
    const day = siteDayOf(Date.parse('2026-11-24T10:00:00Z'), ZONE);
    const given = [
      { at: day.startAt - 50 * HOUR, state: 'not-ready', reason: 'break' },
      { at: day.startAt - 49 * HOUR, state: 'available', reason: '' },
      { at: day.startAt - HOUR, state: 'not-ready', reason: 'break' },
      { at: day.startAt + HOUR, state: 'available', reason: '' },
      { at: day.startAt + 2 * HOUR, state: 'not-ready', reason: 'lunch' },
    ];
    const until = { startAt: day.startAt, endAt: day.startAt + 3 * HOUR };
    expect([...notReadyTime(notReadyStretches(given, until))]).to.deep.equal([
      ['break', HOUR],
      ['lunch', HOUR],
    ]);
  });

  for (const [date, hours] of [
    ['2026-10-25', 25],
    ['2026-03-29', 23],
    ['2026-11-24', 24],
  ] as const)
    it(`fills ${date}, which has ${String(hours)} hours in London`, () => {
      const day = siteDayOf(Date.parse(`${date}T12:00:00Z`), ZONE);
      const given = [{ at: day.startAt - HOUR, state: 'not-ready', reason: 'break' }];
      expect(total(given, day)).to.equal(hours * HOUR);
    });

  it('passes the limit that ends first; what is used already shortens the day’s', () => {
    const now = { since: 1_000, countedFrom: 1_000, usedMs: 50 };
    expect(overLimitAt({ limitMs: 0, dayLimitMs: 0 }, now)).to.equal(undefined);
    expect(overLimitAt({ limitMs: 30, dayLimitMs: 0 }, now)).to.equal(1_030);
    expect(overLimitAt({ limitMs: 30, dayLimitMs: 60 }, now)).to.equal(1_010);
    expect(overLimitAt({ limitMs: 0, dayLimitMs: 40 }, now)).to.equal(1_000);
  });
});
