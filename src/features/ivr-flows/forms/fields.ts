import { z } from 'zod';
import type { FlowStep, StepKind, StepOf } from '../../../engines/ivr/flow.js';
import { IS_VARIABLE_NAME } from '../../../engines/ivr/variable-name.js';
import type { FieldProblem } from '../../../kernel/errors.js';
import {
  optionalIdField,
  parseFields,
  problem,
  textField,
  type ParsedFields,
} from '../../../kernel/fields.js';

/** What a step's form sends: exits are ids of steps, '' or `+kind`. */
export type StepBody = Readonly<Record<string, string | readonly string[]>>;

/** The form of one kind of step. */
export interface StepForm<K extends StepKind> {
  /** Reads what was sent. What is not chosen yet is no problem here: it keeps the flow from being published. */
  readonly parse: (body: StepBody) => ParsedFields<FlowStep>;
  /** What the form shows of a step; rows of tables as `assign.0.variable`. */
  readonly values: (step: StepOf<K>) => Readonly<Record<string, unknown>>;
}

/** What every step has. */
export const own = {
  label: textField({ max: 80 }),
  note: textField({ min: 0, max: 1_000 }).optional(),
};

/** Row id; 0 while nothing has been chosen. */
export const reference = z
  .preprocess((value) => (value === '0' ? '' : value), optionalIdField())
  .transform((id): number => id ?? 0);
export const optionalReference = optionalIdField();

export const exit = z
  .string()
  .default('')
  .transform((text, context) => {
    if (/^(\+?[a-z0-9-]{1,40})?$/.test(text)) return text;
    context.addIssue(problem('form.problem.choose'));
    return z.NEVER;
  });

/** A text with variables, '' while it is not written. */
export const template = (max = 2_000) => textField({ min: 0, max }).default('');

/** Name of a variable, '' while it is not chosen. */
export const variable = z
  .string()
  .trim()
  .default('')
  .refine((text) => text === '' || IS_VARIABLE_NAME.test(text), 'flow.problem.variable');

/** Seconds with at most one decimal place, as milliseconds. */
export const secondsAsMs = (minMs: number, maxMs: number) =>
  z
    .string()
    .default('')
    .transform((text, context) => {
      const found = /^(\d{1,4}(?:[.,]\d)?)\s*s?$/.exec(text.trim())?.[1];
      const ms =
        found === undefined ? Number.NaN : Math.round(Number(found.replace(',', '.')) * 1_000);
      if (ms >= minMs && ms <= maxMs) return ms;
      context.addIssue(problem('flow.problem.seconds', { min: minMs / 1_000, max: maxMs / 1_000 }));
      return z.NEVER;
    });

export const endKey = z.enum(['#', '*', ''], 'form.problem.choose').default('');

/** Whose mailbox: `extension:3`, `queue:4`, or nobody's yet. */
export const owner = z
  .string()
  .default('')
  .transform((text) => {
    const [, kind, id] = /^(extension|queue):([1-9]\d{0,9})$/.exec(text) ?? [];
    if (kind === 'extension') return { extension: Number(id) };
    return kind === 'queue' ? { queue: Number(id) } : {};
  });

export function ownerValue(step: {
  readonly extension?: number | undefined;
  readonly queue?: number | undefined;
}): string {
  if (step.extension !== undefined) return `extension:${String(step.extension)}`;
  return step.queue === undefined ? '' : `queue:${String(step.queue)}`;
}

/** The values without those that are not there; a note that says nothing is none. */
export function present<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== undefined && !(name === 'note' && value === ''),
    ),
  ) as T;
}

/** A form whose fields are those of the step. */
export const plainForm = <K extends StepKind>(
  kind: K,
  schema: z.ZodType<Omit<StepOf<K>, 'kind'>>,
): StepForm<K> => ({
  parse: (body) => withKind(kind, parseFields(schema, body)),
  values: (step) => ({ ...step }),
});

/** The step of what a form gave. */
export function withKind(
  kind: StepKind,
  parsed: ParsedFields<object>,
  problems: readonly FieldProblem[] = [],
): ParsedFields<FlowStep> {
  if (!parsed.ok) return { ok: false, problems: [...parsed.problems, ...problems] };
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, values: present({ kind, ...parsed.values }) as FlowStep };
}
