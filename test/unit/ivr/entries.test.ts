import { expect } from 'chai';
import type { FlowHappening } from '../../../src/engines/ivr/effects.js';
import {
  flowDefinitionSchema,
  type FlowDefinition,
  type FlowStep,
  type StepOf,
} from '../../../src/engines/ivr/flow.js';
import { advance, startFlow, type FlowResult } from '../../../src/engines/ivr/interpreter.js';
import { bindNames } from '../../../src/engines/ivr/sql-text.js';
import type { FlowProgram, FlowState } from '../../../src/engines/ivr/state.js';
import { shownVariables } from '../../../src/engines/ivr/variables.js';
import { aMoment } from '../../support/flow-callers.js';
import { programOf } from '../../support/flows.js';

const collect = (changes: Partial<StepOf<'collect'>> = {}): FlowStep => ({
  ...{ kind: 'collect', label: 'Account', prompt: 1, wrongPrompt: 9, variable: 'account' },
  ...{ minDigits: 4, maxDigits: 6, endKey: '#', firstDigitS: 5, nextDigitS: 3, retries: 1 },
  ...{ confirm: 'none', sensitive: false, next: 'q', noInput: 'n', wrongInput: 'w' },
  ...changes,
});
const others: Record<string, FlowStep> = {
  q: { kind: 'queue', label: 'Sales', queue: 7, priority: 0, tags: { acc: 'A{{account}}' } },
  n: { kind: 'hangup', label: 'No input' },
  w: { kind: 'hangup', label: 'Wrong input' },
};
const flowOf = (a: FlowStep, more: Record<string, FlowStep> = {}): FlowProgram => {
  const definition: FlowDefinition = { start: 'a', steps: { a, ...others, ...more } };
  return programOf(definition);
};
const play = (program: FlowProgram, ...inputs: FlowHappening[]): FlowResult => {
  let result = startFlow(program, aMoment);
  for (const input of inputs) result = advance(program, result.state, { ...aMoment, ...input });
  return result;
};
const entered = (digits: string): FlowHappening => ({ kind: 'entered', digits });
const key = (digit: string): FlowHappening => ({ kind: 'digit', digit });

describe('entries of keys', () => {
  it('become a variable, which routing and agents see', () => {
    const result = play(flowOf(collect()), entered('4711'));
    expect(result.effect).to.deep.include({ kind: 'go-queue', tags: { acc: 'A4711' } });
    expect(shownVariables(result.state)).to.deep.equal({ account: '4711' });
    expect(result.trace[0]).to.deep.include({ kind: 'input-collected', value: '4711', length: 4 });
  });

  it('are asked for again after too few keys and after silence, then left', () => {
    const few: FlowHappening = { kind: 'too-few', digits: '12' };
    expect(play(flowOf(collect()), few).effect).to.deep.include({ prompts: [9, 1] });
    expect(play(flowOf(collect()), few, few).state.step).to.equal('w');
    expect(play(flowOf(collect()), few, { kind: 'no-input' }).state.step).to.equal('n');
    expect(play(flowOf(collect()), entered('4711471147')).state.variables).to.deep.equal({
      account: '471147',
    });
  });

  it('are read back where that is wanted: 1 takes them, 2 asks again', () => {
    const asks = flowOf(collect({ confirm: 'digits' }));
    const read = play(asks, entered('4711'));
    expect(read.effect).to.deep.equal({ kind: 'confirm', digits: '4711', as: 'digits' });
    expect(play(asks, entered('4711'), key('1')).state.step).to.equal('q');
    const again = play(asks, entered('4711'), key('2'));
    expect(again.effect).to.include({ kind: 'collect', typed: '' });
    expect(play(asks, entered('4711'), key('2'), entered('1234'), key('2')).state.step).to.equal(
      'w',
    );
    expect(play(asks, entered('4711'), { kind: 'no-key' }, { kind: 'no-key' }).state.step).to.equal(
      'n',
    );
  });

  it('begin with a key that is pressed while prompts before them play', () => {
    const say = (next: string): FlowStep => ({
      ...{ kind: 'say', label: 'Hello', value: '1', as: 'number', bargeIn: true, next },
    });
    const program = flowOf(say('b'), { b: say('c'), c: collect() });
    const early = play(program, key('4'));
    expect(early.effect).to.include({ kind: 'collect', typed: '4' });
    expect(advance(program, early.state, { ...aMoment, kind: 'resumed' }).effect).to.deep.equal(
      early.effect,
    );
  });

  it('are covered where they are secret, also in what is made of them', () => {
    const made: FlowStep = {
      ...{ kind: 'set', label: 'Copy', next: 'q' },
      assign: [{ variable: 'account', value: 'x{{pin}}', operation: 'set' }],
    };
    const program = flowOf(collect({ sensitive: true, variable: 'pin', next: 's' }), { s: made });
    const result = play(program, entered('4711'));
    expect(result.effect).to.deep.include({ tags: { acc: 'A•••••' } });
    expect(shownVariables(result.state)).to.deep.equal({});
    expect(result.trace[0]).to.deep.include({ sensitive: true, length: 4 });
    expect(JSON.stringify(result.trace)).not.to.include('4711');
  });
});

describe('a call that an earlier release began', () => {
  it('goes on from the step where it stood', () => {
    const program = flowOf(collect());
    const old = { step: 'a', tries: 0, sinceKey: 1, entered: 1, ended: false };
    const again = advance(program, old as FlowState, { ...aMoment, kind: 'resumed' });
    expect(again.effect).to.include({ kind: 'collect', typed: '' });
    const next = advance(program, old as FlowState, { ...aMoment, ...entered('4711') });
    expect(next.effect).to.deep.include({ tags: { acc: 'A4711' } });
  });
});

describe('PINs', () => {
  const pin: FlowStep = {
    ...{ kind: 'pin', label: 'PIN', prompt: 1, expected: '1234', subject: '{{caller_number}}' },
    ...{ digits: 4, tries: 3, lockAfter: 5, lockMinutes: 30, ok: 'q', failed: 'n', locked: 'w' },
  };
  const program = flowOf(pin);
  const wrong: FlowHappening = { kind: 'pin-wrong', left: 3 };

  it('are checked outside, and lead on when right', () => {
    expect(play(program, entered('1234')).effect).to.deep.equal({
      ...{ kind: 'check-pin', entered: '1234', expected: '1234', subject: '+442079460123' },
      ...{ lockAfter: 5, lockMs: 1_800_000 },
    });
    const right = play(program, entered('1234'), { kind: 'pin-ok' });
    expect(right.state).to.include({ step: 'q', entry: '' });
  });

  it('are asked for three times, and not when the subject is locked', () => {
    const twice = [entered('1111'), wrong, entered('2222'), wrong];
    expect(play(program, ...twice).effect).to.include({ kind: 'collect', sensitive: true });
    expect(play(program, ...twice, { kind: 'no-input' }).state.step).to.equal('n');
    expect(play(program, entered('1111'), { kind: 'pin-locked' }).state.step).to.equal('w');
    expect(play(program, entered('1111'), { kind: 'pin-wrong', left: 0 }).state.step).to.equal('w');
  });

  it('are never right, and not counted, where nobody knows whose they are', () => {
    const nobodys = flowOf({ ...pin, subject: ' {{customer_id}}' });
    const result = play(nobodys, entered('1234'));
    expect(result.state.step).to.equal('n');
    expect(result.effect.kind).to.equal('hangup');
  });
});

describe('what a PIN is compared with', () => {
  const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA';
  const ask: FlowStep = {
    ...{ kind: 'http', label: 'Ask', method: 'GET', url: 'https://e.example/', headers: [] },
    ...{ contentType: 'application/json', timeoutMs: 1_000, idempotent: true, next: 'b' },
    answers: [
      { variable: 'hash', path: 'a' },
      { variable: 'name', path: 'b' },
    ],
    error: 'n',
  };
  const set: FlowStep = {
    ...{ kind: 'set', label: 'Take', next: 'c' },
    assign: [{ variable: 'wanted', value: '{{ hash }}', operation: 'set' }],
  };
  const pin: FlowStep = {
    ...{ kind: 'pin', label: 'PIN', prompt: 1, expected: '{{wanted}}', subject: '{{name}}' },
    ...{ digits: 4, tries: 3, lockAfter: 5, lockMinutes: 30, ok: 'q', failed: 'n', locked: 'w' },
  };
  const program = flowOf(ask, { b: set, c: pin });

  it('is a secret as soon as it is looked up, under every name that it has', () => {
    const found = play(program, { kind: 'fetched', variables: { hash, name: 'Ada' } });
    expect(found.state.step).to.equal('c');
    expect(shownVariables(found.state)).to.deep.equal({ name: 'Ada', http_error: '' });
    const right = advance(program, found.state, { ...aMoment, ...entered('1234') });
    expect(right.effect).to.include({ kind: 'check-pin', expected: hash, subject: 'Ada' });
  });

  it('is a secret where a flow compares that this one enters', () => {
    const definition: FlowDefinition = {
      start: 'a',
      steps: { ...others, a: ask, b: { kind: 'sub-flow', label: 'Check', flow: 2, next: 'q' } },
    };
    const sub = { start: 'b', steps: { ...others, b: set, c: pin } };
    const result = play(programOf(definition, { 2: sub }), {
      ...{ kind: 'fetched', variables: { hash, name: 'Ada' } },
    });
    expect(shownVariables(result.state)).to.deep.equal({ name: 'Ada', http_error: '' });
  });

  it('is covered where the caller enters it', () => {
    const entry = flowOf(collect({ variable: 'wanted', next: 'c' }), { c: pin });
    const result = play(entry, entered('4711'));
    expect(result.trace[0]).to.deep.include({ sensitive: true, length: 4 });
    expect(JSON.stringify(result.trace)).not.to.include('4711');
    expect(play(entry).effect).to.include({ sensitive: true });
  });
});

describe('values of a flow', () => {
  it('are for the flow alone where their names begin with _', () => {
    const program = flowOf(collect({ variable: '_token', next: 's' }), {
      s: {
        ...{ kind: 'set', label: 'Use', next: 'q' },
        assign: [{ variable: 'account', value: '7{{_token}}', operation: 'set' }],
      },
    });
    expect(flowDefinitionSchema.safeParse(program.main.definition).success).to.equal(true);
    const result = play(program, entered('4711'));
    expect(shownVariables(result.state)).to.deep.equal({ account: '74711' });
    expect(bindNames('SELECT 1 WHERE a = :_token').names).to.deep.equal(['_token']);
  });

  it('fit where they are put: URL, JSON, header, query', () => {
    const http: FlowStep = {
      ...{ kind: 'http', label: 'Ask', method: 'POST', url: 'https://e.example/{{v}}?q={{v}}' },
      headers: [{ name: 'X-V', value: '{{v}}' }],
      ...{ body: '{"v":"{{v}}"}', contentType: 'application/json', timeoutMs: 1_000 },
      ...{ idempotent: true, answers: [{ variable: 'x', path: 'a' }], next: 'q', error: 'n' },
    };
    const set: FlowStep = {
      ...{ kind: 'set', label: 'S', next: 'b' },
      assign: [{ variable: 'v', value: 'a/"b\r\nX: 1', operation: 'set' }],
    };
    const program = flowOf(set, { b: http });
    expect(play(program).effect).to.deep.include({
      url: 'https://e.example/a%2F%22b%0D%0AX%3A%201?q=a%2F%22b%0D%0AX%3A%201',
      headers: [{ name: 'X-V', value: 'a/"bX: 1' }],
      body: '{"v":"a/\\"b\\r\\nX: 1"}',
      idempotencyKey: '01CALL/1/b/2',
    });
    const failed = play(program, { kind: 'fetch-failed', reason: 'status-503' });
    expect(failed.state).to.deep.include({ step: 'n' });
    expect(failed.state.variables['http_error']).to.equal('status-503');
    const found = play(program, { kind: 'fetched', variables: { x: '1', other: '2' } });
    expect(found.state.variables).to.include({ x: '1' }).and.not.have.property('other');
  });

  it('are added exactly, as decimals', () => {
    const assign = (operation: 'add' | 'subtract', value: string) =>
      ({ variable: 'account', value, operation }) as const;
    const set: FlowStep = {
      ...{ kind: 'set', label: 'S', next: 'q' },
      assign: [assign('add', '0.1'), assign('add', '0.2'), assign('subtract', '1.3')],
    };
    expect(play(flowOf(set)).effect).to.deep.include({ tags: { acc: 'A-1' } });
  });

  it('come back from a sub-flow, which ends the call as well where it leads on', () => {
    const enter: FlowStep = { kind: 'sub-flow', label: 'Sub', flow: 2, next: 'q' };
    const steps: Record<string, FlowStep> = {
      ...{ a: collect({ next: 'r' }), r: { kind: 'return', label: 'R' } },
      ...{ n: { kind: 'hangup', label: 'N' }, w: { kind: 'hangup', label: 'W' } },
    };
    const main = { start: 'a', steps: { a: enter, ...others } };
    const program = programOf(main, { 2: { start: 'a', steps } });
    const within = play(program);
    expect(within.state).to.deep.include({ flow: 2, step: 'a', versions: { 2: 1 } });
    expect(play(program, entered('4711')).effect).to.deep.include({ tags: { acc: 'A4711' } });
    expect(play(program, { kind: 'no-input' }, { kind: 'no-input' }).effect.kind).to.equal(
      'hangup',
    );
    expect(play(programOf(main)).effect).to.include({ kind: 'stuck', reason: 'unknown-flow' });
  });
});
