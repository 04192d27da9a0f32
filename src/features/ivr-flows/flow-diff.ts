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

/** What is different, by the ids of steps. */
export interface StepChanges {
  /** In the order of the later steps. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly moved: readonly string[];
  /** In the order of the earlier ones. */
  readonly removed: readonly string[];
}

/** Compares two sets of steps. Steps are the same by id; a renamed step counts as changed. */
export function changesBetween(
  before: FlowDefinition | undefined,
  after: FlowDefinition,
): StepChanges {
  const old = new Map(Object.entries(before?.steps ?? {}));
  const added: string[] = [];
  const changed: string[] = [];
  const moved: string[] = [];
  for (const [id, step] of Object.entries(after.steps)) {
    const was = old.get(id);
    if (was === undefined) added.push(id);
    else if (!sameValue(still(was), still(step))) changed.push(id);
    else if (!sameValue(was.position, step.position)) moved.push(id);
  }
  const removed = [...old.keys()].filter((id) => !Object.hasOwn(after.steps, id));
  return { added, changed, moved, removed };
}

/** The same by the labels of steps. */
export function diffFlows(before: FlowDefinition | undefined, after: FlowDefinition): FlowDiff {
  const { added, changed, moved, removed } = changesBetween(before, after);
  const labels = (flow: FlowDefinition | undefined, ids: readonly string[]): readonly string[] =>
    ids.map((id) => flow?.steps[id]?.label ?? id);
  return {
    added: labels(after, added),
    changed: labels(after, changed),
    removed: labels(before, removed),
    moved: labels(after, moved),
    startMoved: before !== undefined && before.start !== after.start,
  };
}

/** True where there is nothing to publish. */
export const isSameFlow = (diff: FlowDiff): boolean =>
  !diff.startMoved &&
  [diff.added, diff.changed, diff.removed, diff.moved].every((labels) => labels.length === 0);

/** A step without its place in the drawing. */
const still = (step: FlowStep): object => ({ ...step, position: undefined });

/** Equality of plain values; the order of properties does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && sameValue(value, right.get(name)))
  );
}
