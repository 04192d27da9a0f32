import type { FlowStep, StepKind } from './flow.js';

/** What a step can name by its row id. */
export type ReferenceKind =
  | 'prompt'
  | 'queue'
  | 'extension'
  | 'calendar'
  | 'skill'
  | 'did'
  | 'connection'
  | 'room'
  | 'ring-group'
  | 'survey'
  | 'campaign'
  | 'flow';

/** Something that a step names; 0 where it has not been chosen yet. */
export interface Reference {
  readonly field: string;
  readonly kind: ReferenceKind;
  readonly id: number;
}

type Fields = readonly (readonly [field: string, kind: ReferenceKind])[];

const PROMPT = [['prompt', 'prompt']] as const;
const PROMPTS = [...PROMPT, ['wrongPrompt', 'prompt']] as const;
const OWNER = [
  ['queue', 'queue'],
  ['extension', 'extension'],
] as const;

/** Fields that hold a row id. Extensions of a ring group and skills of a queue are lists. */
const REFERENCE_FIELDS: Readonly<Record<StepKind, Fields>> = {
  play: PROMPT,
  say: PROMPT,
  menu: PROMPTS,
  collect: PROMPTS,
  pin: PROMPTS,
  language: [],
  record: [...PROMPT, ...OWNER],
  survey: [['survey', 'survey']],
  hours: [['calendar', 'calendar']],
  set: [],
  condition: [],
  'sub-flow': [['flow', 'flow']],
  return: [],
  http: [['holdPrompt', 'prompt']],
  sql: [['connection', 'connection']],
  customer: [],
  webhook: [],
  queue: [['queue', 'queue']],
  extension: [['extension', 'extension']],
  ring: [],
  outside: [['callerId', 'did']],
  conference: [['room', 'room']],
  'dial-extension': PROMPT,
  'dial-name': PROMPT,
  callback: [['queue', 'queue'], ...PROMPT],
  appointment: [['campaign', 'campaign'], ['calendar', 'calendar'], ...PROMPT],
  voicemail: [...OWNER, ['greeting', 'prompt']],
  hangup: PROMPT,
};

/** Everything that a step names. */
export function referencesOf(step: FlowStep): readonly Reference[] {
  const values: Readonly<Record<string, unknown>> = step;
  const single = REFERENCE_FIELDS[step.kind].flatMap(([field, kind]): Reference[] => {
    const id = values[field];
    return typeof id === 'number' ? [{ field, kind, id }] : [];
  });
  if (step.kind === 'ring') {
    if (step.group !== undefined) return [{ field: 'group', kind: 'ring-group', id: step.group }];
    const phones = step.extensions.length === 0 ? [0] : step.extensions;
    return phones.map((id) => ({ field: 'extensions', kind: 'extension', id }));
  }
  if (step.kind === 'queue')
    return [
      ...single,
      ...(step.skills ?? []).map(({ skill }): Reference => ({
        field: 'skills',
        kind: 'skill',
        id: skill,
      })),
    ];
  return single;
}

/** What a field of a step names; undefined where it is a value of its own. */
export const referenceKindOf = (kind: StepKind, field: string): ReferenceKind | undefined =>
  REFERENCE_FIELDS[kind].find(([name]) => name === field)?.[1];

/** Ids of every prompt that a step plays. */
export const promptIdsOf = (step: FlowStep): readonly number[] =>
  referencesOf(step)
    .filter((reference) => reference.kind === 'prompt')
    .map((reference) => reference.id);

/** Ids of the flows that a flow enters as sub-flows, each once. */
export const subFlowsOf = (steps: Readonly<Record<string, FlowStep>>): readonly number[] => [
  ...new Set(Object.values(steps).flatMap((step) => (step.kind === 'sub-flow' ? [step.flow] : []))),
];
