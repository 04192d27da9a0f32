import { expect } from 'chai';
import { wallText } from '../../../src/engines/routing/wall-clock.js';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { bye, endClean, flowBench } from '../../support/flow-bench.js';
import { CALLER, type SwitchboardBench } from '../../support/switchboard-bench.js';

type Step = FlowDefinition['steps'][string];

const lastStep = (bench: SwitchboardBench) => bench.last('step-entered')?.label;
const nobody: Step = { ...bye, label: 'Nobody' };

describe('An appointment in a flow', () => {
  const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];
  const calendar = {
    zone: 'Europe/London',
    weekly: [{ days: MONDAY_TO_FRIDAY, fromMinute: 9 * 60, toMinute: 11 * 60 }],
    exceptions: [],
  };
  const offer = (changes: Readonly<Record<string, unknown>> = {}): FlowDefinition['steps'] => ({
    offer: {
      ...{ kind: 'appointment', label: 'Book', campaign: 4, calendar: 1 },
      ...{ number: '{{caller_number}}', everyMinutes: 30, leadMinutes: 60 },
      ...{ accepted: 'bye', declined: 'nobody' },
      ...changes,
    },
    bye,
    nobody,
  });
  const withCalendar = async (changes: Readonly<Record<string, unknown>> = {}) => {
    const bench = await flowBench(offer(changes));
    (bench.directory as { calendars: unknown }).calendars = new Map([[1, calendar]]);
    return bench;
  };

  it('offers times a few at a time, and books the one that is chosen', async () => {
    const bench = await withCalendar();
    const caller = await bench.callIn();
    await bench.press(caller, '9');
    await bench.press(caller, '1');
    const [booked, ...others] = bench.appointments;
    expect(others).to.deep.equal([]);
    expect(booked).to.deep.include({ campaign: 4, number: CALLER, language: 'en' });
    // The fourth time of half-hours from nine to eleven is half past ten.
    expect(wallText(booked?.at ?? 0, 'Europe/London').slice(11)).to.equal('10:30');
    await bench.advance(10_000);
    expect(lastStep(bench)).to.equal(bye.label);
    await endClean(bench);
  });

  it('is declined by another key, and where it cannot be kept', async () => {
    for (const key of ['7', '1']) {
      const bench = await withCalendar();
      bench.keepsAppointments = false;
      const caller = await bench.callIn();
      await bench.press(caller, key);
      await bench.advance(1_000);
      expect(bench.appointments).to.have.length(key === '1' ? 1 : 0);
      expect(lastStep(bench)).to.equal('Nobody');
      await endClean(bench);
    }
  });

  it('books a time that the flow knows without asking, and none that has passed', async () => {
    const later = await withCalendar({ when: '2099-03-02 10:00' });
    await later.callIn();
    await later.advance(1_000);
    expect(wallText(later.appointments[0]?.at ?? 0, 'Europe/London')).to.equal('2099-03-02T10:00');
    await endClean(later);
    const before = await withCalendar({ when: '1969-03-02 10:00' });
    await before.callIn();
    await before.advance(1_000);
    expect(before.appointments).to.deep.equal([]);
    expect(lastStep(before)).to.equal('Nobody');
    await endClean(before);
  });
});
