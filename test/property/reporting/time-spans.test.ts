import { expect } from 'chai';
import fc from 'fast-check';
import {
  MOST_SPANS,
  SPAN_UNITS,
  spanBefore,
  spansOf,
} from '../../../src/engines/reporting/time-spans.js';

const ZONES = ['Europe/London', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'];
const HOUR_MS = 3_600_000;

describe('spans of time', () => {
  it('lie one right behind the other, cover the period, and are not empty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
        fc.integer({ min: 1, max: 40 * 24 * HOUR_MS }),
        fc.constantFrom(...SPAN_UNITS),
        fc.constantFrom(...ZONES),
        (fromAt, lengthMs, unit, zone) => {
          const spans = spansOf(fromAt, fromAt + lengthMs, unit, zone);
          for (const [n, span] of spans.entries()) {
            expect(span.endAt).to.be.greaterThan(span.startAt);
            if (n > 0) expect(spans[n - 1]?.endAt).to.equal(span.startAt);
          }
          if (spans.length < MOST_SPANS) expect(spans[0]?.startAt).to.be.lessThanOrEqual(fromAt);
          expect(spans.at(-1)?.endAt).to.be.at.least(fromAt + lengthMs);
        },
      ),
    );
  });

  it('have 23 and 25 hours on the days on which clocks change, each hour once', () => {
    const london = 'Europe/London';
    const day = (date: string) => {
      const [one] = spansOf(
        Date.parse(`${date}T12:00Z`),
        Date.parse(`${date}T12:01Z`),
        'day',
        london,
      );
      return one ?? { startAt: 0, endAt: 0 };
    };
    for (const [date, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
      ['2026-11-24', 24],
    ] as const) {
      const { startAt, endAt } = day(date);
      expect(spansOf(startAt, endAt, 'hour', london), date).to.have.length(hours);
      expect(spansOf(startAt, endAt, 'quarter', london), date).to.have.length(hours * 4);
    }
  });

  it('are compared with as many days before, and months with months', () => {
    const at = (text: string): number => Date.parse(`${text}T00:00Z`);
    const before = (from: string, to: string) =>
      spanBefore({ startAt: at(from), endAt: at(to) }, 'UTC').startAt;
    expect(before('2026-11-16', '2026-11-23')).to.equal(at('2026-11-09'));
    expect(before('2026-03-01', '2026-04-01')).to.equal(at('2026-02-01'));
    expect(before('2026-11-24', '2026-11-25')).to.equal(at('2026-11-23'));
  });
});
