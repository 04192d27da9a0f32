import {
  exitsOf,
  findStep,
  KEYS,
  mapExits,
  withExit,
  type ExitName,
} from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep, StepKind } from '../../engines/ivr/flow.js';
import { blankStep } from './blank-step.js';
import { isStepKind } from './flow.js';

/** Where a new step goes: behind this exit, or, with '' for the step, at the beginning of the flow. */
export interface Place {
  readonly step: string;
  readonly exit: ExitName;
}

/** An id that the flow does not have: the word, or the word and a number. */
export function freeId(flow: FlowDefinition, word: string): string {
  const base = word.replace(/-\d+$/, '').slice(0, 30);
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}-${String(count)}`;
    if (!Object.hasOwn(flow.steps, id)) return id;
  }
}

/** A label that no other step has: the text, or the text and a number. */
export function freeLabel(flow: FlowDefinition, text: string): string {
  const taken = new Set(Object.values(flow.steps).map((step) => step.label));
  for (let count = 1; ; count += 1) {
    const ending = count === 1 ? '' : ` ${String(count)}`;
    const label = `${text.slice(0, 80 - ending.length)}${ending}`;
    if (!taken.has(label)) return label;
  }
}

export interface Added {
  readonly flow: FlowDefinition;
  /** Id of the step that was added. */
  readonly id: string;
}

/** Adds a blank step. Behind an exit it takes over what the exit led to, so that nothing comes loose. */
export function addStep(
  flow: FlowDefinition,
  kind: StepKind,
  label: string,
  place: Place | undefined,
): Added {
  const id = freeId(flow, kind);
  const blank = blankStep(kind, freeLabel(flow, label));
  const before = place && findStep(flow, place.step);
  if (place === undefined || (place.step !== '' && before === undefined)) {
    const start = flow.start === '' ? id : flow.start;
    return { id, flow: { start, steps: { ...flow.steps, [id]: blank } } };
  }
  const taken =
    before === undefined
      ? flow.start
      : (exitsOf(before).find((exit) => exit.name === place.exit)?.to ?? '');
  const steps = { ...flow.steps, [id]: continueTo(blank, taken) };
  if (before === undefined) return { id, flow: { start: id, steps } };
  return {
    id,
    flow: { ...flow, steps: { ...steps, [place.step]: withExit(before, place.exit, id) } },
  };
}

/** Exits that callers usually leave by. */
const USUAL_EXITS: readonly ExitName[] = [
  'next',
  'open',
  'ok',
  'found',
  'otherwise',
  'accepted',
  'no-answer',
];

/** The exits that callers usually leave by lead to `to`; of a menu those without a key that counts. */
function continueTo(step: FlowStep, to: string): FlowStep {
  if (to === '') return step;
  if (step.kind === 'menu') return { ...step, noInput: to, wrongKey: to };
  if (step.kind === 'extension') return { ...step, noAnswer: to };
  return mapExits(step, (exit) => (USUAL_EXITS.includes(exit.name) ? to : exit.to));
}

/** Takes a step out. What led to it leads on to what followed, where that is one step; else those exits are open. */
export function deleteStep(flow: FlowDefinition, id: string): FlowDefinition {
  const gone = findStep(flow, id);
  if (gone === undefined) return flow;
  const exits = exitsOf(gone);
  const only = exits.length === 1 && exits[0]?.to !== id ? (exits[0]?.to ?? '') : '';
  const lead = (to: string): string => (to === id ? only : to);
  const steps = Object.entries(flow.steps)
    .filter(([other]) => other !== id)
    .map(([other, step]) => [other, mapExits(step, (exit) => lead(exit.to))]);
  return { start: lead(flow.start), steps: Object.fromEntries(steps) as FlowDefinition['steps'] };
}

/** A second step like this one, to which nothing leads yet. */
export function duplicateStep(flow: FlowDefinition, id: string): Added {
  const original = findStep(flow, id);
  if (original === undefined) return { flow, id };
  const { position: _, ...step } = original;
  const copy = freeId(flow, id);
  const label = freeLabel(flow, step.label);
  return { id: copy, flow: { ...flow, steps: { ...flow.steps, [copy]: { ...step, label } } } };
}

/** What a select of exits offers beside the flow's steps: `+queue` makes a new step of that kind. */
export const newStepOption = (kind: StepKind): string => `+${kind}`;

/**
 * Puts a step in place of what was there. Exits that ask for a new step (`+queue`) get one; exits to steps that do not
 * exist are open. `labelOf` names new steps.
 */
export function replaceStep(
  flow: FlowDefinition,
  id: string,
  step: FlowStep,
  labelOf: (kind: StepKind) => string,
): FlowDefinition {
  const position = findStep(flow, id)?.position;
  const moved: FlowStep = position === undefined ? step : { ...step, position };
  let grown: FlowDefinition = { ...flow, steps: { ...flow.steps, [id]: moved } };
  const connected = mapExits(moved, ({ to }) => {
    const kind = to.startsWith('+') ? to.slice(1) : '';
    if (!isStepKind(kind)) return findStep(flow, to) === undefined ? '' : to;
    const added = addStep(grown, kind, labelOf(kind), undefined);
    grown = { ...added.flow, start: grown.start };
    return added.id;
  });
  return { ...grown, steps: { ...grown.steps, [id]: connected } };
}

/** A place in the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Puts a step where somebody moved it. */
export function placeStep(flow: FlowDefinition, id: string, position: Point): FlowDefinition {
  const step = findStep(flow, id);
  if (step === undefined) return flow;
  return { ...flow, steps: { ...flow.steps, [id]: { ...step, position } } };
}

/** Forgets where steps were moved to: the layout places all of them. */
export const tidyFlow = (flow: FlowDefinition): FlowDefinition => ({
  ...flow,
  steps: Object.fromEntries(
    Object.entries(flow.steps).map(([id, { position: _, ...step }]) => [id, step]),
  ) as FlowDefinition['steps'],
});

/**
 * Leads one exit to a step, or nowhere (''). The step '' is the beginning of the flow. A menu gets a key that it did not
 * have, or loses one that leads nowhere; an exit or a step that cannot be changes nothing.
 */
export function connectExit(
  flow: FlowDefinition,
  id: string,
  exit: string,
  to: string,
): FlowDefinition {
  if (to !== '' && findStep(flow, to) === undefined) return flow;
  if (id === '') return { ...flow, start: to };
  const step = findStep(flow, id);
  if (step === undefined) return flow;
  return { ...flow, steps: { ...flow.steps, [id]: ledTo(step, exit as ExitName, to) } };
}

function ledTo(step: FlowStep, exit: ExitName, to: string): FlowStep {
  const key = KEYS.find((known) => exit === `key-${known}`);
  if (step.kind === 'menu' && key !== undefined) {
    const { [key]: _, ...others } = step.choices;
    return { ...step, choices: to === '' ? others : { ...others, [key]: to } };
  }
  if (step.kind === 'extension' && exit === 'no-answer') {
    const { noAnswer: _, ...rest } = step;
    return to === '' ? rest : { ...rest, noAnswer: to };
  }
  return withExit(step, exit, to);
}
