import { z } from 'zod';
import { MAX_LEVEL, type RelaxStep } from '../../engines/acd/requirement.js';
import { MAX_RELAX_STEPS, MAX_STICKY_MS, MAX_VALUES } from '../../engines/routing/rule-schema.js';
import {
  MAX_HISTORY_DAYS,
  MAX_PRIORITY,
  type Condition,
  type ConditionKind,
  type Effect,
  type EffectKind,
} from '../../engines/routing/rule.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import {
  choiceField,
  flagField,
  idsField,
  integerField,
  parseSeconds,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { RoutingRuleDraft } from './routing-rule.js';

/** Conditions of one rule at most, and effects as many. */
export const MAX_ROWS = 20;
const MAX_SEEN_CALLS = 100;

const parts = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\n,;，；、]/)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
];

/** Several texts, by commas or lines; each goes through `read`, whose undefined is the problem `message`. */
const listField = (read: (part: string) => string | undefined, message: string) =>
  z.string('form.problem.needed').transform((text, context): readonly string[] => {
    const found = parts(text);
    if (found.length === 0) context.addIssue(problem('form.problem.needed'));
    else if (found.length > MAX_VALUES)
      context.addIssue(problem('routing.problem.too-many', { max: MAX_VALUES }));
    const values = found.map((part) => ({ part, value: read(part) }));
    const wrong = values.find((one) => one.value === undefined);
    if (wrong !== undefined) context.addIssue(problem(message, { value: wrong.part }));
    return values.flatMap((one) => one.value ?? []);
  });

const readPrefix = (text: string): string | undefined => {
  const plain = text.replace(/[\s().-]/g, '').replace(/^00/, '+');
  return /^\+?[1-9]\d{0,14}$/.test(plain) ? plain : undefined;
};
const readNumber = (country: string) => (text: string) => {
  const number = normaliseNumber(text, country);
  return /^\+?\d{2,15}$/.test(number) ? number : undefined;
};

/** The id of a select that must be chosen. */
const idField = () =>
  z.union([z.string(), z.number()], 'form.problem.choose').transform((value, context): number => {
    if (/^[1-9]\d{0,9}$/.test(String(value))) return Number(value);
    context.addIssue(problem('form.problem.choose'));
    return z.NEVER;
  });
const someIdsField = () =>
  idsField<never>().superRefine((ids, context) => {
    if (ids.length === 0) context.addIssue(problem('routing.problem.choose-some'));
    if (ids.length > MAX_VALUES)
      context.addIssue(problem('routing.problem.too-many', { max: MAX_VALUES }));
  });
const languagesField = () =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly Language[] => {
      const typed = Array.isArray(value) ? value : [value];
      const chosen = LANGUAGES.filter((language) => typed.includes(language));
      if (chosen.length === 0) context.addIssue(problem('routing.problem.choose-some'));
      return chosen;
    });
const yesField = () => choiceField(['yes', 'no']).transform((value) => value === 'yes');
const stickyField = () =>
  secondsField(1, MAX_STICKY_MS / 1_000).transform((seconds) => seconds * 1_000);

/** `0:30 60` a line: from that wait on, that level is enough. Times ascend, levels descend. */
const relaxField = () =>
  z
    .string()
    .optional()
    .transform((text, context): readonly RelaxStep[] => {
      const lines = parts(text ?? '');
      const steps = lines.map(readStep);
      const isOrdered = steps.every((step, at) => {
        const before = steps[at - 1];
        return (
          at === 0 ||
          (step !== undefined &&
            before !== undefined &&
            step.afterMs > before.afterMs &&
            step.minLevel < before.minLevel)
        );
      });
      if (steps.includes(undefined) || !isOrdered || steps.length > MAX_RELAX_STEPS)
        context.addIssue(problem('routing.problem.relax', { max: MAX_RELAX_STEPS }));
      return steps.flatMap((step) => step ?? []);
    });

function readStep(line: string): RelaxStep | undefined {
  const [, wait = '', level = ''] = /^(\S+)\s+(\d{1,3})$/.exec(line) ?? [];
  const seconds = parseSeconds(wait);
  if (seconds === undefined || seconds < 1 || Number(level) >= MAX_LEVEL) return undefined;
  return { afterMs: seconds * 1_000, minLevel: Number(level) };
}

const attributeName = () => textField({ max: 40 });
const someTexts = () =>
  listField((text) => (text.length <= 200 ? text : undefined), 'routing.problem.long-value');
const days = () => integerField(1, MAX_HISTORY_DAYS);
const amount = () => integerField(-1_000_000_000, 1_000_000_000);

const conditionsSchema = (country: string) =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal(['did', 'queue', 'region', 'contact-in-list']),
      ids: someIdsField(),
    }),
    z.object({
      kind: z.literal('caller-begins'),
      prefixes: listField(readPrefix, 'routing.problem.prefix'),
    }),
    z.object({
      kind: z.literal('caller-is'),
      numbers: listField(readNumber(country), 'routing.problem.number'),
    }),
    z.object({ kind: z.literal('language'), languages: languagesField() }),
    z.object({
      kind: z.literal('attribute-is'),
      name: attributeName(),
      values: someTexts(),
    }),
    z.object({ kind: z.literal('attribute-at-least'), name: attributeName(), value: amount() }),
    z.object({ kind: z.literal('calendar'), id: idField(), isOpen: yesField() }),
    z.object({
      kind: z.literal('called-lately'),
      days: days(),
      times: integerField(1, MAX_SEEN_CALLS),
    }),
    z.object({ kind: z.literal('talked-lately'), days: days() }),
    z.object({ kind: z.literal('customer-value'), atLeast: amount() }),
    z.object({ kind: z.literal('contact-field-is'), field: idField(), values: someTexts() }),
    z.object({ kind: z.literal('contact-field-at-least'), field: idField(), value: amount() }),
  ]);

const effectsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('priority-add'), value: integerField(-MAX_PRIORITY, MAX_PRIORITY) }),
  z.object({ kind: z.literal('priority-set'), value: integerField(0, MAX_PRIORITY) }),
  z.object({ kind: z.literal('priority-from-contact'), field: idField() }),
  z.object({ kind: z.literal('vip') }),
  z.object({
    kind: z.literal('skill'),
    skill: idField(),
    minLevel: integerField(1, MAX_LEVEL),
    isRequired: yesField(),
    relax: relaxField(),
  }),
  z.object({ kind: z.literal('queue'), queue: idField() }),
  z.object({ kind: z.literal('last-agent'), forMs: stickyField() }),
  z.object({ kind: z.literal('agent'), agent: idField(), forMs: stickyField() }),
  z.object({
    kind: z.literal('attribute'),
    name: attributeName(),
    value: textField({ min: 0, max: 200 }),
  }),
  z.object({ kind: z.literal('stop') }),
]);

/** The form. Its rows come as `conditions.0.kind`, `conditions.0.ids` ...; `country` is where national numbers belong. */
export const ruleSchema = (country: string) =>
  z.preprocess(
    (body) => {
      const flat = body as FlatValues;
      return { ...flat, conditions: rowsOf(flat, 'conditions'), effects: rowsOf(flat, 'effects') };
    },
    z.object({
      name: textField({ max: 80 }),
      enabled: flagField(),
      conditions: z
        .array(conditionsSchema(country))
        .max(MAX_ROWS, 'routing.problem.too-many-rows')
        .transform((rows) => rows as readonly Condition[]),
      effects: z
        .array(effectsSchema)
        .max(MAX_ROWS, 'routing.problem.too-many-rows')
        .transform((rows) => rows as readonly Effect[]),
    }),
  );

/** Values by name as forms send and show them. */
export type FlatValues = Readonly<Record<string, unknown>>;
export type RowGroup = 'conditions' | 'effects';
/** One row of the form: its kind and its fields as typed. */
export type FormRow = { readonly kind: string } & FlatValues;

/** The rows of a form in order; gaps in their numbers are closed. */
export function rowsOf(flat: FlatValues, group: RowGroup): readonly FormRow[] {
  const rows = new Map<number, Record<string, unknown>>();
  for (const [name, value] of Object.entries(flat)) {
    const [, of, at, field] =
      /^(conditions|effects)\.(\d{1,2})\.([A-Za-z]{1,20})$/.exec(name) ?? [];
    if (of !== group || field === undefined) continue;
    const row = rows.get(Number(at)) ?? {};
    row[field] = value;
    rows.set(Number(at), row);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([, row]) => ({ ...row, kind: typeof row['kind'] === 'string' ? row['kind'] : '' }));
}

/** Rows as a form names their fields. */
export const flatRows = (group: RowGroup, rows: readonly FormRow[]): FlatValues =>
  Object.fromEntries(
    rows.flatMap((row, at) =>
      Object.entries(row).map(([field, value]) => [`${group}.${String(at)}.${field}`, value]),
    ),
  );

/** A stored rule as the form shows it. */
export const ruleValues = (rule: RoutingRuleDraft): FlatValues => ({
  name: rule.name,
  enabled: rule.enabled,
  ...flatRows('conditions', rule.conditions.map(typedRow)),
  ...flatRows('effects', rule.effects.map(typedRow)),
});

const clock = (ms: number): string =>
  `${String(Math.floor(ms / 60_000))}:${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')}`;

/** A condition or an effect as it would be typed. */
function typedRow(row: Condition | Effect): FormRow {
  const typed = Object.entries(row).map(([field, value]: [string, unknown]) => {
    if (field === 'relax')
      return [
        field,
        (value as readonly RelaxStep[])
          .map((step) => `${clock(step.afterMs)} ${String(step.minLevel)}`)
          .join('\n'),
      ];
    if (field === 'forMs') return [field, String((value as number) / 1_000)];
    if (typeof value === 'boolean') return [field, value ? 'yes' : 'no'];
    if (field === 'prefixes' || field === 'numbers' || field === 'values')
      return [field, (value as readonly string[]).join(', ')];
    return [field, Array.isArray(value) ? value.map(String) : String(value)];
  });
  return { kind: row.kind, ...(Object.fromEntries(typed) as FlatValues) };
}

export const CONDITION_KINDS = [
  'did',
  'queue',
  'caller-begins',
  'caller-is',
  'region',
  'language',
  'attribute-is',
  'attribute-at-least',
  'calendar',
  'called-lately',
  'talked-lately',
  'customer-value',
  'contact-field-is',
  'contact-field-at-least',
  'contact-in-list',
] as const satisfies readonly ConditionKind[];
export const EFFECT_KINDS = [
  'priority-add',
  'priority-set',
  'priority-from-contact',
  'vip',
  'skill',
  'queue',
  'last-agent',
  'agent',
  'attribute',
  'stop',
] as const satisfies readonly EffectKind[];
