import { z } from 'zod';

/**
 * How a condition compares. `is`, `one-of` and `begins` compare text without case; `between` includes both ends; `empty` asks for
 * no value.
 */
export const OPERATORS = [
  'is',
  'is-not',
  'one-of',
  'begins',
  'between',
  'empty',
  'not-empty',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What each thing that can be asked for is made of; it says which operators fit and how values read. */
export type FieldForm =
  'text' | 'number' | 'date' | 'phone' | 'consent' | 'result' | 'flag' | 'list';

/** What every site can ask for, besides `field:<key>` and `list:<id>`. */
export const KNOWN_FIELDS: Readonly<Record<string, FieldForm>> = {
  name: 'text',
  company: 'text',
  key: 'text',
  language: 'text',
  country: 'text',
  zone: 'text',
  number: 'phone',
  consent: 'consent',
  created: 'date',
  'last-attempt': 'date',
  'last-result': 'result',
  reachable: 'flag',
  'do-not-call': 'flag',
};

export const OPERATORS_OF: Readonly<Record<FieldForm, readonly Operator[]>> = {
  text: ['is', 'is-not', 'one-of', 'begins', 'between', 'empty', 'not-empty'],
  number: ['is', 'is-not', 'one-of', 'between', 'empty', 'not-empty'],
  date: ['is', 'is-not', 'between', 'empty', 'not-empty'],
  phone: ['begins'],
  consent: ['is', 'is-not', 'one-of'],
  result: ['is', 'is-not', 'one-of', 'empty', 'not-empty'],
  flag: ['is', 'is-not'],
  list: ['is', 'is-not'],
};

export const CONSENT_WORDS = ['given', 'withdrawn', 'none'] as const;
export const RESULT_WORDS = [
  ...['human', 'abandoned', 'machine', 'fax', 'busy', 'no-answer', 'invalid'],
  ...['rejected', 'congestion', 'hung-up', 'cancelled', 'failed'],
] as const;

const conditionSchema = z.object({
  /** A key of {@link KNOWN_FIELDS}, `field:<key>` of one of the site's own fields, or `list:<id>`. */
  field: z.string().max(80),
  operator: z.enum(OPERATORS),
  values: z.array(z.string().max(400)).max(100),
});
export type Condition = z.infer<typeof conditionSchema>;

export const MAX_CONDITIONS = 20;

/** People by what is known of them: a saved filter. What a campaign may call is decided by its rules, not here. */
export const segmentFilterSchema = z.object({
  match: z.enum(['all', 'any']),
  conditions: z.array(conditionSchema).min(1).max(MAX_CONDITIONS),
});
export type SegmentFilter = z.infer<typeof segmentFilterSchema>;

type OwnField = { readonly key: string; readonly kind: string };

/** What a field is made of; undefined for one that is not there. */
export function formOf(field: string, own: readonly OwnField[]): FieldForm | undefined {
  if (field.startsWith('list:')) return /^list:[1-9]\d{0,9}$/.test(field) ? 'list' : undefined;
  if (!field.startsWith('field:')) return KNOWN_FIELDS[field];
  const kind = own.find(({ key }) => `field:${key}` === field)?.kind;
  return kind === undefined
    ? undefined
    : kind === 'number' || kind === 'date' || kind === 'flag'
      ? kind
      : 'text';
}

/** What is wrong with a condition, as a key of the catalog; undefined where nothing is. */
export function conditionProblem(
  { field, operator, values }: Condition,
  own: readonly OwnField[],
): string | undefined {
  const form = formOf(field, own);
  if (form === undefined) return 'segments.problem.field';
  if (!OPERATORS_OF[form].includes(operator)) return 'segments.problem.operator';
  if (form === 'list' || operator === 'empty' || operator === 'not-empty') return undefined;
  const needed = operator === 'between' ? 2 : 1;
  if (values.length < needed || values.slice(0, needed).some((value) => value === ''))
    return operator === 'between' ? 'segments.problem.two-values' : 'segments.problem.value';
  return values.every((value) => fits(form, value)) ? undefined : `segments.problem.${form}`;
}

function fits(form: FieldForm, value: string): boolean {
  switch (form) {
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value));
    case 'date':
      return (
        /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(new Date(`${value}T00:00:00Z`).getTime())
      );
    case 'phone':
      return /^\+\d{1,15}$/.test(value);
    case 'consent':
      return (CONSENT_WORDS as readonly string[]).includes(value);
    case 'result':
      return (RESULT_WORDS as readonly string[]).includes(value);
    case 'flag':
      return value === 'yes' || value === 'no';
    case 'text':
    case 'list':
      return true;
  }
}
