import { z } from 'zod';
import {
  flowTestSchema,
  type Act,
  type ExpectedEnd,
  type FlowTest,
} from '../../../engines/ivr/testing/flow-test.js';
import { IS_VARIABLE_NAME } from '../../../engines/ivr/variable-name.js';
import { LANGUAGES, type Language } from '../../../kernel/call-event.js';
import { choiceField, problem, textField } from '../../../kernel/fields.js';
import { fieldOf, formField, readTables, rowsIn, tableValues, type Table } from '../forms/rows.js';
import type { StepBody } from '../forms/fields.js';

/** What a caller and the systems around a call can do in a test. */
export const ACT_KINDS = [
  'keys',
  'silence',
  'http',
  'sql',
  'customer',
  'pin',
  'nobody-answers',
  'asks-for',
  'callback',
  'appointment',
  'message',
  'survey',
] as const satisfies readonly Act['kind'][];

export const ACTS: Table = { name: 'acts', columns: ['kind', 'step', 'value'], telling: ['kind'] };
export const PASSES: Table = { name: 'passes', columns: ['step'], telling: ['step'] };
export const VALUES: Table = {
  name: 'variables',
  columns: ['name', 'value'],
  telling: ['name', 'value'],
};
const TABLES = [ACTS, PASSES, VALUES];

const FAILURES = /^(timeout|refused|status-[1-5]\d\d|too-large|not-json|blocked|missing-field)$/;

/** `name=Ada; vip=yes` and one a line. */
function pairsIn(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text
    .split(/[;；\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => /^([A-Za-z0-9_]{1,100})\s*=\s*(.*)$/.exec(part));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

const pairsText = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

type ActRow = { readonly kind: Act['kind']; readonly step: string; readonly value: string };

/** The act of a row, or the message that says what would be right. */
function actOf({ kind, step, value }: ActRow): Act | string {
  const at = step === '' ? {} : { step };
  switch (kind) {
    case 'keys':
      return /^[0-9*#]{1,40}$/.test(value)
        ? { kind, ...at, keys: value }
        : 'flow.test.problem.keys';
    case 'silence':
    case 'nobody-answers':
      return { kind, ...at };
    case 'http':
      return FAILURES.test(value)
        ? { kind, ...at, failure: value }
        : { kind, ...at, answer: value };
    case 'sql': {
      if (value === 'error') return { kind, ...at, failure: 'error' };
      const row = pairsIn(value);
      if (row === undefined) return 'flow.test.problem.pairs';
      return Object.keys(row).length === 0 ? { kind, ...at } : { kind, ...at, row };
    }
    case 'customer': {
      const known = pairsIn(value);
      if (known === undefined) return 'flow.test.problem.pairs';
      return Object.keys(known).length === 0 ? { kind, ...at } : { kind, ...at, known };
    }
    default:
      return saidOf(kind, at, value);
  }
}

function saidOf(
  kind: 'pin' | 'asks-for' | 'callback' | 'appointment' | 'message' | 'survey',
  at: { readonly step?: string },
  value: string,
): Act | string {
  switch (kind) {
    case 'pin':
      return value === 'ok' || value === 'wrong' || value === 'locked'
        ? { kind, ...at, result: value }
        : 'flow.test.problem.pin';
    case 'asks-for':
      return /^(\d{2,8}|operator|nobody)$/.test(value)
        ? { kind, ...at, who: value }
        : 'flow.test.problem.person';
    case 'callback':
    case 'appointment':
      return value === 'yes' || value === 'no'
        ? { kind, ...at, accepted: value === 'yes' }
        : 'flow.test.problem.yes-no';
    case 'message':
      return value === 'yes' || value === 'no'
        ? { kind, ...at, left: value === 'yes' }
        : 'flow.test.problem.yes-no';
    case 'survey':
      return value === 'yes' || value === 'no'
        ? { kind, ...at, answered: value === 'yes' }
        : 'flow.test.problem.yes-no';
  }
}

/** What a row shows of an act. */
function valueOf(act: Act): string {
  switch (act.kind) {
    case 'keys':
      return act.keys;
    case 'silence':
    case 'nobody-answers':
      return '';
    case 'http':
      return act.failure ?? act.answer ?? '';
    case 'sql':
      return act.failure === undefined ? pairsText(act.row ?? {}) : 'error';
    case 'customer':
      return pairsText(act.known ?? {});
    case 'pin':
      return act.result;
    case 'asks-for':
      return act.who;
    case 'callback':
    case 'appointment':
      return act.accepted ? 'yes' : 'no';
    case 'message':
      return act.left ? 'yes' : 'no';
    case 'survey':
      return act.answered ? 'yes' : 'no';
  }
}

const act = z
  .object({
    kind: choiceField(ACT_KINDS),
    step: z.string().regex(/^[a-z0-9-]{0,40}$/, 'form.problem.choose'),
    value: z.string().trim().max(10_000),
  })
  .transform((row, context): Act => {
    const made = actOf(row);
    if (typeof made !== 'string') return made;
    context.addIssue({ ...problem(made), path: ['value'] });
    return z.NEVER;
  });

/** `queue:3`, `voicemail-extension:4`, `hangup`. */
const end = z.string('form.problem.choose').transform((text, context): ExpectedEnd => {
  const [, kind = '', id] = /^([a-z-]+)(?::([1-9]\d{0,9}))?$/.exec(text) ?? [];
  const row = Number(id);
  if (kind === 'hangup' || kind === 'operator' || kind === 'ring' || kind === 'outside')
    return { kind };
  if (id !== undefined) {
    if (kind === 'queue' || kind === 'extension' || kind === 'conference') return { kind, id: row };
    if (kind === 'voicemail-queue') return { kind: 'voicemail', queue: row };
    if (kind === 'voicemail-extension') return { kind: 'voicemail', extension: row };
  }
  context.addIssue(problem('form.problem.choose'));
  return z.NEVER;
});

/** An end as the form's select has it. */
export function endValue(expected: ExpectedEnd): string {
  if ('id' in expected) return `${expected.kind}:${String(expected.id)}`;
  if (expected.kind !== 'voicemail') return expected.kind;
  return expected.queue === undefined
    ? `voicemail-extension:${String(expected.extension ?? 0)}`
    : `voicemail-queue:${String(expected.queue)}`;
}

const languages = LANGUAGES as readonly [Language, ...Language[]];

const schema = z.object({
  name: textField({ max: 120 }),
  did: textField({ min: 0, max: 40 }).default(''),
  caller: textField({ min: 0, max: 40 }).default(''),
  callerName: textField({ min: 0, max: 80 }).default(''),
  moment: z
    .string('form.problem.needed')
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'flow.test.problem.moment'),
  language: choiceField(languages),
  acts: z.array(act).max(100, 'flow.test.problem.too-many'),
  end,
  passes: z
    .array(z.object({ step: z.string().regex(/^[a-z0-9-]{1,40}$/, 'form.problem.choose') }))
    .max(50, 'flow.test.problem.too-many')
    .transform((rows) => rows.map((row) => row.step)),
  variables: z
    .array(
      z.object({
        name: z.string().trim().regex(IS_VARIABLE_NAME, 'flow.problem.variable'),
        value: textField({ min: 0, max: 2_000 }),
      }),
    )
    .max(20, 'flow.test.problem.too-many'),
});

/** The form of a test: a body with tables goes in, a test comes out. */
export const flowTestForm = z
  .record(z.string(), z.unknown())
  .transform((fields, context): FlowTest => {
    const body = fields as StepBody;
    const parsed = schema.safeParse({ ...body, ...readTables(body, TABLES) });
    if (parsed.success) {
      const { callerName, ...test } = parsed.data;
      const whole = flowTestSchema.safeParse(callerName === '' ? test : { ...test, callerName });
      if (whole.success) return whole.data;
      context.addIssue({ ...problem('flow.test.problem.moment'), path: ['moment'] });
      return z.NEVER;
    }
    for (const { path, message, ...issue } of parsed.error.issues) {
      const field = formField(body, TABLES, path.join('.'));
      const params = 'params' in issue ? (issue.params as Record<string, string>) : {};
      context.addIssue({ ...problem(message, params), path: [field] });
    }
    return z.NEVER;
  });

/** What the form shows of a test. */
export const testValues = (test: FlowTest): Readonly<Record<string, unknown>> => ({
  ...test,
  end: endValue(test.end),
  ...tableValues(
    ACTS,
    test.acts.map((one) => ({ kind: one.kind, step: one.step ?? '', value: valueOf(one) })),
  ),
  ...tableValues(
    PASSES,
    test.passes.map((step) => ({ step })),
  ),
  ...tableValues(VALUES, test.variables),
});

/** Rows of a table of the form with an empty one for the next. */
export function testRows(
  table: Table,
  values: Readonly<Record<string, unknown>>,
  problems: Readonly<Record<string, string>>,
) {
  const rows = rowsIn(values, table);
  const next = Math.max(-1, ...rows.map((row) => row.index)) + 1;
  return [...rows, { index: next, values: {} as Record<string, string> }].map((row) => ({
    cells: Object.fromEntries(
      table.columns.map((column) => {
        const field = fieldOf(table, row.index, column);
        return [column, { field, value: row.values[column] ?? '', problem: problems[field] }];
      }),
    ),
  }));
}
