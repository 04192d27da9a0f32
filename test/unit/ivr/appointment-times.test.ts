import { expect } from 'chai';
import { appointmentAt, appointmentTimes } from '../../../src/engines/ivr/appointment-times.js';
import type { Calendar } from '../../../src/engines/routing/calendar.js';
import { instantOf, wallText } from '../../../src/engines/routing/wall-clock.js';

const LONDON = 'Europe/London';
const at = (wall: string): number => instantOf(wall, LONDON) ?? 0;
const calendar = (changes: Partial<Calendar> = {}): Calendar => ({
  zone: LONDON,
  weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 10 * 60 }],
  exceptions: [],
  ...changes,
});
const times = (from: string, own = calendar(), count = 4): readonly string[] =>
  appointmentTimes(own, at(from), { everyMinutes: 30, leadMs: 3_600_000, count }).map((one) =>
    wallText(one, LONDON),
  );

describe('times of appointments', () => {
  it('are multiples on the wall clock, while the calendar is open, not before the lead time', () => {
    // A Friday.
    expect(times('2026-11-27T08:10')).to.deep.equal([
      ...['2026-11-27T09:30', '2026-11-30T09:00', '2026-11-30T09:30', '2026-12-01T09:00'],
    ]);
  });

  it('leave holidays out, and are none of a calendar that never opens', () => {
    const holiday = { name: 'Day off', from: '2026-11-30', to: '2026-11-30', yearly: false };
    const closed = calendar({ exceptions: [{ ...holiday, periods: [] }] });
    expect(times('2026-11-27T09:40', closed, 1)).to.deep.equal(['2026-12-01T09:00']);
    expect(times('2026-11-27T08:10', calendar({ weekly: [] }))).to.deep.equal([]);
  });

  it('stay on the wall clock over a change of the clock', () => {
    expect(times('2027-03-26T12:00', calendar(), 2)).to.deep.equal([
      ...['2027-03-29T09:00', '2027-03-29T09:30'],
    ]);
  });

  it('are read as a look-up gives them, and not where they have passed', () => {
    const now = at('2026-11-27T08:00');
    expect(appointmentAt('2026-11-30 10:00', LONDON, now)).to.equal(at('2026-11-30T10:00'));
    expect(appointmentAt('2026-11-30T10:00+01:00', LONDON, now)).to.equal(at('2026-11-30T09:00'));
    for (const text of ['', 'tomorrow', '2026-02-30T10:00', '2026-11-27T07:59'])
      expect(appointmentAt(text, LONDON, now), text).to.equal(undefined);
  });
});
