import { expect } from 'chai';
import type { FlowDefinition, FlowStep } from '../../../src/engines/ivr/flow.js';
import { flowTestSchema, type FlowTest } from '../../../src/engines/ivr/testing/flow-test.js';
import { runFlowTest } from '../../../src/engines/ivr/testing/run-test.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import { companyFlow, programOf } from '../../support/flows.js';

const around = {
  zone: 'Europe/London',
  calendars: new Map(),
  didLabel: () => 'Main',
  nameOf: (kind: string, id: number) => `${kind} ${String(id)}`,
};
const test = (changes: Partial<FlowTest>): FlowTest =>
  flowTestSchema.parse({
    name: 'T',
    did: '+442079460000',
    caller: '+442079460123',
    moment: '2026-11-23T10:00',
    language: 'en',
    acts: [],
    end: { kind: 'hangup' },
    passes: [],
    variables: [],
    ...changes,
  });
const told = (flow: FlowDefinition, changes: Partial<FlowTest>): string[] =>
  runFlowTest(programOf(flow), test(changes), around).problems.map(({ step, message, params }) =>
    `${step} ${message.replace('flow.test.', '')} ${Object.values(params).join('; ')}`.trimEnd(),
  );

/** Asks for an order number, asks another system, and decides by its answer. */
const orderFlow = (): FlowDefinition => ({
  start: 'order',
  steps: {
    order: {
      ...{ kind: 'collect', label: 'Order number', prompt: 1, variable: 'order' },
      ...{ minDigits: 4, maxDigits: 6, endKey: '#', firstDigitS: 5, nextDigitS: 3, retries: 1 },
      ...{ confirm: 'digits', sensitive: false },
      ...{ next: 'ask', noInput: 'desk', wrongInput: 'bye' },
    },
    ask: {
      ...{ kind: 'http', label: 'Order state', method: 'GET', headers: [] },
      url: 'https://erp.example/orders/{{order}}',
      ...{ contentType: 'application/json', timeoutMs: 2_000, idempotent: true },
      answers: [{ variable: 'state', path: 'data.orders.0.state' }],
      ...{ next: 'which', error: 'desk' },
    },
    which: {
      ...{ kind: 'condition', label: 'Late?', otherwise: 'bye' },
      branches: [
        {
          ...{ label: 'Late', next: 'repairs' },
          all: [{ left: '{{state}}', operator: 'equals', right: 'late' }],
        },
      ],
    },
    repairs: { kind: 'queue', label: 'Repairs', queue: 3, priority: 0 },
    desk: { kind: 'ring', label: 'Desk', extensions: [4, 5], timeoutS: 20, noAnswer: 'bye' },
    bye: { kind: 'hangup', label: 'Bye' },
  },
});
const late = '{"data":{"orders":[{"state":"late"}]}}';

describe('a test of a flow', () => {
  it('says whom a caller asks for: an extension by its number, the operator, or nobody', () => {
    const flow: FlowDefinition = {
      start: 'whom',
      steps: {
        whom: { kind: 'dial-name', label: 'Whom', tries: 3, nobody: 'bye', noAnswer: 'desk' },
        desk: { kind: 'queue', label: 'Desk', queue: 3, priority: 0 },
        bye: { kind: 'hangup', label: 'Bye' },
      },
    };
    const people = {
      ...around,
      extensionNumbered: (number: string) => (number === '2004' ? (4 as ExtensionId) : undefined),
    };
    const problems = (who: string, end: FlowTest['end'], more: FlowTest['acts'] = []) =>
      runFlowTest(
        programOf(flow),
        test({ acts: [{ kind: 'asks-for', who }, ...more], end }),
        people,
      ).problems;
    expect(problems('2004', { kind: 'extension', id: 4 })).to.deep.equal([]);
    expect(problems('2999', { kind: 'hangup' })).to.deep.equal([]);
    expect(problems('nobody', { kind: 'hangup' })).to.deep.equal([]);
    expect(problems('operator', { kind: 'operator' })).to.deep.equal([]);
    const unanswered = [{ kind: 'nobody-answers' } as const];
    expect(problems('2004', { kind: 'queue', id: 3 }, unanswered)).to.deep.equal([]);
    expect(told(flow, { acts: [] })).to.deep.equal(['whom no-person Whom']);
  });

  it('passes where the call ends as expected, past the steps and with the values that are named', () => {
    const result = runFlowTest(
      programOf(orderFlow()),
      test({
        acts: [
          { kind: 'keys', keys: '471100#' },
          { kind: 'http', answer: late },
        ],
        end: { kind: 'queue', id: 3 },
        passes: ['which'],
        variables: [{ name: 'order', value: '471100' }],
      }),
      around,
    );
    expect(result.problems).to.deep.equal([]);
    expect(result.passed).to.equal(true);
    expect(result.path.map(({ label }) => label)).to.deep.equal([
      'Order number',
      'Order state',
      'Late?',
      'Repairs',
    ]);
  });

  it('says what it expected, where the call ended, and after which step', () => {
    const acts: FlowTest['acts'] = [
      { kind: 'keys', keys: '4711#' },
      { kind: 'http', answer: late },
    ];
    expect(told(orderFlow(), { acts, end: { kind: 'voicemail', queue: 3 } })).to.deep.equal([
      'repairs wrong-end voicemail; queue 3; queue; queue 3; Repairs',
    ]);
    expect(
      told(orderFlow(), {
        ...{ acts, end: { kind: 'queue', id: 3 }, passes: ['desk'] },
        variables: [{ name: 'state', value: 'sent' }],
      }),
    ).to.deep.equal(['desk not-passed Desk', 'repairs wrong-value state; sent; late']);
  });

  it('knows the date and time of the site', () => {
    const saturday = { moment: '2026-11-28T13:10', end: { kind: 'voicemail', queue: 7 } } as const;
    expect(told(companyFlow(), saturday)).to.deep.equal([]);
    const monday = { moment: '2026-11-23T16:59', acts: [{ kind: 'keys', keys: '1' }] } as const;
    expect(
      told(companyFlow(), { ...monday, acts: [...monday.acts], end: { kind: 'queue', id: 7 } }),
    ).to.deep.equal([]);
  });

  it('plays silence, keys while a prompt plays, several keys in a row, and phones that nobody answers', () => {
    const quiet = { acts: [], end: { kind: 'queue', id: 7 } } as const;
    expect(told(companyFlow(), { ...quiet, acts: [] })).to.deep.equal([]);
    const early: FlowTest['acts'] = [{ kind: 'keys', step: 'greeting', keys: '2' }];
    expect(told(companyFlow(), { acts: early, end: { kind: 'extension', id: 4 } })).to.deep.equal(
      [],
    );
    const row: FlowTest['acts'] = [{ kind: 'keys', keys: '92' }, { kind: 'nobody-answers' }];
    expect(told(companyFlow(), { acts: row, end: { kind: 'voicemail', queue: 7 } })).to.deep.equal(
      [],
    );
  });

  it('takes failures, missing fields and texts that are no JSON for errors of the request', () => {
    const end = { kind: 'ring', extensions: [5, 4] } as const;
    for (const http of [{ failure: 'timeout' }, { answer: '<html>' }, { answer: '{"data":{}}' }]) {
      const acts: FlowTest['acts'] = [
        { kind: 'keys', keys: '4711#' },
        { kind: 'http', ...http },
      ];
      expect(told(orderFlow(), { acts, end: { ...end, extensions: [5, 4] } })).to.deep.equal([]);
    }
  });

  it('fails where it does not say what another system answers, or says more than happens', () => {
    expect(told(orderFlow(), { acts: [{ kind: 'keys', keys: '4711#' }] })).to.deep.equal([
      'ask no-http Order state',
    ]);
    const acts: FlowTest['acts'] = [
      { kind: 'silence' },
      { kind: 'silence' },
      { kind: 'pin', result: 'ok' },
    ];
    expect(told(orderFlow(), { acts, end: { kind: 'ring' } })).to.deep.equal([' left-over.pin']);
  });

  it('leaves keys that are too many for an entry to the next step, as a call does', () => {
    const collect = (variable: string, next: string, confirm: 'none' | 'digits'): FlowStep => ({
      ...{ kind: 'collect', label: variable, prompt: 1, variable, minDigits: 2, maxDigits: 4 },
      ...{ endKey: '#', firstDigitS: 5, nextDigitS: 3, retries: 0, confirm, sensitive: false },
      ...{ next, noInput: 'bye', wrongInput: 'bye' },
    });
    const flow = (confirm: 'none' | 'digits'): FlowDefinition => ({
      start: 'a',
      steps: {
        a: collect('first', 'b', confirm),
        b: collect('second', 'bye', 'none'),
        bye: { kind: 'hangup', label: 'Bye' },
      },
    });
    const values = (keys: string, first: string, second: string, confirm: 'none' | 'digits') =>
      told(flow(confirm), {
        acts: [{ kind: 'keys', keys }],
        end: { kind: 'hangup' },
        variables: [
          { name: 'first', value: first },
          { name: 'second', value: second },
        ],
      });
    expect(values('471199', '4711', '99', 'none')).to.deep.equal([]);
    expect(values('4711#99#', '4711', '99', 'none')).to.deep.equal([]);
    expect(values('4*7#99', '47', '99', 'none')).to.deep.equal([]);
    expect(values('471199', '4711', '', 'digits')).to.deep.equal([]);
    expect(values('4711##', '4711', '', 'none')).to.deep.equal([]);
    expect(values('471112341', '4711', '1234', 'none')).to.deep.equal([' left-over.keys 1']);
  });

  it('locks a PIN after wrong ones, whatever is entered then', () => {
    const pin: FlowStep = {
      ...{ kind: 'pin', label: 'PIN', prompt: 1, expected: '4711', subject: '{{did}}', digits: 4 },
      ...{ tries: 4, lockAfter: 5, lockMinutes: 30, ok: 'q', failed: 'b', locked: 'bye' },
    };
    const flow: FlowDefinition = {
      start: 'a',
      steps: {
        a: pin,
        b: { ...pin, label: 'Again' },
        q: { kind: 'queue', label: 'Q', queue: 3, priority: 0 },
        bye: { kind: 'hangup', label: 'Locked' },
      },
    };
    const wrong = (times: number) =>
      Array.from({ length: times }, () => ({ kind: 'keys', keys: '9999' }) as const);
    const right = { kind: 'keys', keys: '4711' } as const;
    const to = { kind: 'queue', id: 3 } as const;
    expect(told(flow, { acts: [...wrong(3), right], end: to })).to.deep.equal([]);
    expect(told(flow, { acts: wrong(5), end: { kind: 'hangup' } })).to.deep.equal([]);
    const known = flow.steps['a'] as typeof pin;
    const nobody = {
      ...flow,
      steps: {
        ...flow.steps,
        a: { ...known, subject: '{{caller_name}}', failed: 'bye' } as FlowStep,
      },
    };
    expect(told(nobody, { acts: [right], end: { kind: 'hangup' } })).to.deep.equal([]);
  });

  it('answers surveys, or not', () => {
    const flow: FlowDefinition = {
      start: 'a',
      steps: {
        a: { kind: 'survey', label: 'Rate', survey: 1, next: 'q', declined: 'bye' },
        q: { kind: 'queue', label: 'Q', queue: 3, priority: 0 },
        bye: { kind: 'hangup', label: 'Bye' },
      },
    };
    const to = { kind: 'queue', id: 3 } as const;
    expect(told(flow, { end: to })).to.deep.equal([]);
    expect(told(flow, { acts: [{ kind: 'survey', answered: true }], end: to })).to.deep.equal([]);
    const declines = {
      acts: [{ kind: 'survey', answered: false }],
      end: { kind: 'hangup' },
    } as const;
    expect(told(flow, { acts: [...declines.acts], end: declines.end })).to.deep.equal([]);
  });

  it('is refused with a date that does not exist', () => {
    expect(flowTestSchema.safeParse({ ...test({}), moment: '2026-02-30T10:00' }).success).to.equal(
      false,
    );
  });
});
