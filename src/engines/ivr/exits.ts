import type { FlowDefinition, FlowStep } from './flow.js';

/** The named ways out of a step; `key-1` to `key-9`, `key-0`, `key-*`, `key-#` are the keys of a menu. */
export type ExitName =
  'next' | `key-${string}` | 'no-input' | 'wrong-key' | 'open' | 'closed' | 'no-answer';

export interface Exit {
  readonly name: ExitName;
  /** Id of the step that follows; '' where none has been chosen yet. */
  readonly to: string;
}

/** The order of keys on a phone, which is the order in which people read them out. */
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'] as const;

/** Every way out of a step, in the order in which pages show them. Steps that end a flow have none. */
export function exitsOf(step: FlowStep): readonly Exit[] {
  switch (step.kind) {
    case 'play':
    case 'language':
      return [{ name: 'next', to: step.next }];
    case 'menu':
      return [
        ...KEYS.flatMap((key): Exit[] => {
          const to = step.choices[key];
          return to === undefined ? [] : [{ name: `key-${key}`, to }];
        }),
        { name: 'no-input', to: step.noInput },
        { name: 'wrong-key', to: step.wrongKey },
      ];
    case 'hours':
      return [
        { name: 'open', to: step.open },
        { name: 'closed', to: step.closed },
      ];
    case 'extension':
      return step.noAnswer === undefined ? [] : [{ name: 'no-answer', to: step.noAnswer }];
    case 'queue':
    case 'voicemail':
    case 'hangup':
      return [];
  }
}

/** The step with one of its exits leading elsewhere; an exit that the step does not have changes nothing. */
export function withExit(step: FlowStep, name: ExitName, to: string): FlowStep {
  if (!exitsOf(step).some((exit) => exit.name === name)) return step;
  switch (step.kind) {
    case 'play':
    case 'language':
      return { ...step, next: to };
    case 'menu':
      if (name === 'no-input') return { ...step, noInput: to };
      if (name === 'wrong-key') return { ...step, wrongKey: to };
      return { ...step, choices: { ...step.choices, [name.slice('key-'.length)]: to } };
    case 'hours':
      return name === 'open' ? { ...step, open: to } : { ...step, closed: to };
    case 'extension':
      return { ...step, noAnswer: to };
    case 'queue':
    case 'voicemail':
    case 'hangup':
      return step;
  }
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
