import { expect } from 'chai';
import { waysThrough, type Way } from '../../../src/features/calendars/what-happens.js';
import { NO_CALL } from '../../../src/engines/ivr/effects.js';
import { yearView } from '../../../src/features/calendars/year-view.js';
import type { CalendarId } from '../../../src/kernel/ids.js';
import { officeHours } from '../../support/calendars.js';
import { companyFlow } from '../../support/flows.js';

const OFFICE = 3 as CalendarId;
const NIGHT = 4 as CalendarId;
const calendars = new Map([
  [OFFICE, officeHours],
  [NIGHT, { ...officeHours, weekly: [] }],
]);
const at = (text: string) => ({
  at: Date.parse(text),
  zone: 'Europe/London',
  calendars,
  call: NO_CALL,
});
const text = (way: Way): string =>
  [
    ...way.steps.map((step) =>
      step.isOpen === undefined ? step.id : `${step.id}:${step.isOpen ? 'open' : 'closed'}`,
    ),
    way.end,
  ].join(' ');

describe('what a caller lives through', () => {
  const flow = companyFlow();
  flow.steps['hours'] = {
    ...{ kind: 'hours', label: 'Opening hours', calendar: OFFICE, periods: [], closedDates: [] },
    ...{ open: 'greeting', closed: 'message' },
  };
  flow.steps['desk-hours'] = {
    ...{ kind: 'hours', label: 'Desk', calendar: NIGHT, periods: [], closedDates: [] },
    ...{ open: 'desk', closed: 'bye' },
  };

  it('goes up to where a key is asked for, or to the end', () => {
    const first = (when: string): string => text(waysThrough(flow, OFFICE, at(when)).first);
    expect(first('2026-11-25T10:00Z')).to.equal('hours:open greeting main asked');
    expect(first('2026-11-25T13:00Z')).to.equal('hours:closed message voicemail');
    expect(first('2026-12-25T10:00Z')).to.equal('hours:closed message voicemail');
  });

  it('tells also of steps further on that ask the calendar', () => {
    const { later } = waysThrough(flow, NIGHT, at('2026-11-25T10:00Z'));
    expect(later.map(text)).to.deep.equal(['desk-hours:closed bye hangup']);
    expect(waysThrough(flow, OFFICE, at('2026-11-25T10:00Z')).later).to.deep.equal([]);
  });

  it('says that a flow cannot go on', () => {
    const moment = { ...at('2026-11-25T10:00Z'), calendars: new Map() };
    expect(text(waysThrough(flow, OFFICE, moment).first)).to.equal('hours:closed stuck');
  });
});

describe('the year of a calendar', () => {
  const year = yearView(officeHours, 2026, '2026-11-25', 'en');
  const days = year.months
    .flatMap((month) => month.weeks.flat())
    .filter((day) => day !== undefined);

  it('has every day once, in weeks that begin on Monday', () => {
    expect(days).to.have.length(365);
    expect(new Set(days.map((day) => day.date)).size).to.equal(365);
    expect(year.weekdays.map((day) => day.long)).to.include.members(['Monday', 'Sunday']);
    for (const month of year.months)
      for (const week of month.weeks)
        for (const [index, day] of week.entries())
          if (day) expect(new Date(day.date).getUTCDay()).to.equal((index + 1) % 7);
  });

  it('tells open, closed and exceptional days apart', () => {
    const look = (date: string) => days.find((day) => day.date === date);
    expect(look('2026-11-25')).to.include({ look: 'open', isToday: true });
    expect(look('2026-11-28')).to.include({ look: 'closed', isToday: false });
    expect(look('2026-12-25')).to.include({ look: 'holiday', name: 'Christmas Day' });
    expect(look('2026-12-24')).to.include({ look: 'special', name: 'Christmas Eve' });
  });
});
