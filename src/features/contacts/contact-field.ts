import { z } from 'zod';
import { patternField, problem, textField } from '../../kernel/fields.js';
import type { ContactFieldId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

export const CONTACT_FIELD_KINDS = ['text', 'number', 'date', 'choice', 'flag'] as const;
export type ContactFieldKind = (typeof CONTACT_FIELD_KINDS)[number];

/** A field of contacts that the site has defined for itself. */
export interface ContactFieldDraft {
  /** Under which its value is kept and which scripts and prompts name: `policy_number`. It does not change. */
  readonly key: string;
  readonly name: string;
  readonly kind: ContactFieldKind;
  /** Of a choice: what can be chosen. */
  readonly choices: readonly string[];
}
export interface StoredContactField extends Versioned<ContactFieldId>, ContactFieldDraft {}

export const CONTACT_FIELD_SORTS = ['name', 'key', 'updated'] as const;
export type ContactFieldSort = (typeof CONTACT_FIELD_SORTS)[number];

const MAX_CHOICES = 100;
const VALUE_MAX = 400;

const choicesField = () =>
  z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const choices = [...new Set(text.split('\n').map((line) => line.trim()))].filter(
        (line) => line !== '',
      );
      if (choices.length > MAX_CHOICES)
        context.addIssue(problem('contact-fields.problem.too-many', { max: MAX_CHOICES }));
      if (choices.some((choice) => choice.length > VALUE_MAX))
        context.addIssue(problem('form.problem.too-long', { max: VALUE_MAX }));
      return choices;
    });

const rest = {
  name: textField({ max: 80 }),
  choices: choicesField(),
};
const needsChoices = (
  { kind, choices }: { readonly kind: ContactFieldKind; readonly choices: readonly string[] },
  context: z.core.$RefinementCtx,
): void => {
  if (kind === 'choice' && choices.length === 0)
    context.addIssue({ ...problem('contact-fields.problem.choices'), path: ['choices'] });
};

/** The form. */
export const contactFieldSchema = z
  .object({
    key: patternField(/^[a-z][a-z0-9_]{0,39}$/, 'contact-fields.problem.key'),
    kind: z.enum(CONTACT_FIELD_KINDS, 'form.problem.choose'),
    ...rest,
  })
  .superRefine(needsChoices);

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'on', '是', '有', '对', '√']);
const NO = new Set(['no', 'n', 'false', '0', 'off', '否', '无', '不', '×', '-']);

/** `yes` and its like as true, `no` and its like as false, undefined for anything else. */
export function readFlag(text: string): boolean | undefined {
  const plain = text.trim().toLowerCase();
  if (YES.has(plain)) return true;
  return NO.has(plain) ? false : undefined;
}

export type FieldValue =
  | { readonly ok: true; readonly value: string }
  | {
      readonly ok: false;
      readonly message: string;
      readonly params?: Readonly<Record<string, string | number>>;
    };

const fine = (value: string): FieldValue => ({ ok: true, value });

/**
 * What is stored for what somebody typed or a file holds: a date as `2026-11-24`, a number with a point, a flag as `yes` or
 * `no`, a choice as it was defined. '' is no value.
 */
export function readFieldValue(
  { kind, choices }: Pick<ContactFieldDraft, 'kind' | 'choices'>,
  typed: string,
): FieldValue {
  const text = typed.trim();
  if (text === '') return fine('');
  if (text.length > VALUE_MAX)
    return { ok: false, message: 'form.problem.too-long', params: { max: VALUE_MAX } };
  switch (kind) {
    case 'text':
      return fine(text);
    case 'number': {
      const number = Number(text.replaceAll(/[\s,]/g, ''));
      return Number.isFinite(number)
        ? fine(String(number))
        : { ok: false, message: 'contacts.problem.number' };
    }
    case 'date': {
      const date = readDate(text);
      return date === undefined ? { ok: false, message: 'contacts.problem.date' } : fine(date);
    }
    case 'choice': {
      const known = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
      return known === undefined
        ? {
            ok: false,
            message: 'contacts.problem.choice',
            params: { choices: choices.slice(0, 8).join(', ') },
          }
        : fine(known);
    }
    case 'flag': {
      const flag = readFlag(text);
      return flag === undefined
        ? { ok: false, message: 'contacts.problem.flag' }
        : fine(flag ? 'yes' : 'no');
    }
  }
}

/** `2026-11-24`, `2026/11/24`, `2026.11.24` and `2026年11月24日`, with or without a time; nothing whose order is a guess. */
function readDate(text: string): string | undefined {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?$/.exec(text);
  if (found === null) return undefined;
  const [, year = '', month = '', day = ''] = found;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso ? undefined : iso;
}
