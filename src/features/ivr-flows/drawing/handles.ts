import { KEYS, exitsOf, findStep, type ExitName } from '../../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../../engines/ivr/flow.js';
import type { Translate } from '../../../web/kit/index.js';
import { exitLabels, exitName } from '../step-texts.js';
import { textWidth } from './text-width.js';

const LABEL_SIZE = 11;
const LEAST_WIDTH = 22;

/** A way out of a card with its label: exits with one target together, each exit that leads nowhere by itself. */
export interface Handle {
  readonly names: readonly ExitName[];
  /** Each of the exits in words. */
  readonly labels: readonly string[];
  /** '' for the only way on. */
  readonly label: string;
  readonly width: number;
  /** '' where it leads nowhere. */
  readonly to: string;
  readonly isOpen: boolean;
}

/** The handles of every card, that of the entry too. With `isEditable` also of exits that a step may get. */
export function handlesOf(
  { definition, isEditable, t }: HandleInput,
  entry: string,
): ReadonlyMap<string, readonly Handle[]> {
  const start = existing(definition, definition.start);
  const first = handle(['next'], '', start);
  return new Map([
    [entry, [first]],
    ...Object.entries(definition.steps).map(
      ([id, step]) =>
        [
          id,
          [...handlesOfStep(definition, step, t), ...(isEditable ? offeredExits(step, t) : [])],
        ] as const,
    ),
  ]);
}

interface HandleInput {
  readonly definition: FlowDefinition;
  readonly isEditable: boolean;
  readonly t: Translate;
}

/** An exit to a step that is gone leads nowhere. */
const existing = (definition: FlowDefinition, id: string): string =>
  findStep(definition, id) === undefined ? '' : id;

const handle = (
  names: readonly ExitName[],
  label: string,
  to: string,
  labels: readonly string[] = [label],
): Handle => ({
  names,
  labels,
  label,
  width: label === '' ? 0 : Math.max(LEAST_WIDTH, textWidth(label, LABEL_SIZE) + 14),
  to,
  isOpen: to === '',
});

function handlesOfStep(
  definition: FlowDefinition,
  step: FlowStep,
  t: Translate,
): readonly Handle[] {
  const groups = new Map<string, ExitName[]>();
  for (const { name, to } of exitsOf(step)) {
    const target = existing(definition, to);
    // The key of the map keeps open exits apart.
    const key = target === '' ? `:${name}` : target;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([key, names]) =>
    handle(
      names,
      exitLabels(step, names, t),
      key.startsWith(':') ? '' : key,
      names.map((name) => exitName(step, name, t)),
    ),
  );
}

/** Exits that a step does not have yet and may get: the next key of a menu, the way on of an extension. */
function offeredExits(step: FlowStep, t: Translate): readonly Handle[] {
  if (step.kind === 'menu') {
    const free = KEYS.find((key) => step.choices[key] === undefined);
    return free === undefined ? [] : [handle([`key-${free}`], '+', '')];
  }
  if (step.kind === 'extension' && step.noAnswer === undefined)
    return [handle(['no-answer'], t('flow.exit.no-answer'), '')];
  return [];
}
