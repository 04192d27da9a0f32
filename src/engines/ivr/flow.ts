import { z } from 'zod';

/**
 * An IVR flow as it is stored, edited and run: steps by id, each naming the steps that follow it.
 * Ids of steps are short words (`a-z0-9-`); prompts, queues, extensions and calendars are row ids.
 */
const stepId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const base = { label: z.string().trim().min(1).max(80) };
const promptId = z.int().positive();

/** One period of opening: ISO weekdays 1 (Monday) to 7, minutes since midnight, half-open, in the site's zone. */
export const periodSchema = z
  .object({
    days: z.array(z.int().min(1).max(7)).min(1),
    fromMinute: z.int().min(0).max(1439),
    toMinute: z.int().min(1).max(1440),
  })
  .refine((p) => p.fromMinute < p.toMinute, {
    path: ['toMinute'],
    message: 'flow.error.period-order',
  });

export const stepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('play'),
    ...base,
    prompt: promptId,
    bargeIn: z.boolean(),
    next: stepId,
  }),
  z.object({
    kind: z.literal('menu'),
    ...base,
    prompt: promptId,
    /** Said instead of nothing after a wrong key; the menu's prompt follows. */
    wrongPrompt: promptId.optional(),
    /** Seconds to wait for a key after the prompt has ended. */
    timeoutS: z.int().min(1).max(60),
    /** How often the menu is repeated after no key or a wrong one, before `noInput` or `wrongKey`. */
    retries: z.int().min(0).max(9),
    choices: z.record(z.string().regex(/^[0-9*#]$/), stepId),
    noInput: stepId,
    wrongKey: stepId,
  }),
  z.object({
    kind: z.literal('language'),
    ...base,
    language: z.enum(['en', 'zh-CN']),
    next: stepId,
  }),
  z.object({
    kind: z.literal('hours'),
    ...base,
    /** The calendar that says when it is open; the step's own periods and dates count where there is none. */
    calendar: z.int().positive().optional(),
    periods: z.array(periodSchema).max(50),
    /** ISO dates that are closed all day. */
    closedDates: z.array(z.iso.date()).max(400),
    open: stepId,
    closed: stepId,
  }),
  z.object({
    kind: z.literal('queue'),
    ...base,
    queue: z.int().positive(),
    priority: z.int().min(0).max(100),
  }),
  z.object({
    kind: z.literal('extension'),
    ...base,
    extension: z.int().positive(),
    /** Where the caller goes when nobody answers; the extension's voicemail where not given. */
    noAnswer: stepId.optional(),
  }),
  z.object({
    kind: z.literal('voicemail'),
    ...base,
    /** Exactly one of the two owns the message. */
    extension: z.int().positive().optional(),
    queue: z.int().positive().optional(),
    greeting: promptId.optional(),
  }),
  z.object({ kind: z.literal('hangup'), ...base, prompt: promptId.optional() }),
]);

export const flowDefinitionSchema = z.object({
  start: stepId,
  steps: z.record(stepId, stepSchema),
});

export type FlowStep = z.infer<typeof stepSchema>;
export type FlowDefinition = z.infer<typeof flowDefinitionSchema>;
