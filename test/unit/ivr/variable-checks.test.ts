import { expect } from 'chai';
import type { FlowDefinition, FlowStep } from '../../../src/engines/ivr/flow.js';
import type { FlowKnowledge } from '../../../src/engines/ivr/knowledge.js';
import { MAX_FLOW_STEPS, validateFlow } from '../../../src/engines/ivr/validation.js';
import { allKnown } from '../../support/flows.js';

const say = (value: string, next: string): FlowStep => ({
  ...{ kind: 'say', label: `Say ${value}`, value, as: 'digits', bargeIn: true, next },
});
const collect = (variable: string, next: string, other: string): FlowStep => ({
  ...{ kind: 'collect', label: 'Order', prompt: 1, variable, minDigits: 1, maxDigits: 6 },
  ...{ endKey: '#', firstDigitS: 5, nextDigitS: 3, retries: 1, confirm: 'none' },
  ...{ sensitive: false, next, noInput: other, wrongInput: other },
});
const condition = (left: string, next: string, otherwise: string): FlowStep => ({
  ...{ kind: 'condition', label: 'Known?', otherwise },
  branches: [{ label: 'Yes', all: [{ left, operator: 'equals', right: '1' }], next }],
});
const end: FlowStep = { kind: 'hangup', label: 'Bye' };
const subFlow = (flow: number, next: string): FlowStep => ({
  ...{ kind: 'sub-flow', label: `Enter ${String(flow)}`, flow, next },
});
const back: FlowStep = { kind: 'return', label: 'Back' };
const flowOf = (steps: Record<string, FlowStep>): FlowDefinition => ({ start: 'a', steps });
const entering = (flows: Readonly<Record<number, FlowDefinition>>, self = 1): FlowKnowledge =>
  allKnown({
    self,
    flows: new Map(
      Object.entries(flows).map(([id, definition]) => [
        Number(id),
        { name: `Flow ${id}`, definition },
      ]),
    ),
  });

const found = (flow: FlowDefinition, knowledge = allKnown()): string[] =>
  validateFlow(flow, knowledge).map(
    ({ level, step, field, message, params }) =>
      `${level} ${step}.${field} ${message.replace('flow.problem.', '')} ${Object.values(params).join('; ')}`,
  );

describe('variables of a flow', () => {
  it('may be read where every way sets them, and always where they are built in', () => {
    const flow = flowOf({
      a: collect('order', 'b', 'c'),
      b: say('{{order}} {{caller_number}}', 'c'),
      c: end,
    });
    expect(found(flow)).to.deep.equal([]);
  });

  it('are named where some way does not set them, with that way', () => {
    const flow = flowOf({
      a: collect('order', 'c', 'b'),
      b: say('1', 'c'),
      c: say('{{order}}', 'd'),
      d: end,
    });
    expect(found(flow)).to.deep.equal([
      'warning c.value variable-maybe-unset order; Order → Say 1 → Say {{order}}',
    ]);
  });

  it('are an error where nothing sets them, in texts, queries and addresses', () => {
    expect(found(flowOf({ a: say('{{oder}}', 'b'), b: end }))).to.deep.equal([
      'error a.value variable-never-set oder',
    ]);
    const sql: FlowStep = {
      ...{ kind: 'sql', label: 'Find', connection: 1, timeoutMs: 1_000, answers: [] },
      query: "SELECT a FROM t WHERE b = :thing AND c = ':text' -- :note",
      ...{ found: 'b', empty: 'b', error: 'b' },
    };
    expect(found(flowOf({ a: sql, b: end }))).to.deep.equal([
      'error a.query variable-never-set thing',
    ]);
  });

  it('are set by a look-up only on the exits that say so', () => {
    const http = (next: string, error: string): FlowStep => ({
      ...{
        kind: 'http',
        label: 'Ask',
        method: 'GET',
        url: 'https://erp.example/{{caller_number}}',
      },
      ...{ headers: [], contentType: 'application/json', timeoutMs: 1_000, idempotent: true },
      ...{ answers: [{ variable: 'state', path: 'data.state' }], next, error },
    });
    const right = { a: http('b', 'c'), b: say('{{state}}', 'd'), c: say('{{http_error}}', 'd') };
    expect(found(flowOf({ ...right, d: end }))).to.deep.equal([]);
    const wrong = { a: http('b', 'b'), b: say('{{state}}', 'd'), d: end };
    expect(found(flowOf(wrong))).to.deep.equal([
      'warning b.value variable-maybe-unset state; Ask → Say {{state}}',
    ]);
  });

  it('may be asked whether they are empty, and customer look-ups set them all', () => {
    const customer: FlowStep = {
      ...{ kind: 'customer', label: 'Who', by: '{{caller_number}}', found: 'b', unknown: 'c' },
    };
    const asks: FlowStep = {
      ...{ kind: 'condition', label: 'Empty?', otherwise: 'd' },
      branches: [
        {
          label: 'Y',
          all: [{ left: '{{customer_name}}', operator: 'is-empty', right: '' }],
          next: 'd',
        },
      ],
    };
    const flow = flowOf({ a: customer, b: say('{{customer_name}}', 'd'), c: asks, d: end });
    expect(found(flow)).to.deep.equal([]);
  });

  it('keep their value around circles', () => {
    const flow = flowOf({
      a: collect('order', 'b', 'a2'),
      a2: say('1', 'a'),
      b: condition('{{order}}', 'c', 'a'),
      c: say('{{order}}', 'd'),
      d: end,
    });
    expect(found(flow)).to.deep.equal([]);
  });

  it('have names that a step may set, and there are not too many of them', () => {
    const set = (variable: string, next: string): FlowStep => ({
      ...{ kind: 'set', label: variable, next },
      assign: [{ variable, value: '1', operation: 'set' }],
    });
    expect(found(flowOf({ a: set('did', 'b'), b: set('', 'c'), c: end }))).to.deep.equal([
      'error a.assign variable-built-in did',
      'error b.assign variable-missing ',
    ]);
    const many = Array.from({ length: 101 }, (_, index) => [
      index === 0 ? 'a' : `s${String(index)}`,
      set(`v${String(index)}`, index === 100 ? 'end' : `s${String(index + 1)}`),
    ]);
    const flow = flowOf({ ...(Object.fromEntries(many) as Record<string, FlowStep>), end });
    expect(found(flow)).to.deep.equal(['error . too-many-variables 100']);
  });
});

describe('sub-flows', () => {
  it('make a circle that nobody hears where a way through them is silent', () => {
    const round = flowOf({ a: subFlow(2, 'b'), b: condition('{{did}}', 'a', 'c'), c: end });
    const loops = (steps: Record<string, FlowStep>): string[] =>
      found(round, entering({ 2: flowOf(steps), 3: flowOf({ a: back }) })).filter((text) =>
        text.includes('loop'),
      );
    const silent = ['error a. silent-loop Enter 2 → Known?'];
    expect(loops({ a: subFlow(3, 'b'), b: back })).to.deep.equal(silent);
    expect(
      loops({ a: condition('{{did}}', 'b', 'c'), b: say('{{did}}', 'c'), c: back }),
    ).to.deep.equal(silent);
    expect(loops({ a: say('{{did}}', 'b'), b: back })).to.deep.equal([
      'warning a. loop-without-key Enter 2 → Known?; 100',
    ]);
    expect(loops({ a: collect('x', 'b', 'b'), b: back })).to.deep.equal([]);
    expect(loops({ a: subFlow(2, 'b'), b: back })).to.deep.equal([]);
  });

  const asksOrder = flowOf({ a: collect('order', 'b', 'b'), b: back });
  const alwaysSets = flowOf({
    ...{ a: collect('order', 'b', 'c'), b: back },
    c: {
      ...{ kind: 'set', label: 'None', next: 'b' },
      assign: [{ variable: 'order', value: '0', operation: 'set' }],
    },
  });

  it('give what they set on every way back', () => {
    const flow = flowOf({ a: subFlow(2, 'b'), b: say('{{order}}', 'c'), c: end });
    expect(found(flow, entering({ 2: alwaysSets }))).to.deep.equal([]);
    expect(found(flow, entering({ 2: asksOrder }))).to.deep.equal([
      'warning b.value variable-maybe-unset order; Enter 2 → Say {{order}}',
    ]);
  });

  it('need what they read and do not set', () => {
    const reads = flowOf({ a: say('{{account}}', 'b'), b: back });
    expect(found(reads)).to.deep.equal(['warning a.value variable-from-outside account']);
    const flow = flowOf({ a: subFlow(2, 'b'), b: end });
    expect(found(flow, entering({ 2: reads }))).to.deep.equal([
      'warning a.flow sub-flow-needs account; Flow 2; Enter 2',
    ]);
  });

  it('may not enter each other in a circle, nor themselves, nor flows that are gone', () => {
    const flow = flowOf({ a: subFlow(2, 'b'), b: end });
    const back2 = flowOf({ a: subFlow(3, 'b'), b: back });
    const back3 = flowOf({ a: subFlow(1, 'b'), b: back });
    expect(found(flow, entering({ 1: flow, 2: back2, 3: back3 }))).to.deep.equal([
      'error a.flow sub-flow-circle Flow 2 → Flow 3 → Flow 1',
    ]);
    const self = flowOf({ a: subFlow(1, 'b'), b: end });
    expect(found(self, entering({ 1: self }))).to.deep.equal([
      'error a.flow sub-flow-circle Flow 1',
    ]);
    expect(found(flow, entering({}))).to.deep.equal(['error a.flow flow-gone ']);
  });

  it('stand at most eight deep in each other', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        index + 2,
        index === 9 ? flowOf({ a: back }) : flowOf({ a: subFlow(index + 3, 'b'), b: back }),
      ]),
    );
    const [problem] = found(flowOf({ a: subFlow(2, 'b'), b: end }), entering(chain));
    expect(problem).to.match(/^error a\.flow sub-flow-too-deep/);
  });
});

describe('large flows', () => {
  /** Questions, conditions and values in a row, with ways back to the beginning. */
  function large(count: number): FlowDefinition {
    const steps: Record<string, FlowStep> = {};
    for (let index = 0; index < count - 1; index += 1) {
      const next = index === count - 2 ? 'end' : `s${String(index + 1)}`;
      const name = `v${String(index % 90)}`;
      const read = `{{v${String((index * 7) % 90)}}}`;
      const id = index === 0 ? 'a' : `s${String(index)}`;
      const kinds = [collect(name, next, 'a'), condition(read, next, 'a'), say(read, next)];
      steps[id] = kinds[index % 3] ?? end;
    }
    return flowOf({ ...steps, end });
  }

  it('are checked within 50 ms, up to 500 steps', () => {
    const flow = large(MAX_FLOW_STEPS);
    const knowledge = allKnown();
    const times = Array.from({ length: 20 }, () => {
      const before = process.cpuUsage();
      validateFlow(flow, knowledge);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    }).sort((a, b) => a - b);
    expect(times[0]).to.be.below(50);
  });

  it('are refused beyond', () => {
    expect(found(large(MAX_FLOW_STEPS + 1))).to.deep.equal(['error . too-many-steps 500']);
  });
});
