import { expect } from 'chai';
import * as fc from 'fast-check';
import { calendarForm, calendarValues } from '../../../src/features/calendars/calendar-form.js';
import { inOrder } from '../../../src/features/calendars/exception-rows.js';
import { readPasted } from '../../../src/features/calendars/pasted-holidays.js';
import { parseFields } from '../../../src/kernel/fields.js';
import { calendarArbitrary, officeHours } from '../../support/calendars.js';
import { sentForm } from '../../support/flows.js';

const body = (changes: Readonly<Record<string, string | readonly string[]>> = {}) => ({
  name: 'Office hours',
  zone: 'Europe/London',
  ...changes,
});
const read = (changes: Parameters<typeof body>[0]) => {
  const parsed = parseFields(calendarForm, body(changes));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.values;
};
const problems = (changes: Parameters<typeof body>[0]): readonly string[] => {
  const parsed = parseFields(calendarForm, body(changes));
  return parsed.ok ? [] : parsed.problems.map((found) => `${found.field} ${found.message}`);
};

describe('the form of a calendar', () => {
  it('reads back what it shows, of any calendar', () => {
    fc.assert(
      fc.property(calendarArbitrary, (calendar) => {
        const sent = sentForm(calendarValues({ name: 'Any', ...calendar }));
        const exceptions = inOrder(calendar.exceptions);
        expect(parseFields(calendarForm, sent)).to.deep.equal({
          ok: true,
          values: { ...calendar, name: 'Any', exceptions },
        });
      }),
    );
  });

  it('takes several periods a day and splits what goes over midnight', () => {
    const { weekly } = read({
      'week.0.days': ['1', '2'],
      'week.0.from': '9',
      'week.0.to': '12:30',
      'week.1.days': '7',
      'week.1.from': '22:00',
      'week.1.to': '6:00',
      'week.2.days': '3',
      'week.2.from': '18:00',
      'week.2.to': '0:00',
      'week.3.from': '',
      'week.3.to': '',
    });
    expect(weekly).to.deep.equal([
      { days: [1, 2], fromMinute: 540, toMinute: 750 },
      { days: [7], fromMinute: 1_320, toMinute: 1_440 },
      { days: [1], fromMinute: 0, toMinute: 360 },
      { days: [3], fromMinute: 1_080, toMinute: 1_440 },
    ]);
  });

  it('names the field and the row of what is wrong, all at once', () => {
    expect(
      problems({
        name: '',
        zone: 'Mars/Crater',
        'week.0.days': '1',
        'week.0.from': '25:00',
        'week.0.to': '26:00',
        'week.4.from': '9:00',
        'week.4.to': '17:00',
        'week.5.days': '1',
        'week.5.from': '9:00',
        'week.5.to': '9:00',
        'exceptions.0.name': '',
        'exceptions.0.from': '2026-12-25',
        'exceptions.1.name': 'Never',
        'exceptions.1.from': '2026-02-30',
        'exceptions.2.name': 'Backwards',
        'exceptions.2.from': '2026-12-25',
        'exceptions.2.to': '2026-12-24',
        'exceptions.3.name': 'Hours',
        'exceptions.3.from': '2026-12-31',
        'exceptions.3.hours': '10 to 12',
        'exceptions.4.name': 'For ever',
        'exceptions.4.from': '2026-01-01',
        'exceptions.4.to': '2027-06-01',
        'exceptions.4.yearly': 'on',
        paste: 'Christmas',
      }),
    ).to.deep.equal([
      'name form.problem.needed',
      'zone form.problem.choose',
      'week.0.from flow.problem.time',
      'week.4.days flow.problem.no-days',
      'week.5.to calendars.problem.period-empty',
      'exceptions.0.name form.problem.needed',
      'exceptions.1.from calendars.problem.date',
      'exceptions.2.to calendars.problem.range-order',
      'exceptions.3.hours calendars.problem.hours',
      'exceptions.4.to calendars.problem.range-year',
      'paste calendars.problem.line',
    ]);
  });

  it('adds pasted holidays to those of the table, in order, each once', () => {
    const { exceptions } = read({
      'exceptions.0.name': 'New Year',
      'exceptions.0.from': '2027-01-01',
      'exceptions.0.hours': '10:00–12:00，13–15',
      paste:
        '2027-02-17..2027-02-23 春节\r\n\r\n* 2026-12-25 Christmas Day\n* 2026-12-25 Christmas Day',
    });
    expect(exceptions).to.deep.equal([
      officeHours.exceptions[0],
      {
        ...{ name: 'New Year', from: '2027-01-01', to: '2027-01-01', yearly: false },
        periods: [
          { fromMinute: 600, toMinute: 720 },
          { fromMinute: 780, toMinute: 900 },
        ],
      },
      { name: '春节', from: '2027-02-17', to: '2027-02-23', yearly: false, periods: [] },
    ]);
  });

  it('refuses more exceptions than a form can send back', () => {
    const lines = Array.from({ length: 151 }, (_, n) => `2026-12-25 Holiday ${String(n)}`);
    expect(problems({ paste: lines.join('\n') })).to.deep.equal([
      'paste calendars.problem.too-many-exceptions',
    ]);
  });
});

describe('pasted holidays', () => {
  it('say which line cannot be read', () => {
    for (const [line, message] of [
      ['2026-13-01 Nothing', 'calendars.problem.line'],
      ['2026-12-25', 'calendars.problem.line'],
      ['2026-12-25..2026-12-24 Backwards', 'calendars.problem.line-order'],
      ['* 2026-12-25..2028-12-24 Long', 'calendars.problem.line-year'],
      [`2026-12-25 ${'x'.repeat(81)}`, 'calendars.problem.line-name'],
    ] as const) {
      const [problem] = readPasted(`2026-12-26 Fine\n${line}`, 'paste').problems;
      expect([problem?.message, problem?.params?.['line']], line).to.deep.equal([message, 2]);
    }
  });

  it('never throw, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const { exceptions, problems: found } = readPasted(text, 'paste');
        expect(exceptions.length === 0 || found.length === 0).to.equal(true);
      }),
    );
  });
});
