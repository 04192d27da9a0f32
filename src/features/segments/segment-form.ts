import { z } from 'zod';
import { problem, textField } from '../../kernel/fields.js';
import type { ContactFieldDraft } from '../contacts/index.js';
import {
  conditionProblem,
  formOf,
  MAX_CONDITIONS,
  OPERATORS,
  type Condition,
  type SegmentFilter,
} from './segment-filter.js';
import type { SegmentDraft } from './segment.js';

const texts = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** The form: a condition a row, each with `field`, `operator`, `value` and `value2`. Rows without a field are left out. */
export const segmentSchema = (fields: readonly ContactFieldDraft[]) =>
  z
    .object({
      name: textField({ max: 80 }),
      match: z.enum(['all', 'any']).default('all'),
      field: texts,
      operator: texts,
      value: texts,
      value2: texts,
    })
    .transform((form, context): SegmentDraft => {
      const conditions: Condition[] = [];
      for (const [at, field] of form.field.entries()) {
        if (field === '') continue;
        const operator = OPERATORS.find((known) => known === form.operator[at]) ?? 'is';
        const condition = {
          field,
          operator,
          values: valuesOf(field, operator, [form.value[at] ?? '', form.value2[at] ?? ''], fields),
        };
        const wrong = conditionProblem(condition, fields);
        if (wrong !== undefined)
          context.addIssue({
            ...problem(wrong),
            path: ['conditions', String(conditions.length)],
          });
        conditions.push(condition);
      }
      if (conditions.length === 0)
        context.addIssue({ ...problem('segments.problem.none'), path: ['conditions'] });
      if (conditions.length > MAX_CONDITIONS)
        context.addIssue({
          ...problem('segments.problem.too-many', { max: MAX_CONDITIONS }),
          path: ['conditions'],
        });
      return { name: form.name, filter: { match: form.match, conditions } };
    });

function valuesOf(
  field: string,
  operator: Condition['operator'],
  [first, second]: readonly [string, string],
  fields: readonly ContactFieldDraft[],
): string[] {
  if (operator === 'empty' || operator === 'not-empty' || field.startsWith('list:')) return [];
  if (operator === 'between') return [first.trim(), second.trim()];
  const isList = operator === 'one-of' || formOf(field, fields) === 'phone';
  const typed = isList ? first.split(/[,;，；\n]/) : [first];
  const values = typed.map((value) => value.trim()).filter((value) => value !== '');
  return formOf(field, fields) === 'phone'
    ? values.map((value) => value.replaceAll(/[\s().-]/g, '').replace(/^00/, '+'))
    : values;
}

/** A row of the form. */
export interface ConditionRow {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
  readonly value2: string;
}

/** A filter as rows of the form. */
export const rowsOf = ({ conditions }: SegmentFilter): readonly ConditionRow[] =>
  conditions.map(({ field, operator, values }) => ({
    field,
    operator,
    value: operator === 'between' ? (values[0] ?? '') : values.join(', '),
    value2: operator === 'between' ? (values[1] ?? '') : '',
  }));
