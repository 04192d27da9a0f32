import { z } from 'zod';
import { isAddressOrNetwork } from './addresses.js';
import type { FieldProblem } from './errors.js';

/**
 * Fields of forms and of the API as zod schemas. They accept what a form sends (text) and what a program gives
 * (numbers, booleans). Their messages are keys of the catalog; `params` of the issue fill them in.
 */

/** Trimmed text, `min` to `max` characters. An empty field with `min` above 0 says "needed". */
export const textField = (options: { readonly min?: number; readonly max: number }) =>
  z
    .string('form.problem.needed')
    .trim()
    .superRefine((value, context) => {
      const min = options.min ?? 1;
      if (value === '' && min > 0) context.addIssue(problem('form.problem.needed'));
      else if (value.length < min) context.addIssue(problem('form.problem.too-short', { min }));
      else if (value.length > options.max)
        context.addIssue(problem('form.problem.too-long', { max: options.max }));
    });

/** Text that matches a pattern; `message` says what would be right. */
export const patternField = (pattern: RegExp, message: string) =>
  z
    .string('form.problem.needed')
    .trim()
    .superRefine((value, context) => {
      if (value === '') context.addIssue(problem('form.problem.needed'));
      else if (!pattern.test(value)) context.addIssue(problem(message));
    });

/** A whole number from `min` to `max`. */
export const integerField = (min: number, max: number) =>
  z.union([z.string(), z.number()], 'form.problem.needed').transform((value, context) => {
    const text = String(value).trim();
    const parsed = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (text === '') context.addIssue(problem('form.problem.needed'));
    else if (!(parsed >= min && parsed <= max))
      context.addIssue(problem('form.problem.between', { min, max }));
    else return parsed;
    return z.NEVER;
  });

/** Seconds from `min` to `max`, typed as `90`, `1:30` or `1m30s`. */
export const secondsField = (min: number, max: number) =>
  z.union([z.string(), z.number()], 'form.problem.needed').transform((value, context) => {
    const parsed = parseSeconds(String(value));
    if (String(value).trim() === '') context.addIssue(problem('form.problem.needed'));
    else if (parsed === undefined || parsed < min || parsed > max)
      context.addIssue(problem('form.problem.between-seconds', { min, max }));
    else return parsed;
    return z.NEVER;
  });

/** Addresses and networks that an allow-list can hold; more are a mistake. */
const MAX_ADDRESSES = 50;

/** Addresses and networks, each once, with spaces, commas or lines between; the messages are `wrong` (value) and `tooMany` (max). */
export const addressesField = (messages: { readonly wrong: string; readonly tooMany: string }) =>
  z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const found = [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !isAddressOrNetwork(part));
      if (wrong !== undefined)
        context.addIssue(problem(messages.wrong, { value: wrong.slice(0, 60) }));
      if (found.length > MAX_ADDRESSES)
        context.addIssue(problem(messages.tooMany, { max: MAX_ADDRESSES }));
      return found;
    });

/** A checkbox or switch: `on` when ticked, absent when not. */
export const flagField = () =>
  z
    .union([z.boolean(), z.string()])
    .optional()
    .transform((value) => value === true || value === 'on' || value === 'true' || value === '1');

/** One of the listed words. */
export const choiceField = <const Choice extends readonly [string, ...string[]]>(choices: Choice) =>
  z.enum(choices, 'form.problem.choose');

/** The id of a row, typed by a select; '' and absence mean "none". */
export const optionalIdField = <Id extends number>() =>
  z
    .union([z.string(), z.number()])
    .nullish()
    .transform((value, context): Id | undefined => {
      const text = String(value ?? '').trim();
      if (text === '') return undefined;
      if (/^[1-9]\d{0,9}$/.test(text)) return Number(text) as Id;
      context.addIssue(problem('form.problem.choose'));
      return z.NEVER;
    });

/** Ids of several rows: checkboxes with one name. */
export const idsField = <Id extends number>() =>
  z
    .union([z.string(), z.array(z.union([z.string(), z.number()]))])
    .optional()
    .transform((value, context): readonly Id[] => {
      const texts = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
      if (texts.every((text) => /^[1-9]\d{0,9}$/.test(text)))
        return [...new Set(texts.map(Number))] as Id[];
      context.addIssue(problem('form.problem.choose'));
      return z.NEVER;
    });

/** `90`, `1:30` and `1m30s` in seconds; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  if (/^\d{1,6}$/.test(plain)) return Number(plain);
  const clock = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$/.exec(plain);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const units = /^(?:(\d{1,2})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?\s*(?:(\d{1,5})\s*s)?$/.exec(plain);
  if (plain === '' || !units) return undefined;
  return Number(units[1] ?? 0) * 3600 + Number(units[2] ?? 0) * 60 + Number(units[3] ?? 0);
}

/** An issue whose message is a key of the catalog. Use inside `superRefine` and `transform`. */
export const problem = (
  message: string,
  params: Readonly<Record<string, string | number>> = {},
) => ({
  code: 'custom' as const,
  message,
  params: { ...params },
});

export type ParsedFields<T> =
  | { readonly ok: true; readonly values: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks input against a schema; what is wrong comes back by field, the first problem of each field. */
export function parseFields<S extends z.ZodType>(
  schema: S,
  input: unknown,
): ParsedFields<z.output<S>> {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { ok: true, values: parsed.data }
    : { ok: false, problems: problemsOf(parsed.error) };
}

/** The problems of a failed parse. Messages that are no catalog key become "not a value that fits here". */
export function problemsOf(error: z.ZodError): readonly FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  for (const issue of error.issues) {
    const field = issue.path.join('.');
    if (found.has(field)) continue;
    const isKey = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(issue.message);
    const params = issue.code === 'custom' ? (issue.params as FieldProblem['params']) : undefined;
    found.set(field, {
      field,
      message: isKey ? issue.message : 'form.problem.unfit',
      ...(params === undefined ? {} : { params }),
    });
  }
  return [...found.values()];
}
