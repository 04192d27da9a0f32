import type { FlowDefinition } from '../../engines/ivr/flow.js';
import { targetsOf } from '../../engines/ivr/step-variables.js';
import { BUILT_IN } from '../../engines/ivr/variables.js';

/** Names of variables that texts of a flow can hold: those of every call, then those that its steps set. */
export const variablesOf = (definition: FlowDefinition): readonly string[] => [
  ...new Set([
    ...BUILT_IN,
    ...Object.values(definition.steps)
      .flatMap(targetsOf)
      .map(({ name }) => name)
      .filter((name) => name !== ''),
  ]),
];
