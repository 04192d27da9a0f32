import type { z } from 'zod';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { parseFields, type ParsedFields } from '../../kernel/fields.js';
import type { FormBody, PageContext, PageData, Toast } from './page-context.js';

/** The id or version that a field has; 0 where it has none, or no number that could be one. */
export function numberIn(body: Readonly<Record<string, unknown>>, field: string): number {
  const number = Number(body[field] ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** The version that a form showed; 0 where it names none. */
export const versionOf = (body: Readonly<Record<string, unknown>>): number =>
  numberIn(body, 'version');

/** A field that somebody else saved meanwhile with another value. */
export interface FieldConflict {
  readonly name: string;
  readonly label: string;
  readonly theirs: string;
  readonly yours: string;
}

/**
 * A form as the partials `form` and `field-*` draw it. Labels are the catalog's `<prefix>.<field>`, help texts
 * `<prefix>.<field>.help` (where the catalog has one); field names are written in kebab case in keys.
 */
export interface FormView {
  readonly prefix: string;
  readonly action: string;
  /** Version that the form was filled from; absent for something new. */
  readonly version?: number;
  /** What each field shows: texts, booleans, lists of texts. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Text of what is wrong, by field. */
  readonly problems: Readonly<Record<string, string>>;
  /** The same in order, for the summary on top. */
  readonly summary: readonly {
    readonly field: string;
    readonly label: string;
    readonly text: string;
  }[];
  readonly conflicts: readonly FieldConflict[];
}

export interface FormOptions {
  /** Prefix of the catalog's keys: `users.form`. */
  readonly prefix: string;
  readonly action: string;
}

/** Checks a form's body against a schema. */
export const parseForm = <S extends z.ZodType>(
  schema: S,
  body: FormBody,
): ParsedFields<z.output<S>> => parseFields(schema, body);

/** The key under which a field's label stands. */
export const fieldKey = (prefix: string, field: string): string =>
  `${prefix}.${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A field's label. A field in a row of a table (`exceptions.2.from`) is called after the table and the row. */
function labelOf(page: Pick<PageContext, 't'>, prefix: string, field: string): string {
  const [table = field, row = ''] = field.split('.');
  const label = page.t(fieldKey(prefix, table));
  return /^\d+$/.test(row) ? page.t('form.row', { label, row: Number(row) + 1 }) : label;
}

/** A form that shows stored or default values. */
export const formView = (
  options: FormOptions,
  values: Readonly<Record<string, unknown>>,
  version?: number,
): FormView => ({
  ...options,
  ...(version === undefined ? {} : { version }),
  values,
  problems: {},
  summary: [],
  conflicts: [],
});

/** The same form again with everything typed kept, and what is wrong beside each field. */
export function formWithProblems(
  page: Pick<PageContext, 't' | 'body'>,
  options: FormOptions,
  problems: readonly FieldProblem[],
  labels: PageData['fieldLabels'] = {},
): FormView {
  const version = versionOf(page.body);
  const summary = problems.map((found) => ({
    field: found.field,
    label: labels[found.field] ?? labelOf(page, options.prefix, found.field),
    text: page.t(found.message, found.params),
  }));
  return {
    ...options,
    ...(version > 0 ? { version } : {}),
    values: withoutSecrets(page.body),
    problems: Object.fromEntries(summary.map((line) => [line.field, line.text])),
    summary,
    conflicts: [],
  };
}

/** Passwords and PINs are never sent back to the browser. */
const withoutSecrets = (body: FormBody): FormBody =>
  Object.fromEntries(
    Object.entries(body).filter(([name]) => !/(password|secret|pin|_csrf)$/i.test(name)),
  );

export interface Submission<S extends z.ZodType, Result = unknown> extends FormOptions {
  readonly schema: S;
  /** The page to show again when something is wrong. */
  readonly view: string;
  /** Data of that page except `form`. Runs only when the form is shown again. */
  readonly data: () => Promise<PageData> | PageData;
  /**
   * Carries out the use case. `version` is the one that the form showed (0 for something new). May throw AppError
   * `invalid-fields` with problems, or `conflict` when another version is stored by now.
   */
  readonly save: (values: z.output<S>, version: number) => Promise<Result>;
  /** What is stored now, in the shape of the form's values; needed where `save` can meet a conflict. */
  readonly current?: () => Promise<{
    readonly values: Readonly<Record<string, unknown>>;
    readonly version: number;
  }>;
  /** Where to go on success; or what to answer with what `save` gave, such as a password that is shown once. */
  readonly done:
    { readonly path: string; readonly toast: Toast } | ((result: Result) => Promise<void> | void);
}

/**
 * A form's POST from beginning to end: parse, save, redirect with a toast; or the form again with 422 and the problems
 * beside the fields; or with 409 and both versions field by field.
 */
export async function submitForm<S extends z.ZodType, Result>(
  page: PageContext,
  submission: Submission<S, Result>,
): Promise<void> {
  const parsed = parseForm(submission.schema, page.body);
  if (!parsed.ok) return showAgain(page, submission, parsed.problems);
  let result: Result;
  try {
    result = await submission.save(parsed.values, versionOf(page.body));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid-fields')
      return showAgain(page, submission, error.problems);
    if (error instanceof AppError && error.code === 'conflict' && submission.current)
      return showConflict(page, submission, submission.current);
    throw error;
  }
  const { done } = submission;
  return typeof done === 'function' ? done(result) : page.redirect(done.path, done.toast);
}

async function showAgain<S extends z.ZodType, Result>(
  page: PageContext,
  submission: Submission<S, Result>,
  problems: readonly FieldProblem[],
): Promise<void> {
  const data = await submission.data();
  page.render(
    submission.view,
    { ...data, form: formWithProblems(page, submission, problems, data.fieldLabels) },
    422,
  );
}

async function showConflict<S extends z.ZodType, Result>(
  page: PageContext,
  submission: Submission<S, Result>,
  current: NonNullable<Submission<S, Result>['current']>,
): Promise<void> {
  const [data, stored] = await Promise.all([submission.data(), current()]);
  const form = formWithProblems(page, submission, []);
  // Rows of tables may be in one of the two only.
  const rowFields = Object.keys(form.values).filter((name) => name.includes('.'));
  const conflicts = [...new Set([...Object.keys(stored.values), ...rowFields])]
    .map((name) => ({
      name,
      label: data.fieldLabels?.[name] ?? labelOf(page, submission.prefix, name),
      theirs: asText(stored.values[name]),
      yours: asText(form.values[name]),
    }))
    .filter((field) => field.theirs !== field.yours && !/(password|secret|pin)$/i.test(field.name));
  page.render(
    submission.view,
    { ...data, form: { ...form, version: stored.version, conflicts } },
    409,
  );
}

/** How a form sends a value, so that stored and typed ones compare. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => asText(item)).join(', ');
  if (value === true) return 'on';
  if (value === false || value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
