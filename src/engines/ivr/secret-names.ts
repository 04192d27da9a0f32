import type { FlowDefinition } from './flow.js';
import { variablesIn } from './templates.js';

/**
 * Variables that nobody may see whoever sets them: those that PIN steps compare an entry with (a PIN or its hash, as a
 * look-up gave it), and those that `set` steps make them of.
 */
export function secretNamesOf(flows: readonly FlowDefinition[]): readonly string[] {
  const steps = flows.flatMap(({ steps }) => Object.values(steps));
  const assigned = steps.flatMap((step) => (step.kind === 'set' ? step.assign : []));
  const names = new Set(
    steps.flatMap((step) => (step.kind === 'pin' ? variablesIn(step.expected) : [])),
  );
  // A set goes on to what is added while it is read: names behind names are found too.
  for (const name of names)
    for (const { variable, value } of assigned)
      if (variable === name) for (const source of variablesIn(value)) names.add(source);
  return [...names];
}
