import * as fc from 'fast-check';
import { KEYS } from '../../src/engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../src/engines/ivr/flow.js';
import { OPERATORS } from '../../src/engines/ivr/schema/deciding-steps.js';
import type { FlowProgram } from '../../src/engines/ivr/state.js';
import type { FlowId } from '../../src/kernel/ids.js';
import type { FlowKnowledge } from '../../src/engines/ivr/knowledge.js';

/** A flow with the usual parts: opening hours, greeting, menu, language, queue, extension, voicemail, goodbye. */
export function companyFlow(): FlowDefinition {
  return {
    start: 'hours',
    steps: {
      hours: {
        kind: 'hours',
        label: 'Opening hours',
        periods: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 }],
        closedDates: ['2026-12-25'],
        open: 'greeting',
        closed: 'message',
      },
      greeting: { kind: 'play', label: 'Greeting', prompt: 1, bargeIn: true, next: 'main' },
      main: {
        kind: 'menu',
        label: 'Main menu',
        prompt: 2,
        wrongPrompt: 3,
        timeoutS: 5,
        retries: 2,
        choices: { '1': 'sales', '2': 'desk', '9': 'chinese' },
        noInput: 'sales',
        wrongKey: 'bye',
      },
      chinese: { kind: 'language', label: 'Chinese', language: 'zh-CN', next: 'main' },
      sales: { kind: 'queue', label: 'Sales', queue: 7, priority: 10 },
      desk: { kind: 'extension', label: 'Front desk', extension: 4, noAnswer: 'message' },
      message: { kind: 'voicemail', label: 'Message', queue: 7, greeting: 5 },
      bye: { kind: 'hangup', label: 'Goodbye', prompt: 6 },
    },
  };
}

/** The flow as version 1 of flow 1, with the flows that it may enter, by id. */
export const programOf = (
  definition: FlowDefinition,
  subFlows: Readonly<Record<number, FlowDefinition>> = {},
): FlowProgram => ({
  main: { id: 1 as FlowId, version: 1, definition },
  subFlows: new Map(
    Object.entries(subFlows).map(([id, code]) => [
      Number(id) as FlowId,
      { id: Number(id) as FlowId, version: 1, definition: code },
    ]),
  ),
});

/** A company in which the ids 1 to 9 of everything exist, prompts in both languages. */
export function allKnown(changes: Partial<FlowKnowledge> = {}): FlowKnowledge {
  const ids = Array.from({ length: 9 }, (_, index) => index + 1);
  const all = new Set(ids);
  return {
    prompts: new Map(
      ids.map((id) => [id, { name: `Prompt ${String(id)}`, languages: ['en', 'zh-CN'] as const }]),
    ),
    queues: all,
    extensions: new Map(ids.map((id) => [id, { voicemail: true }])),
    calendars: all,
    skills: all,
    dids: all,
    connections: all,
    rooms: all,
    ringGroups: all,
    surveys: all,
    campaigns: all,
    flows: new Map(),
    languages: ['en'],
    ...changes,
  };
}

const label = fc.constantFrom('A', 'Main menu', '菜单');
const prompt = fc.integer({ min: 1, max: 9 });

const period = fc.record({
  days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  fromMinute: fc.integer({ min: 0, max: 700 }),
  toMinute: fc.integer({ min: 701, max: 1440 }),
});

const variable = fc.constantFrom('a', 'b', 'secret_pin', 'caller_number', 'constructor');
const template = fc.constantFrom('', '12', 'x {{a}}', '{{secret_pin}}', '{{caller_number}}{{b}}');
/** Forms take an empty row for none. */
const filled = template.filter((text) => text !== '');
const url = fc.constantFrom('', 'https://erp.example/{{a}}', '{{secret_pin}}');
const answers = fc.array(fc.record({ variable, path: fc.constant('data.a') }), { maxLength: 2 });
const columns = fc.array(fc.record({ variable, column: fc.constant('a') }), { maxLength: 2 });

/** Steps that lead to the given ids, some of which may not exist. */
export function stepArbitrary(ids: readonly string[]): fc.Arbitrary<FlowStep> {
  const to = fc.constantFrom(...ids);
  return fc.oneof<fc.Arbitrary<FlowStep>[]>(
    ...plainSteps(to),
    ...enteringSteps(to),
    ...decidingSteps(to),
    ...askingSteps(to),
    ...leadingSteps(to),
  );
}

const kind = <K extends FlowStep['kind']>(value: K): fc.Arbitrary<K> => fc.constant(value);
type Steps = fc.Arbitrary<FlowStep>[];

/** The steps that every flow is made of. */
const plainSteps = (to: fc.Arbitrary<string>): Steps => [
  fc.record({ kind: kind('play'), label, prompt, bargeIn: fc.boolean(), next: to }),
  fc.record({
    kind: kind('menu'),
    label,
    prompt,
    timeoutS: fc.integer({ min: 1, max: 60 }),
    retries: fc.integer({ min: 0, max: 9 }),
    choices: fc.dictionary(fc.constantFrom(...KEYS), to, { maxKeys: 5 }),
    noInput: to,
    wrongKey: to,
  }),
  fc.record({
    kind: kind('language'),
    label,
    language: fc.constantFrom('en' as const, 'zh-CN' as const),
    next: to,
  }),
  fc.record({
    kind: kind('hours'),
    label,
    periods: fc.array(period, { maxLength: 2 }),
    closedDates: fc.array(fc.constant('2026-11-22'), { maxLength: 1 }),
    open: to,
    closed: to,
  }),
  fc.record({ kind: kind('queue'), label, queue: prompt, priority: fc.nat(100) }),
  fc.record({ kind: kind('extension'), label, extension: prompt, noAnswer: to }),
  fc.record({ kind: kind('extension'), label, extension: prompt }),
  fc.record({ kind: kind('voicemail'), label, extension: prompt }),
  fc.record({ kind: kind('hangup'), label }),
];

const enteringSteps = (to: fc.Arbitrary<string>): Steps => [
  fc.record({
    ...{ kind: kind('say'), label, value: template, bargeIn: fc.boolean(), next: to },
    as: fc.constantFrom('number' as const, 'digits' as const, 'text' as const),
  }),
  fc.record({
    ...{ kind: kind('collect'), label, prompt, variable, next: to, noInput: to, wrongInput: to },
    minDigits: fc.integer({ min: 1, max: 4 }),
    maxDigits: fc.integer({ min: 4, max: 12 }),
    endKey: fc.constantFrom('#' as const, '' as const),
    firstDigitS: fc.constant(5),
    nextDigitS: fc.constant(3),
    retries: fc.nat(3),
    confirm: fc.constantFrom('none' as const, 'digits' as const, 'number' as const),
    sensitive: fc.boolean(),
  }),
  fc.record({
    ...{ kind: kind('pin'), label, prompt, expected: template, subject: template },
    digits: fc.integer({ min: 3, max: 6 }),
    tries: fc.integer({ min: 1, max: 4 }),
    ...{ lockAfter: fc.constant(5), lockMinutes: fc.constant(30) },
    ...{ ok: to, failed: to, locked: to },
  }),
  fc.record({
    ...{ kind: kind('record'), label, prompt, variable, queue: prompt, next: to, nothing: to },
    ...{ maxS: fc.constant(60), endKey: fc.constant('#' as const) },
  }),
  fc.record({ kind: kind('survey'), label, survey: prompt, next: to }),
  fc.record({ kind: kind('survey'), label, survey: prompt, next: to, declined: to }),
];

const decidingSteps = (to: fc.Arbitrary<string>): Steps => [
  fc.record({
    ...{ kind: kind('set'), label, next: to },
    assign: fc.array(
      fc.record({
        ...{ variable, value: template },
        operation: fc.constantFrom('set' as const, 'add' as const, 'subtract' as const),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    ...{ kind: kind('condition'), label, otherwise: to },
    branches: fc.array(
      fc.record({
        ...{ label, next: to },
        all: fc.array(
          fc.record({ left: filled, operator: fc.constantFrom(...OPERATORS), right: template }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: kind('sub-flow'), label, flow: fc.constantFrom(2, 3), next: to }),
  fc.record({ kind: kind('return'), label }),
];

const askingSteps = (to: fc.Arbitrary<string>): Steps => [
  fc.record({
    ...{ kind: kind('http'), label, url, answers, next: to, error: to },
    body: fc.constantFrom('{"a":"{{a}}"}', '{{secret_pin}}'),
    method: fc.constantFrom('GET' as const, 'POST' as const),
    headers: fc.array(fc.record({ name: fc.constant('X-A'), value: template }), { maxLength: 1 }),
    contentType: fc.constantFrom('application/json' as const, 'text/plain' as const),
    ...{ timeoutMs: fc.constant(1_000), idempotent: fc.boolean() },
  }),
  fc.record({
    ...{ kind: kind('sql'), label, connection: prompt, answers: columns },
    query: fc.constantFrom('SELECT 1', "SELECT a FROM t WHERE n = :a AND c = ':b'"),
    ...{ timeoutMs: fc.constant(1_000), found: to, empty: to, error: to },
  }),
  fc.record({ kind: kind('customer'), label, by: template, found: to, unknown: to }),
  fc.record({ kind: kind('webhook'), label, url, body: filled, next: to }),
];

const leadingSteps = (to: fc.Arbitrary<string>): Steps => [
  fc.record({
    ...{ kind: kind('queue'), label, queue: prompt, priority: fc.nat(100) },
    tags: fc.dictionary(fc.constantFrom('x', 'y'), filled, { minKeys: 1 }),
  }),
  fc.record({
    ...{ kind: kind('ring'), label, timeoutS: fc.constant(20), noAnswer: to },
    extensions: fc.uniqueArray(prompt, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    ...{ kind: kind('outside'), label, number: template, timeoutS: fc.constant(20), noAnswer: to },
    permission: fc.constantFrom('local' as const, 'international' as const),
  }),
  fc.record({ kind: kind('conference'), label, room: prompt }),
  fc.record({
    kind: kind('dial-extension'),
    label,
    tries: fc.integer({ min: 1, max: 9 }),
    nobody: to,
    noAnswer: to,
  }),
  fc.record({
    kind: kind('dial-name'),
    label,
    prompt,
    tries: fc.integer({ min: 1, max: 9 }),
    nobody: to,
  }),
  fc.record({
    ...{ kind: kind('callback'), label, queue: prompt, number: template },
    ...{ accepted: to, declined: to },
  }),
  fc.record({
    ...{ kind: kind('appointment'), label, campaign: prompt, calendar: prompt, number: template },
    ...{ everyMinutes: fc.constantFrom(15, 60), leadMinutes: fc.constantFrom(0, 60) },
    ...{ accepted: to, declined: to },
  }),
];

/** Any flow, with loops, steps that nothing leads to, and (where `dangling`) exits to steps that do not exist. */
export function flowArbitrary(dangling = false): fc.Arbitrary<FlowDefinition> {
  return fc.integer({ min: 1, max: 14 }).chain((count) => {
    const ids = Array.from({ length: count }, (_, index) => `s${String(index)}`);
    const targets = dangling ? [...ids, 'nowhere', 'constructor'] : ids;
    return fc.tuple(...ids.map(() => stepArbitrary(targets))).map((steps) => ({
      start: 's0',
      steps: Object.fromEntries(steps.map((step, index) => [`s${String(index)}`, step])),
    }));
  });
}

/** What a browser sends of a form that shows these values: objects are shown by other fields. */
export function sentForm(
  values: Readonly<Record<string, unknown>>,
): Record<string, string | string[]> {
  const body: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === true) body[name] = 'on';
    else if (typeof value === 'number') body[name] = String(value);
    else if (typeof value === 'string') body[name] = value;
    else if (Array.isArray(value) && value.every((part) => typeof part === 'string'))
      body[name] = value;
  }
  return body;
}
