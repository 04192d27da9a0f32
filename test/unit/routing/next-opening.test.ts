import { expect } from 'chai';
import type { CalendarId } from '../../../src/kernel/ids.js';
import { nextOpening } from '../../../src/telephony/calls/route-sources.js';
import type { QueueConfig } from '../../../src/telephony/directory.js';
import { demoDirectory, salesQueue } from '../../support/switchboard-bench.js';

const WEEKDAYS = 1 as CalendarId;
const NEVER = 2 as CalendarId;
/** Friday, 17:59 in London. */
const FRIDAY = Date.parse('2026-11-27T17:59:00Z');
const MONDAY_OPENING = Date.parse('2026-11-30T09:00:00Z');
const MINUTE_MS = 60_000;

describe('when a queue opens next', () => {
  const directory = {
    current: {
      ...demoDirectory(),
      calendars: new Map([
        [
          WEEKDAYS,
          {
            ...{ id: WEEKDAYS, name: 'Weekdays', zone: 'Europe/London', exceptions: [] },
            weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_080 }],
          },
        ],
        [
          NEVER,
          { ...{ id: NEVER, name: 'Never', zone: 'Europe/London', exceptions: [] }, weekly: [] },
        ],
      ]),
    },
    flowVersion: () => Promise.resolve(undefined),
  };
  const ask = (queue: Partial<QueueConfig>, at: number) =>
    nextOpening(directory, { ...salesQueue, ...queue }, at);

  it('is now while it is open, and without a calendar', () => {
    expect(ask({ calendarId: WEEKDAYS }, FRIDAY)).to.deep.equal({ isOpen: true });
    expect(ask({}, FRIDAY + 12 * 60 * MINUTE_MS)).to.deep.equal({ isOpen: true });
  });

  it('is after the weekend for who asked on Friday evening', () => {
    expect(ask({ calendarId: WEEKDAYS }, FRIDAY + MINUTE_MS)).to.deep.equal({
      ...{ isOpen: false, opensAt: MONDAY_OPENING },
    });
  });

  it('is known to nobody where the calendar never opens, or a supervisor closed it without end', () => {
    expect(ask({ calendarId: NEVER }, FRIDAY)).to.deep.equal({ isOpen: false });
    const byHand = { isOpen: false };
    expect(ask({ calendarId: WEEKDAYS, byHand }, FRIDAY)).to.deep.equal({ isOpen: false });
  });

  it('is the end of what was closed by hand, or the opening after it', () => {
    const until = (minutes: number) => ({ isOpen: false, until: FRIDAY + minutes * MINUTE_MS });
    const friday = FRIDAY - 60 * MINUTE_MS;
    expect(ask({ calendarId: WEEKDAYS, byHand: until(-10) }, friday)).to.deep.equal({
      ...{ isOpen: false, opensAt: FRIDAY - 10 * MINUTE_MS },
    });
    expect(ask({ calendarId: WEEKDAYS, byHand: until(10) }, friday)).to.deep.equal({
      ...{ isOpen: false, opensAt: MONDAY_OPENING },
    });
    expect(ask({ byHand: until(10) }, friday)).to.deep.equal({
      ...{ isOpen: false, opensAt: FRIDAY + 10 * MINUTE_MS },
    });
  });
});
