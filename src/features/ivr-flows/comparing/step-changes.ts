import { exitField, exitsOf, type ExitName } from '../../../engines/ivr/exits.js';
import type { FlowStep } from '../../../engines/ivr/flow.js';
import { sameValue } from '../flow-diff.js';

/** A field of a step that has another value; undefined where one of the two has none. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** An exit that leads elsewhere: to the ids of steps, '' to nowhere, undefined where the step has no such exit. */
export interface ExitChange {
  readonly exit: ExitName;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface StepDifference {
  readonly fields: readonly FieldChange[];
  readonly exits: readonly ExitChange[];
}

/** Compares two states of one step: its fields, and where it leads. Where it stands in the drawing does not count. */
export function differenceOf(before: FlowStep, after: FlowStep): StepDifference {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return {
    fields: names
      .filter((field) => !sameValue(old[field], now[field]))
      .map((field) => ({ field, before: old[field], after: now[field] })),
    exits: exitChanges(before, after),
  };
}

function exitChanges(before: FlowStep, after: FlowStep): readonly ExitChange[] {
  const [old, now] = [exitMap(before), exitMap(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((exit) => ({ exit, before: old.get(exit), after: now.get(exit) }))
    .filter((change) => change.before !== change.after);
}

const exitMap = (step: FlowStep): ReadonlyMap<ExitName, string> =>
  new Map(exitsOf(step).map(({ name, to }) => [name, to]));

/** What a step says besides where it leads and where it stands. A branch of a condition is what it asks. */
function fieldsOf(step: FlowStep): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = { ...step };
  for (const { name } of exitsOf(step)) Reflect.deleteProperty(fields, exitField(step.kind, name));
  Reflect.deleteProperty(fields, 'position');
  if (step.kind === 'menu') Reflect.deleteProperty(fields, 'choices');
  if (step.kind === 'condition')
    fields['branches'] = step.branches.map(({ label, all }) => ({ label, all }));
  return fields;
}
