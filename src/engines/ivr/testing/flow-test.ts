import { z } from 'zod';
import { IS_VARIABLE_NAME } from '../variable-name.js';

/** Acts of one test at most. */
const MAX_ACTS = 100;

const step = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .optional();
const id = z.int().positive();
const name = z.string().regex(IS_VARIABLE_NAME);

/**
 * What happens to the call, in order. An act that names a step is kept for that step; any other one is for the next step
 * that asks for its kind. Keys that name a step which speaks are pressed while it does.
 */
const actSchema = z.discriminatedUnion('kind', [
  /** A menu takes the first key, an entry as many as it may; the others are for what asks next. */
  z.object({ kind: z.literal('keys'), step, keys: z.string().regex(/^[0-9*#]{1,40}$/) }),
  z.object({ kind: z.literal('silence'), step }),
  /** The answer as JSON, or why there was none (`timeout`, `status-503` ...). */
  z.object({
    kind: z.literal('http'),
    step,
    answer: z.string().max(10_000).optional(),
    failure: z
      .string()
      .regex(/^(timeout|refused|status-[1-5]\d\d|too-large|not-json|blocked|missing-field)$/)
      .optional(),
  }),
  /** The first row by column, nothing where none is found, or `failure`. */
  z.object({
    kind: z.literal('sql'),
    step,
    row: z.record(z.string().min(1).max(100), z.string().max(2_000)).optional(),
    failure: z.string().min(1).max(100).optional(),
  }),
  /** What is known of the caller (`name` for `customer_name` ...); nobody where not given. */
  z.object({
    kind: z.literal('customer'),
    step,
    known: z.record(z.string().regex(/^[a-z0-9_]{1,23}$/), z.string().max(2_000)).optional(),
  }),
  z.object({ kind: z.literal('pin'), step, result: z.enum(['ok', 'wrong', 'locked']) }),
  z.object({ kind: z.literal('nobody-answers'), step }),
  /** The number of the extension that the caller asks for, the operator, or nobody. */
  z.object({
    ...{ kind: z.literal('asks-for'), step },
    who: z.string().regex(/^(\d{2,8}|operator|nobody)$/),
  }),
  z.object({ kind: z.literal('callback'), step, accepted: z.boolean() }),
  z.object({ kind: z.literal('appointment'), step, accepted: z.boolean() }),
  z.object({ kind: z.literal('message'), step, left: z.boolean() }),
  z.object({ kind: z.literal('survey'), step, answered: z.boolean() }),
]);

/** Where the flow leads in the end. Extensions that answer are an end, too. */
const endSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queue'), id }),
  z.object({ kind: z.literal('extension'), id }),
  z.object({
    kind: z.literal('ring'),
    group: id.optional(),
    extensions: z.array(id).max(20).optional(),
  }),
  z.object({ kind: z.literal('outside'), number: z.string().max(40).optional() }),
  z.object({ kind: z.literal('conference'), id }),
  /** Exactly one of the two owns the message. */
  z.object({ kind: z.literal('voicemail'), queue: id.optional(), extension: id.optional() }),
  z.object({ kind: z.literal('operator') }),
  z.object({ kind: z.literal('hangup') }),
]);

/** A test of a flow: who calls when, what happens, and where it has to end. */
export const flowTestSchema = z.object({
  name: z.string().trim().min(1).max(120),
  did: z.string().max(40),
  caller: z.string().max(40),
  callerName: z.string().max(80).optional(),
  /** Date and time by the clock of the site: `2026-11-28T13:10`. */
  moment: z.iso.datetime({ local: true, offset: false, precision: -1 }),
  language: z.enum(['en', 'zh-CN']),
  acts: z.array(actSchema).max(MAX_ACTS),
  end: endSchema,
  /** Ids of steps that have to be passed, in any order. */
  passes: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).max(50),
  variables: z.array(z.object({ name, value: z.string().max(2_000) })).max(20),
});

export type FlowTest = z.infer<typeof flowTestSchema>;
export type Act = FlowTest['acts'][number];
export type ExpectedEnd = FlowTest['end'];

/** Where a flow led: as expected ends, and where it could not go on. */
export type FlowEnd = ExpectedEnd | { readonly kind: 'stuck'; readonly reason: string };
