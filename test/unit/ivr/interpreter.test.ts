import { expect } from 'chai';
import { flowDefinitionSchema, type FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { NO_CALL, type FlowMoment } from '../../../src/engines/ivr/effects.js';
import { advance, startFlow, type FlowResult } from '../../../src/engines/ivr/interpreter.js';
import { MAX_STEPS_WITHOUT_KEY } from '../../../src/engines/ivr/state.js';
import type { CalendarId } from '../../../src/kernel/ids.js';
import { officeHours } from '../../support/calendars.js';
import type { Calendar } from '../../../src/engines/routing/calendar.js';
import { companyFlow, programOf } from '../../support/flows.js';

const zone = 'Europe/London';
const OFFICE = 3 as CalendarId;
const calendars = new Map([[OFFICE, officeHours]]);
const monday = { at: Date.parse('2026-11-23T10:00:00Z'), zone, calendars, call: NO_CALL };
const sunday = { ...monday, at: Date.parse('2026-11-22T10:00:00Z') };
const start = (flow: FlowDefinition, moment: FlowMoment): FlowResult =>
  startFlow(programOf(flow), moment);

type Happening =
  | { kind: 'played' | 'no-key' | 'language-set' | 'nobody-answered' | 'resumed' }
  | { kind: 'digit'; digit: string };
const then = (flow: FlowDefinition, from: FlowResult, what: Happening): FlowResult =>
  advance(programOf(flow), from.state, { ...monday, ...what });
const entered = (step: string, stepKind: string, label: string) => ({
  ...{ kind: 'step-entered', flowId: 1, step, stepKind, label },
});
const left = (step: string, exit: string) => ({
  ...{ kind: 'step-left', flowId: 1, step, exit, ms: 0 },
});
const key = (digit: string): Happening => ({ kind: 'digit', digit });

describe('IVR flow', () => {
  const flow = companyFlow();
  const started = start(flow, monday);
  const atMenu = then(flow, started, { kind: 'played' });

  it('is what the schema takes', () => {
    expect(flowDefinitionSchema.parse(flow)).to.deep.equal(flow);
  });

  it('passes opening hours in silence and plays the greeting', () => {
    expect(started.effect).to.deep.equal({ kind: 'play', prompts: [1], bargeIn: true });
    expect(started.trace).to.deep.equal([
      entered('hours', 'hours', 'Opening hours'),
      left('hours', 'open'),
      entered('greeting', 'play', 'Greeting'),
    ]);
  });

  it('sends callers who come outside the hours to the message', () => {
    const closed = start(flow, sunday);
    expect(closed.effect).to.deep.equal({ kind: 'go-voicemail', queue: 7, greeting: 5 });
    expect(closed.state.ended).to.equal(true);
  });

  it('decides by the calendar that opening hours name, in its zone, whatever hours they have of their own', () => {
    const named = companyFlow();
    named.steps['hours'] = {
      ...{ kind: 'hours', label: 'Opening hours', periods: [], closedDates: [] },
      ...{ calendar: OFFICE, open: 'greeting', closed: 'message' },
    };
    const effectAt = (text: string, in1 = calendars) =>
      start(named, { ...monday, at: Date.parse(text), zone: 'Not/AZone', calendars: in1 }).effect
        .kind;
    expect(effectAt('2026-11-23T12:29:59Z')).to.equal('play');
    expect(effectAt('2026-11-23T12:30:00Z')).to.equal('go-voicemail');
    expect(effectAt('2026-12-25T10:00:00Z')).to.equal('go-voicemail');
    const shanghai = new Map([[OFFICE, { ...officeHours, zone: 'Asia/Shanghai' }]]);
    expect(effectAt('2026-11-23T01:00:00Z', shanghai)).to.equal('play');
  });

  it('is stuck where a calendar is not there, or its zone is unknown', () => {
    const named = companyFlow();
    named.steps['hours'] = {
      ...{ kind: 'hours', label: 'Opening hours', periods: [], closedDates: [] },
      ...{ calendar: OFFICE, open: 'greeting', closed: 'message' },
    };
    const reason = (of: ReadonlyMap<CalendarId, Calendar>) =>
      start(named, { ...monday, calendars: of }).effect;
    expect(reason(new Map())).to.include({ kind: 'stuck', reason: 'unknown-calendar' });
    const nowhere = new Map([[OFFICE, { ...officeHours, zone: 'Not/AZone' }]]);
    expect(reason(nowhere)).to.include({ kind: 'stuck', reason: 'unknown-zone' });
  });

  it('asks for a key after the greeting', () => {
    expect(atMenu.effect).to.deep.equal({ kind: 'ask', prompts: [2], timeoutMs: 5_000 });
  });

  it('goes where the key leads', () => {
    const queued = then(flow, atMenu, key('1'));
    expect(queued.effect).to.deep.equal({
      ...{ kind: 'go-queue', queue: 7, priority: 10, skills: [], tags: {} },
    });
    expect(queued.trace).to.deep.equal([
      { kind: 'key-pressed', step: 'main', digits: '1', accepted: true },
      left('main', 'key-1'),
      entered('sales', 'queue', 'Sales'),
    ]);
  });

  it('takes a key during the greeting as the answer to the menu behind it', () => {
    const queued = then(flow, started, key('1'));
    expect(queued.effect.kind).to.equal('go-queue');
    expect(queued.trace.map((entry) => entry.kind)).to.deep.equal([
      'step-left',
      'step-entered',
      'key-pressed',
      'step-left',
      'step-entered',
    ]);
  });

  it('only skips the greeting on a key that the menu does not know', () => {
    const skipped = then(flow, started, key('5'));
    expect(skipped.effect.kind).to.equal('ask');
    expect(skipped.state.tries).to.equal(0);
    expect(skipped.trace[0]).to.deep.equal({
      kind: 'key-pressed',
      step: 'greeting',
      digits: '5',
      accepted: true,
    });
  });

  it('plays on when a key comes in a prompt that must be heard', () => {
    const strict = companyFlow();
    strict.steps['greeting'] = {
      kind: 'play',
      label: 'Notice',
      prompt: 1,
      bargeIn: false,
      next: 'main',
    };
    const playing = start(strict, monday);
    expect(then(strict, playing, key('1'))).to.deep.equal({
      state: playing.state,
      effect: { kind: 'keep' },
      trace: [],
    });
  });

  it('says that a key was wrong and repeats the menu, then takes the wrong-key exit', () => {
    const first = then(flow, atMenu, key('7'));
    expect(first.effect).to.deep.equal({ kind: 'ask', prompts: [3, 2], timeoutMs: 5_000 });
    const third = then(flow, then(flow, first, key('8')), key('*'));
    expect(third.effect).to.deep.equal({ kind: 'hangup', prompt: 6 });
    expect(third.trace[0]).to.deep.equal({
      kind: 'key-pressed',
      step: 'main',
      digits: '*',
      accepted: false,
    });
  });

  it('repeats the menu without a key, then takes the no-key exit', () => {
    const second = then(flow, then(flow, atMenu, { kind: 'no-key' }), { kind: 'no-key' });
    expect(second.effect).to.deep.equal({ kind: 'ask', prompts: [2], timeoutMs: 5_000 });
    expect(second.trace).to.deep.equal([{ kind: 'no-key', step: 'main', tries: 2 }]);
    expect(then(flow, second, { kind: 'no-key' }).effect.kind).to.equal('go-queue');
  });

  it('changes the language and comes back with its tries at zero', () => {
    const chosen = then(flow, then(flow, atMenu, { kind: 'no-key' }), key('9'));
    expect(chosen.effect).to.deep.equal({ kind: 'set-language', language: 'zh-CN' });
    expect(chosen.trace.at(-1)).to.deep.equal({ kind: 'language-chosen', language: 'zh-CN' });
    const again = then(flow, chosen, { kind: 'language-set' });
    expect(again.effect.kind).to.equal('ask');
    expect(again.state.tries).to.equal(0);
  });

  it('comes back from an extension where nobody answered', () => {
    const ringing = then(flow, atMenu, key('2'));
    expect(ringing.effect).to.deep.equal({
      kind: 'go-extension',
      extension: 4,
      noAnswerStep: 'message',
    });
    expect(then(flow, ringing, { kind: 'nobody-answered' }).effect.kind).to.equal('go-voicemail');
  });

  it('gives the effect of the current step again to the process that takes over', () => {
    const again = then(flow, atMenu, { kind: 'resumed' });
    expect(again).to.deep.equal({ ...atMenu, trace: [] });
  });

  it('ends as stuck at a step that does not exist', () => {
    const broken: FlowDefinition = { start: 'gone', steps: {} };
    expect(start(broken, monday).effect).to.deep.equal({
      kind: 'stuck',
      reason: 'unknown-step',
      step: 'gone',
    });
  });

  it('does not take a property that every object has for a step or a key', () => {
    const odd: FlowDefinition = { start: 'constructor', steps: {} };
    expect(start(odd, monday).effect.kind).to.equal('stuck');
  });

  it('ends as stuck when steps follow each other without end and without a key', () => {
    const turning: FlowDefinition = {
      start: 'a',
      steps: {
        a: { kind: 'play', label: 'A', prompt: 1, bargeIn: false, next: 'b' },
        b: { kind: 'play', label: 'B', prompt: 1, bargeIn: false, next: 'a' },
      },
    };
    let result = start(turning, monday);
    let plays = 0;
    while (result.effect.kind === 'play') {
      plays += 1;
      result = then(turning, result, { kind: 'played' });
    }
    expect(plays).to.equal(MAX_STEPS_WITHOUT_KEY);
    expect(result.effect).to.include({ kind: 'stuck', reason: 'too-many-steps-without-key' });
  });

  it('ends as stuck where opening hours lead to themselves', () => {
    const hours: FlowDefinition = {
      start: 'a',
      steps: {
        a: { kind: 'hours', label: 'A', periods: [], closedDates: [], open: 'a', closed: 'a' },
      },
    };
    expect(start(hours, monday).effect.kind).to.equal('stuck');
    expect(start(hours, { ...monday, at: 0, zone: 'Not/AZone' }).effect).to.include({
      reason: 'unknown-zone',
    });
  });

  it('refuses a message that belongs to nobody', () => {
    const lost: FlowDefinition = { start: 'v', steps: { v: { kind: 'voicemail', label: 'V' } } };
    const result = start(lost, monday);
    expect(result.effect).to.include({ kind: 'stuck', reason: 'voicemail-without-owner' });
    expect(result.state.ended).to.equal(true);
  });
});
