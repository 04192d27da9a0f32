import { exitsOf, findStep, type ExitName } from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';

/** One line of the outline: a step, or a word that callers come back to one further up. */
export interface OutlineLine {
  readonly id: string;
  /** Steps to the right: branches stand under their step, what follows stands under it at the same depth. */
  readonly depth: number;
  /** By which exits callers come here from the step above; none for the first step and for loose ones. */
  readonly via: readonly ExitName[];
  /** The step above, whose exits these are; '' where there is none. */
  readonly from: string;
  /** The step stands further up already. */
  readonly isReference: boolean;
  /** Nothing leads here. */
  readonly isLoose: boolean;
}

type Above = Pick<OutlineLine, 'from' | 'via'>;
const NOTHING: Above = { from: '', via: [] };

/** The way that most callers go on: it continues at the same depth. */
const MAIN_EXITS: readonly ExitName[] = ['next', 'open', 'found', 'ok'];

/** The flow as a list: each step once, in the order in which callers meet them; steps that nothing leads to come last. */
export function outlineOf(flow: FlowDefinition): readonly OutlineLine[] {
  const lines: OutlineLine[] = [];
  const seen = new Set<string>();
  const walk = (id: string, depth: number, above: Above, isLoose: boolean): void => {
    const step = findStep(flow, id);
    if (step === undefined) return;
    const isReference = seen.has(id);
    lines.push({ id, depth, ...above, isReference, isLoose });
    if (isReference) return;
    seen.add(id);
    const targets = targetsOf(step);
    const main = targets.find((target) => target.via.some((exit) => MAIN_EXITS.includes(exit)));
    for (const target of targets)
      if (target !== main) walk(target.to, depth + 1, { from: id, via: target.via }, false);
    if (main) walk(main.to, depth, { from: id, via: main.via }, false);
  };
  walk(flow.start, 0, NOTHING, false);
  for (const id of looseFirst(flow, seen)) if (!seen.has(id)) walk(id, 0, NOTHING, true);
  return lines;
}

/** Unreached steps, those first to which not even another unreached step leads. */
function looseFirst(flow: FlowDefinition, seen: ReadonlySet<string>): readonly string[] {
  const loose = Object.keys(flow.steps).filter((id) => !seen.has(id));
  const led = new Set(
    loose.flatMap((id) => {
      const step = findStep(flow, id);
      return step === undefined ? [] : exitsOf(step).map((exit) => exit.to);
    }),
  );
  return [...loose.filter((id) => !led.has(id)), ...loose.filter((id) => led.has(id))];
}

/** Where a step leads, exits with the same target together. */
export function targetsOf(
  step: FlowStep,
): readonly { readonly to: string; readonly via: readonly ExitName[] }[] {
  const targets = new Map<string, ExitName[]>();
  for (const exit of exitsOf(step)) {
    const known = targets.get(exit.to);
    if (known) known.push(exit.name);
    else targets.set(exit.to, [exit.name]);
  }
  return [...targets].map(([to, via]) => ({ to, via }));
}
