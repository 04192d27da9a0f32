import type { FlowEffect, FlowHappening, FlowMoment } from '../../src/engines/ivr/effects.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import { advance, startFlow, type FlowResult } from '../../src/engines/ivr/interpreter.js';
import type { FlowProgram } from '../../src/engines/ivr/state.js';
import type { CalendarId, FlowId } from '../../src/kernel/ids.js';
import { VirtualClock } from '../../src/simulation/virtual-clock.js';

/** What the interpreter did for many callers at once. */
export interface SessionFigures {
  readonly sessions: number;
  /** Calls that went through the flow. */
  readonly calls: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly decisionsPerSecond: number;
  /** Of processor time, callers included: what a busy machine does not change. */
  readonly stepsPerCpuSecond: number;
  /** Of one decision. */
  readonly p50us: number;
  readonly p99us: number;
  /** Of the state that the journal keeps after each decision. */
  readonly stateBytes: number;
}

/** A company's line: hours, greeting, language, menu, order number with a look-up, PIN, sub-flow, counters, queue. */
const main: FlowDefinition = {
  start: 'hours',
  steps: {
    hours: {
      ...{ kind: 'hours', label: 'Hours', closedDates: ['2026-12-25'] },
      periods: [{ days: [1, 2, 3, 4, 5], fromMinute: 0, toMinute: 1_440 }],
      ...{ open: 'greeting', closed: 'bye' },
    },
    greeting: { kind: 'play', label: 'Greeting', prompt: 1, bargeIn: true, next: 'menu' },
    menu: {
      ...{ kind: 'menu', label: 'Menu', prompt: 2, wrongPrompt: 3, timeoutS: 5, retries: 2 },
      ...{ choices: { '1': 'order', '2': 'pin', '9': 'chinese' } },
      ...{ noInput: 'queue', wrongKey: 'bye' },
    },
    chinese: { kind: 'language', label: 'Chinese', language: 'zh-CN', next: 'menu' },
    order: {
      ...{ kind: 'collect', label: 'Order', prompt: 4, variable: 'order', minDigits: 4 },
      ...{ maxDigits: 8, endKey: '#', firstDigitS: 5, nextDigitS: 3, retries: 2 },
      ...{ confirm: 'digits', sensitive: false },
      ...{ next: 'ask', noInput: 'queue', wrongInput: 'queue' },
    },
    ask: {
      ...{ kind: 'http', label: 'Ask', method: 'POST', url: 'https://erp.example/{{order}}' },
      ...{ headers: [{ name: 'X-Caller', value: '{{caller_number}}' }] },
      ...{ body: '{"order":"{{order}}","at":"{{date}}"}', contentType: 'application/json' },
      ...{ timeoutMs: 2_000, idempotent: true },
      ...{ answers: [{ variable: 'amount', path: 'amount' }], next: 'which', error: 'queue' },
    },
    which: {
      ...{ kind: 'condition', label: 'How much?', otherwise: 'tell' },
      branches: [
        {
          ...{ label: 'Much', next: 'queue' },
          all: [{ left: '{{amount}}', operator: 'greater', right: '1000' }],
        },
      ],
    },
    tell: {
      ...{ kind: 'say', label: 'Amount', value: '{{amount}}', as: 'money', currency: 'GBP' },
      ...{ bargeIn: true, next: 'count' },
    },
    count: {
      ...{ kind: 'set', label: 'Count', next: 'menu' },
      assign: [{ variable: 'rounds', value: '1', operation: 'add' }],
    },
    pin: {
      ...{ kind: 'pin', label: 'PIN', prompt: 5, expected: '1234', subject: '{{caller_number}}' },
      ...{ digits: 4, tries: 3, lockAfter: 5, lockMinutes: 30 },
      ...{ ok: 'sub', failed: 'bye', locked: 'bye' },
    },
    sub: { kind: 'sub-flow', label: 'Self-service', flow: 2, next: 'queue' },
    queue: {
      ...{ kind: 'queue', label: 'Queue', queue: 1, priority: 0 },
      tags: { order: '{{order}}', rounds: '{{rounds}}' },
    },
    bye: { kind: 'hangup', label: 'Bye', prompt: 6 },
  },
};
const sub: FlowDefinition = {
  start: 'say',
  steps: {
    say: { kind: 'say', label: 'Date', value: '{{date}}', as: 'date', bargeIn: true, next: 'r' },
    r: { kind: 'return', label: 'Back' },
  },
};
const program: FlowProgram = {
  main: { id: 1 as FlowId, version: 1, definition: main },
  subFlows: new Map([[2 as FlowId, { id: 2 as FlowId, version: 1, definition: sub }]]),
};
const calendars = new Map<CalendarId, never>();
const START = Date.UTC(2026, 10, 23, 9);

/** What callers press, one for each time that they are asked; '' is silence. */
const KEYS = ['1', '471100', '1', '2', '1234', '5', '', '9', '1', '12', '471199', '2', '4711', '1'];

/** How long an effect takes, and what it comes to. */
function answerTo(effect: FlowEffect, keys: string, turn: number): [number, FlowHappening] {
  const first = keys.slice(0, 1);
  switch (effect.kind) {
    case 'play':
    case 'say':
      return turn % 3 === 0 ? [900, { kind: 'digit', digit: '1' }] : [3_000, { kind: 'played' }];
    case 'ask':
      return first === '' ? [8_000, { kind: 'no-key' }] : [2_000, { kind: 'digit', digit: first }];
    case 'collect':
      if (keys === '') return [9_000, { kind: 'no-input' }];
      if (keys.length < effect.min) return [6_000, { kind: 'too-few', digits: keys }];
      return [5_000, { kind: 'entered', digits: keys.slice(0, effect.max) }];
    case 'confirm':
      return [2_500, { kind: 'digit', digit: turn % 5 === 0 ? '2' : '1' }];
    case 'set-language':
      return [0, { kind: 'language-set' }];
    case 'fetch':
      return [120, { kind: 'fetched', variables: { amount: String(turn * 97) } }];
    case 'check-pin':
      return effect.entered === effect.expected
        ? [40, { kind: 'pin-ok' }]
        : [40, { kind: 'pin-wrong', left: 3 }];
    default:
      return [0, { kind: 'resumed' }];
  }
}

interface Session {
  readonly number: number;
  result: FlowResult | undefined;
  turn: number;
}

/** Runs sessions side by side on a virtual clock for so long in real time: who is done calls again. */
export function runSessions(sessions: number, limitMs: number): SessionFigures {
  const clock = new VirtualClock<Session>(START);
  for (let number = 0; number < sessions; number += 1)
    clock.schedule(START + number * 7, { number, result: undefined, turn: number });
  const took: number[] = [];
  let [calls, steps, stateBytes] = [0, 0, 0];
  const cpu = process.cpuUsage();
  const endAt = performance.now() + limitMs;
  while (performance.now() < endAt) {
    const session = clock.next();
    if (session === undefined) break;
    const before = session.result;
    const [, happening] = lastAnswer(session);
    const began = performance.now();
    const moment = momentOf(session, clock.now);
    const result =
      before === undefined
        ? startFlow(program, moment)
        : advance(program, before.state, { ...moment, ...happening });
    took.push(performance.now() - began);
    steps += result.trace.filter((told) => told.kind === 'step-entered').length;
    if (took.length % 1_000 === 0)
      stateBytes = Math.max(stateBytes, JSON.stringify(result.state).length);
    session.turn += 1;
    if (result.state.ended) calls += 1;
    session.result = result.state.ended ? undefined : result;
    clock.schedule(clock.now + (result.state.ended ? 1_000 : lastAnswer(session)[0]), session);
  }
  const { user, system } = process.cpuUsage(cpu);
  const stepsPerCpuSecond = Math.round((steps / (user + system)) * 1_000_000);
  return figures({ sessions, calls, steps, stateBytes, stepsPerCpuSecond }, took);
}

const lastAnswer = ({ result, turn, number }: Session): [number, FlowHappening] =>
  result === undefined
    ? [0, { kind: 'resumed' }]
    : answerTo(result.effect, KEYS[(turn * 5 + number) % KEYS.length] ?? '', turn);

const momentOf = ({ number, result }: Session, at: number): FlowMoment => ({
  ...{ at, zone: 'Europe/London', calendars },
  call: {
    callId: `call-${String(number)}`,
    callerNumber: `+4420794601${String(number % 100).padStart(2, '0')}`,
    callerName: '',
    did: '+442079460000',
    didLabel: 'Main',
    language: result === undefined ? 'en' : 'zh-CN',
  },
});

function figures(
  counted: Pick<
    SessionFigures,
    'sessions' | 'calls' | 'steps' | 'stateBytes' | 'stepsPerCpuSecond'
  >,
  took: readonly number[],
): SessionFigures {
  const spentS = took.reduce((sum, one) => sum + one, 0) / 1_000;
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10_000) / 10;
  return {
    ...counted,
    stepsPerSecond: Math.round(counted.steps / spentS),
    decisionsPerSecond: Math.round(took.length / spentS),
    p50us: at(0.5),
    p99us: at(0.99),
  };
}
