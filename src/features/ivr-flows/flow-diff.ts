import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';

/** What publishing would change, by the labels of steps. */
export interface FlowDiff {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Steps that stand elsewhere in the drawing: callers hear no difference. */
  readonly moved: readonly string[];
  /** The flow begins with another step. */
  readonly startMoved: boolean;
}

/** Compares two sets of steps. Steps are the same by id; a renamed step counts as changed. */
export function diffFlows(before: FlowDefinition | undefined, after: FlowDefinition): FlowDiff {
  const old = new Map(Object.entries(before?.steps ?? {}));
  const added: string[] = [];
  const changed: string[] = [];
  const moved: string[] = [];
  for (const [id, step] of Object.entries(after.steps)) {
    const was = old.get(id);
    if (was === undefined) added.push(step.label);
    else if (!sameValue(still(was), still(step))) changed.push(step.label);
    else if (!sameValue(was.position, step.position)) moved.push(step.label);
  }
  const removed = [...old]
    .filter(([id]) => !Object.hasOwn(after.steps, id))
    .map(([, step]) => step.label);
  return {
    added,
    changed,
    removed,
    moved,
    startMoved: before !== undefined && before.start !== after.start,
  };
}

/** True where there is nothing to publish. */
export const isSameFlow = (diff: FlowDiff): boolean =>
  !diff.startMoved &&
  [diff.added, diff.changed, diff.removed, diff.moved].every((labels) => labels.length === 0);

/** A step without its place in the drawing. */
const still = ({ position: _, ...step }: FlowStep): object => step;

/** Equality of plain values; the order of properties does not count. */
function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && sameValue(value, right.get(name)))
  );
}
