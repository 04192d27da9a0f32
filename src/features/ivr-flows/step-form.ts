import type { FlowStep, StepKind } from '../../engines/ivr/flow.js';
import type { ParsedFields } from '../../kernel/fields.js';
import { ASKING_FORMS } from './forms/asking-forms.js';
import { DECIDING_FORMS } from './forms/deciding-forms.js';
import type { StepBody, StepForm } from './forms/fields.js';
import { LEADING_FORMS } from './forms/leading-forms.js';
import { SPOKEN_FORMS_OF } from './forms/spoken-forms.js';

const FORMS: { readonly [K in StepKind]: StepForm<K> } = {
  ...SPOKEN_FORMS_OF,
  ...DECIDING_FORMS,
  ...ASKING_FORMS,
  ...LEADING_FORMS,
};

/** Reads a step's form. What is not chosen yet is no problem here: it keeps the flow from being published. */
export const parseStep = (kind: StepKind, body: StepBody): ParsedFields<FlowStep> =>
  FORMS[kind].parse(body);

/** What a step's form shows. */
export function stepValues(step: FlowStep): Readonly<Record<string, unknown>> {
  const form = FORMS[step.kind] as StepForm<StepKind>;
  return form.values(step);
}
