import { expect } from 'chai';
import { nextClockTime } from '../../../src/features/live-queues/actions/until.js';

const at = (text: string): number => Date.parse(text);
const next = (text: string, now: string, zone = 'Europe/London'): string => {
  const found = nextClockTime(text, at(now), zone);
  return found === undefined ? 'none' : new Date(found).toISOString();
};

describe('the next time that a clock shows', () => {
  it('is today, or tomorrow where it has passed or is now', () => {
    expect(next('17:30', '2026-11-26T10:00:00Z')).to.equal('2026-11-26T17:30:00.000Z');
    expect(next('09:00', '2026-11-26T10:00:00Z')).to.equal('2026-11-27T09:00:00.000Z');
    expect(next('10:00', '2026-11-26T10:00:00Z')).to.equal('2026-11-27T10:00:00.000Z');
    expect(next('00:00', '2026-11-26T23:59:59Z')).to.equal('2026-11-27T00:00:00.000Z');
  });

  it('is by the clock of the zone', () => {
    expect(next('17:30', '2026-11-26T10:00:00Z', 'Asia/Shanghai')).to.equal(
      '2026-11-27T09:30:00.000Z',
    );
  });

  it('is the one after where clocks skip it, and counts a day of 25 hours', () => {
    // 29 March 2026: 01:00 becomes 02:00.
    expect(next('01:30', '2026-03-29T00:10:00Z')).to.equal('2026-03-29T01:30:00.000Z');
    // 25 October 2026: 02:00 becomes 01:00.
    expect(next('09:00', '2026-10-24T12:00:00Z')).to.equal('2026-10-25T09:00:00.000Z');
  });

  it('is none for what is no time of day', () => {
    for (const text of ['', '24:00', '9:00', '12:60', 'noon', '12:00:00'])
      expect(next(text, '2026-11-26T10:00:00Z'), text).to.equal('none');
  });
});
