import type { ExitName } from './exits.js';
import type { FlowStep, StepOf } from './flow.js';
import { bindNames } from './sql-text.js';
import { variablesIn } from './templates.js';

/** A text of a step in which variables may stand. */
export interface StepTemplate {
  readonly field: string;
  readonly text: string;
}

const text = (field: string, value: string | undefined): readonly StepTemplate[] =>
  value === undefined ? [] : [{ field, text: value }];

/** Texts of a step that are filled in when it runs. What only asks whether a variable is empty reads nothing. */
export function templatesOf(step: FlowStep): readonly StepTemplate[] {
  switch (step.kind) {
    case 'say':
      return text('value', step.value);
    case 'pin':
      return [...text('expected', step.expected), ...text('subject', step.subject)];
    case 'set':
      return step.assign.flatMap((one) => text('assign', one.value));
    case 'condition':
      return step.branches.flatMap((branch) => branch.all.flatMap(comparedTexts));
    case 'http':
      return [
        ...text('url', step.url),
        ...step.headers.flatMap((header) => text('headers', header.value)),
        ...text('body', step.body),
      ];
    case 'webhook':
      return [...text('url', step.url), ...text('body', step.body)];
    case 'customer':
      return text('by', step.by);
    case 'queue':
      return Object.values(step.tags ?? {}).flatMap((value) => text('tags', value));
    case 'appointment':
      return [...text('number', step.number), ...text('when', step.when)];
    case 'outside':
    case 'callback':
      return text('number', step.number);
    default:
      return [];
  }
}

function comparedTexts(
  test: StepOf<'condition'>['branches'][number]['all'][number],
): readonly StepTemplate[] {
  if (test.operator === 'is-empty' || test.operator === 'is-not-empty') return [];
  return [...text('branches', test.left), ...text('branches', test.right)];
}

/** A variable that a step reads or sets, and the field that names it. */
export interface NamedVariable {
  readonly field: string;
  readonly name: string;
}

/** Every variable that a step reads. */
export function readsOf(step: FlowStep): readonly NamedVariable[] {
  const inTexts = templatesOf(step).flatMap(({ field, text: template }) =>
    variablesIn(template).map((name) => ({ field, name })),
  );
  if (step.kind !== 'sql') return inTexts;
  return bindNames(step.query).names.map((name) => ({ field: 'query', name }));
}

/** The variables that a step names to set them. */
export function targetsOf(step: FlowStep): readonly NamedVariable[] {
  switch (step.kind) {
    case 'collect':
    case 'record':
      return [{ field: 'variable', name: step.variable }];
    case 'set':
      return step.assign.map((one) => ({ field: 'assign', name: one.variable }));
    case 'http':
    case 'sql':
      return step.answers.map((one) => ({ field: 'answers', name: one.variable }));
    default:
      return [];
  }
}

/** Stands for every variable that a customer look-up may set: which ones depends on what is known. */
export const CUSTOMER = 'customer_';

/** One name for all that come together. */
export const familyOf = (name: string): string => (name.startsWith(CUSTOMER) ? CUSTOMER : name);

/** Variables that have a value after a step was left by an exit. */
export function setBy(step: FlowStep, exit: ExitName): readonly string[] {
  const targets = targetsOf(step).map(({ name }) => familyOf(name));
  switch (step.kind) {
    case 'set':
      return targets;
    case 'collect':
    case 'record':
      return exit === 'next' ? targets : [];
    case 'http':
      return exit === 'next' ? [...targets, 'http_error'] : ['http_error'];
    case 'sql':
      if (exit === 'found') return targets;
      return exit === 'error' ? ['sql_error'] : [];
    case 'customer':
      return exit === 'found' ? [CUSTOMER] : [];
    default:
      return [];
  }
}
