import { z } from 'zod';
import { base, MAX_TEMPLATE, type SchemaParts } from './parts.js';

/** How a value is read out. */
export const SPOKEN_FORMS = [
  'number',
  'digits',
  'money',
  'date',
  'time',
  'spelled',
  'text',
] as const;
export type SpokenForm = (typeof SPOKEN_FORMS)[number];

/** Steps that speak, and steps that take keys. */
export const spokenSteps = ({ exit, reference, text, variable }: SchemaParts) =>
  [
    z.object({
      kind: z.literal('play'),
      ...base,
      prompt: reference,
      bargeIn: z.boolean(),
      next: exit,
    }),
    z.object({
      kind: z.literal('say'),
      ...base,
      /** Said before the value. */
      prompt: reference.optional(),
      value: text(MAX_TEMPLATE),
      as: z.enum(SPOKEN_FORMS),
      /** ISO 4217, of money. */
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .optional(),
      bargeIn: z.boolean(),
      next: exit,
    }),
    z.object({
      kind: z.literal('menu'),
      ...base,
      prompt: reference,
      /** Said instead of nothing after a wrong key; the menu's prompt follows. */
      wrongPrompt: reference.optional(),
      /** Seconds to wait for a key after the prompt has ended. */
      timeoutS: z.int().min(1).max(60),
      /** How often the menu is repeated after no key or a wrong one, before `noInput` or `wrongKey`. */
      retries: z.int().min(0).max(9),
      choices: z.record(z.string().regex(/^[0-9*#]$/), exit),
      noInput: exit,
      wrongKey: exit,
    }),
    z.object({
      kind: z.literal('collect'),
      ...base,
      prompt: reference,
      /** Said before the prompt after too few keys. */
      wrongPrompt: reference.optional(),
      variable,
      minDigits: z.int().min(1).max(40),
      maxDigits: z.int().min(1).max(40),
      /** Ends the entry; '' where only time and the number of keys do. */
      endKey: z.enum(['#', '*', '']),
      firstDigitS: z.int().min(1).max(60),
      nextDigitS: z.int().min(1).max(30),
      /** How often the prompt is repeated before `noInput` or `wrongInput`. */
      retries: z.int().min(0).max(9),
      /** Reads the entry back and asks whether it is right. */
      confirm: z.enum(['none', 'digits', 'number']),
      /** Never written down or shown anywhere in clear. */
      sensitive: z.boolean(),
      next: exit,
      noInput: exit,
      wrongInput: exit,
    }),
    z.object({
      kind: z.literal('pin'),
      ...base,
      prompt: reference,
      /** Said before the prompt after a wrong PIN. */
      wrongPrompt: reference.optional(),
      /** The PIN itself, or its argon2 hash, as a look-up gave it. */
      expected: text(MAX_TEMPLATE),
      /** Whose PIN it is: wrong ones are counted by this, over all calls. */
      subject: text(MAX_TEMPLATE),
      digits: z.int().min(3).max(12),
      /** How often a caller may try within this call. */
      tries: z.int().min(1).max(9),
      /** Wrong PINs of one subject, one after another, that lock it. */
      lockAfter: z.int().min(3).max(20),
      lockMinutes: z.int().min(1).max(1_440),
      ok: exit,
      failed: exit,
      locked: exit,
    }),
    z.object({
      kind: z.literal('language'),
      ...base,
      language: z.enum(['en', 'zh-CN']),
      next: exit,
    }),
    z.object({
      kind: z.literal('record'),
      ...base,
      prompt: reference,
      maxS: z.int().min(5).max(600),
      endKey: z.enum(['#', '*', '']),
      /** Exactly one of the two owns the message. */
      extension: reference.optional(),
      queue: reference.optional(),
      /** Gets the message's id. */
      variable,
      next: exit,
      nothing: exit,
    }),
    z.object({
      kind: z.literal('survey'),
      ...base,
      survey: reference,
      next: exit,
      /** Where callers go who answered nothing; where not given, as the others. */
      declined: exit.optional(),
    }),
  ] as const;
