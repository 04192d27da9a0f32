import { expect } from 'chai';
import type { FlowStep, StepKind } from '../../../src/engines/ivr/flow.js';
import { clockText, minuteOf } from '../../../src/features/configuration/index.js';
import { blankStep } from '../../../src/features/ivr-flows/blank-step.js';
import { STEP_GROUPS } from '../../../src/features/ivr-flows/flow.js';
import { parseStep, stepValues } from '../../../src/features/ivr-flows/step-form.js';
import { companyFlow, sentForm } from '../../support/flows.js';

type Body = Record<string, string | string[]>;

const problemsOf = (kind: StepKind, body: Body): string[] => {
  const parsed = parseStep(kind, body);
  return parsed.ok ? [] : parsed.problems.map((found) => `${found.field} ${found.message}`);
};

describe('the form of a step', () => {
  for (const [id, step] of Object.entries(companyFlow().steps))
    it(`gives back what it shows: ${step.kind} (${id})`, () => {
      const parsed = parseStep(step.kind, sentForm(stepValues(step)));
      expect(parsed).to.deep.equal({ ok: true, values: step });
    });

  for (const kind of STEP_GROUPS.flatMap((group): readonly StepKind[] => group.kinds))
    it(`gives back a step with nothing chosen yet: ${kind}`, () => {
      const blank = blankStep(kind, 'New');
      const body = sentForm(stepValues(blank));
      expect(parseStep(kind, body)).to.deep.equal({ ok: true, values: blank });
    });

  it('reads rows of tables, empty ones left out, and names the row of what is wrong', () => {
    const rows = {
      ...{ 'assign.0.variable': '', 'assign.0.operation': 'set', 'assign.0.value': '' },
      ...{ 'assign.3.variable': 'total', 'assign.3.operation': 'add', 'assign.3.value': '{{a}}' },
    };
    const parsed = parseStep('set', { label: 'S', next: 'a', ...rows });
    expect(parsed.ok && parsed.values).to.deep.equal({
      ...{ kind: 'set', label: 'S', next: 'a' },
      assign: [{ variable: 'total', operation: 'add', value: '{{a}}' }],
    });
    expect(
      problemsOf('set', { label: 'S', ...rows, 'assign.3.variable': 'Total sum' }),
    ).to.deep.equal(['assign.3.variable flow.problem.variable']);
  });

  it('reads branches with their comparisons', () => {
    const body = {
      ...{ label: 'C', otherwise: 'z', 'branches.1.label': 'Rich', 'branches.1.next': '+queue' },
      ...{ 'branches.1.all.0.left': '', 'branches.1.all.0.right': '' },
      ...{ 'branches.1.all.0.operator': 'equals', 'branches.1.all.2.operator': 'greater' },
      ...{ 'branches.1.all.2.left': '{{total}}', 'branches.1.all.2.right': '9' },
      ...{ 'branches.5.label': '', 'branches.5.next': '' },
    };
    const parsed = parseStep('condition', body);
    expect(parsed.ok && parsed.values).to.deep.include({
      branches: [
        {
          ...{ label: 'Rich', next: '+queue' },
          all: [{ left: '{{total}}', operator: 'greater', right: '9' }],
        },
      ],
    });
    expect(
      problemsOf('condition', {
        ...{ ...body, 'branches.1.label': ' ', 'branches.1.all.2.operator': 'like' },
      }),
    ).to.have.members([
      'branches.1.label form.problem.needed',
      'branches.1.all.2.operator form.problem.choose',
    ]);
  });

  it('leaves open what is not chosen', () => {
    const play = parseStep('play', { label: 'Greeting', prompt: '', next: '' });
    expect(play).to.deep.equal({
      ok: true,
      values: { kind: 'play', label: 'Greeting', prompt: 0, bargeIn: false, next: '' },
    });
    expect(parseStep('voicemail', { label: 'V', owner: 'cat:1' })).to.deep.equal({
      ok: true,
      values: { kind: 'voicemail', label: 'V' },
    });
  });

  it('says what is wrong beside the field', () => {
    expect(
      problemsOf('menu', { label: ' ', timeoutS: '0', retries: 'x', prompt: 'abc' }),
    ).to.have.members([
      'label form.problem.needed',
      'timeoutS form.problem.between',
      'retries form.problem.between',
      'prompt form.problem.choose',
    ]);
    expect(problemsOf('play', { label: 'A', next: '<script>' })).to.deep.equal([
      'next form.problem.choose',
    ]);
    expect(problemsOf('queue', { label: 'A', queue: '1', priority: '101' })).to.deep.equal([
      'priority form.problem.between',
    ]);
  });

  it('reads hours in the ways in which people write them', () => {
    for (const [text, minute] of [
      ['9', 540],
      ['09:30', 570],
      ['0930', 570],
      ['9：30', 570],
      ['24:00', 1_440],
      ['0:00', 0],
    ] as const)
      expect(minuteOf(text), text).to.equal(minute);
    for (const text of ['', '25:00', '9:75', '24:01', 'noon', '-1'])
      expect(minuteOf(text), text).to.equal(undefined);
    expect(clockText(1_440)).to.equal('24:00');
  });

  it('keeps filled rows of hours, drops empty ones, and refuses the rest by row', () => {
    const rows = {
      'days-0': ['1', '2'],
      'from-0': '9',
      'to-0': '24:00',
      'days-7': [],
      'from-7': '',
      'to-7': '',
    };
    const parsed = parseStep('hours', { label: 'H', open: 'a', closed: 'b', ...rows });
    const periods = [{ days: [1, 2], fromMinute: 540, toMinute: 1_440 }];
    const expected: FlowStep = {
      kind: 'hours',
      label: 'H',
      periods,
      closedDates: [],
      open: 'a',
      closed: 'b',
    };
    expect(parsed).to.deep.equal({ ok: true, values: expected });
    const wrong = {
      label: 'H',
      'days-0': ['1'],
      'from-0': '17:00',
      'to-0': '09:00',
      'from-1': '09:00',
      'to-1': '10:00',
      'days-2': ['1'],
      'from-2': 'nine',
      'to-2': '10:00',
      closedDates: '2026-12-25\n2026-02-30',
    };
    expect(problemsOf('hours', wrong)).to.deep.equal([
      'to-0 flow.problem.period-order',
      'days-1 flow.problem.no-days',
      'from-2 flow.problem.time',
      'closedDates flow.problem.date',
    ]);
  });

  it('names a calendar, or none', () => {
    const chosen = parseStep('hours', { label: 'H', calendar: '3' });
    expect(chosen.ok && chosen.values).to.deep.include({ calendar: 3, periods: [] });
    const own = parseStep('hours', { label: 'H', calendar: '' });
    expect(own.ok && own.values).not.to.have.property('calendar');
    expect(problemsOf('hours', { label: 'H', calendar: 'x' })).to.deep.equal([
      'calendar form.problem.choose',
    ]);
  });

  it('sorts closed dates and keeps each once', () => {
    const parsed = parseStep('hours', {
      label: 'H',
      closedDates: '2026-12-26, 2026-12-25\r\n\r\n2026-12-25',
    });
    expect(parsed.ok && parsed.values).to.deep.include({
      closedDates: ['2026-12-25', '2026-12-26'],
    });
  });
});
