import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';

/** What every call knows of itself. */
const BUILT_IN = [
  'caller_number',
  'caller_name',
  'did',
  'did_label',
  'language',
  'call_id',
  'date',
  'time',
  'weekday',
] as const;

/** Variables that a step sets. */
function setBy(step: FlowStep): readonly string[] {
  switch (step.kind) {
    case 'collect':
    case 'record':
      return [step.variable];
    case 'set':
      return step.assign.map((one) => one.variable);
    case 'http':
      return [...step.answers.map((one) => one.variable), 'http_error'];
    case 'sql':
      return step.answers.map((one) => one.variable);
    default:
      return [];
  }
}

/** Names of variables that texts of a flow can hold: those of every call, then those that its steps set. */
export const variablesOf = (definition: FlowDefinition): readonly string[] => [
  ...new Set([
    ...BUILT_IN,
    ...Object.values(definition.steps)
      .flatMap(setBy)
      .filter((name) => name !== ''),
  ]),
];
