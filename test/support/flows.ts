import * as fc from 'fast-check';
import { KEYS } from '../../src/engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../src/engines/ivr/flow.js';
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
    surveys: all,
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

/** Steps that lead to the given ids, some of which may not exist. */
export function stepArbitrary(ids: readonly string[]): fc.Arbitrary<FlowStep> {
  const to = fc.constantFrom(...ids);
  const kind = <K extends FlowStep['kind']>(value: K): fc.Arbitrary<K> => fc.constant(value);
  const key = fc.constantFrom(...KEYS);
  return fc.oneof<fc.Arbitrary<FlowStep>[]>(
    fc.record({ kind: kind('play'), label, prompt, bargeIn: fc.boolean(), next: to }),
    fc.record({
      kind: kind('menu'),
      label,
      prompt,
      timeoutS: fc.integer({ min: 1, max: 60 }),
      retries: fc.integer({ min: 0, max: 9 }),
      choices: fc.dictionary(key, to, { maxKeys: 5 }),
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
  );
}

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
