import type { FlowDefinition, FlowStep, StepKind, StepOf } from './flow.js';

/** The order of keys on a phone, which is the order in which people read them out. */
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'] as const;

/** The named ways out of a step; `key-1` to `key-9`, `key-0`, `key-*`, `key-#` are the keys of a menu. */
export type ExitName =
  | 'next'
  | `key-${string}`
  | 'no-input'
  | 'wrong-key'
  | 'wrong-input'
  | 'open'
  | 'closed'
  /** Branches of a condition, from 1. */
  | `branch-${string}`
  | 'otherwise'
  | 'error'
  | 'found'
  | 'empty'
  | 'unknown'
  | 'ok'
  | 'failed'
  | 'locked'
  | 'no-answer'
  | 'accepted'
  | 'declined'
  | 'nothing'
  | 'nobody';

export interface Exit {
  readonly name: ExitName;
  /** Id of the step that follows; '' where none has been chosen yet. */
  readonly to: string;
}

/** Fields that hold the exits of a step, in the order in which pages show them. The keys of a menu and the branches of a condition come before. */
const EXIT_FIELDS = {
  play: { next: 'next' },
  say: { next: 'next' },
  menu: { 'no-input': 'noInput', 'wrong-key': 'wrongKey' },
  collect: { next: 'next', 'no-input': 'noInput', 'wrong-input': 'wrongInput' },
  pin: { ok: 'ok', failed: 'failed', locked: 'locked' },
  language: { next: 'next' },
  record: { next: 'next', nothing: 'nothing' },
  survey: { next: 'next', declined: 'declined' },
  hours: { open: 'open', closed: 'closed' },
  set: { next: 'next' },
  condition: { otherwise: 'otherwise' },
  'sub-flow': { next: 'next' },
  return: {},
  http: { next: 'next', error: 'error' },
  sql: { found: 'found', empty: 'empty', error: 'error' },
  customer: { found: 'found', unknown: 'unknown' },
  webhook: { next: 'next' },
  queue: {},
  extension: { 'no-answer': 'noAnswer' },
  ring: { 'no-answer': 'noAnswer' },
  outside: { 'no-answer': 'noAnswer' },
  conference: {},
  'dial-extension': { nobody: 'nobody', 'no-answer': 'noAnswer' },
  'dial-name': { nobody: 'nobody', 'no-answer': 'noAnswer' },
  callback: { accepted: 'accepted', declined: 'declined' },
  appointment: { accepted: 'accepted', declined: 'declined' },
  voicemail: {},
  hangup: {},
} as const satisfies {
  readonly [K in StepKind]: Readonly<Partial<Record<ExitName, keyof StepOf<K>>>>;
};

const fieldsOf = (kind: StepKind): readonly (readonly [ExitName, string])[] =>
  Object.entries(EXIT_FIELDS[kind]) as [ExitName, string][];

/** The field of a step's form that holds an exit: `noInput` of `no-input`, `key-1` of a menu's key. */
export const exitField = (kind: StepKind, exit: string): string =>
  (EXIT_FIELDS[kind] as Readonly<Partial<Record<string, string>>>)[exit] ?? exit;

/** Every way out of a step, in the order in which pages show them. Steps that end a flow have none. */
export function exitsOf(step: FlowStep): readonly Exit[] {
  const values: Readonly<Record<string, unknown>> = step;
  const exits = fieldsOf(step.kind).flatMap(([name, field]): Exit[] => {
    const to = values[field];
    return typeof to === 'string' ? [{ name, to }] : [];
  });
  if (step.kind === 'menu') return [...keysOf(step), ...exits];
  if (step.kind === 'condition') return [...branchesOf(step), ...exits];
  return exits;
}

const keysOf = (menu: StepOf<'menu'>): readonly Exit[] =>
  KEYS.flatMap((key): Exit[] => {
    const to = menu.choices[key];
    return to === undefined ? [] : [{ name: `key-${key}`, to }];
  });

const branchesOf = (condition: StepOf<'condition'>): readonly Exit[] =>
  condition.branches.map((branch, index) => ({
    name: `branch-${String(index + 1)}`,
    to: branch.next,
  }));

/** Where an exit leads; nothing where the step does not have it. */
export function exitTo(step: FlowStep, name: ExitName): string | undefined {
  if (step.kind === 'menu' && name.startsWith('key-')) {
    const key = name.slice('key-'.length);
    return Object.hasOwn(step.choices, key) ? step.choices[key] : undefined;
  }
  if (step.kind === 'condition' && name.startsWith('branch-'))
    return step.branches[Number(name.slice('branch-'.length)) - 1]?.next;
  const values: Readonly<Record<string, unknown>> = step;
  const to = values[exitField(step.kind, name)];
  return typeof to === 'string' ? to : undefined;
}

/** The step with one of its exits leading elsewhere; an exit that the step does not have changes nothing. */
export function withExit(step: FlowStep, name: ExitName, to: string): FlowStep {
  if (!exitsOf(step).some((exit) => exit.name === name)) return step;
  if (step.kind === 'menu' && name.startsWith('key-'))
    return { ...step, choices: { ...step.choices, [name.slice('key-'.length)]: to } };
  if (step.kind === 'condition' && name.startsWith('branch-')) {
    const index = Number(name.slice('branch-'.length)) - 1;
    const branches = step.branches.map((branch, at) =>
      at === index ? { ...branch, next: to } : branch,
    );
    return { ...step, branches };
  }
  return { ...step, [exitField(step.kind, name)]: to };
}

/** The step's exits, each sent through `to`. */
export const mapExits = (step: FlowStep, to: (exit: Exit) => string): FlowStep =>
  exitsOf(step).reduce((mapped, exit) => withExit(mapped, exit.name, to(exit)), step);

/** The step, where the flow has one of this id; never a property that every object has. */
export const findStep = (flow: FlowDefinition, id: string): FlowStep | undefined =>
  Object.hasOwn(flow.steps, id) ? flow.steps[id] : undefined;

/** Ids of the steps that follow, without those that do not exist. */
export const followersOf = (flow: FlowDefinition, id: string): readonly string[] => {
  const step = findStep(flow, id);
  if (step === undefined) return [];
  return exitsOf(step)
    .map((exit) => exit.to)
    .filter((to) => findStep(flow, to) !== undefined);
};
