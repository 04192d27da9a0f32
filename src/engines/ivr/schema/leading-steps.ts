import { z } from 'zod';
import { base, MAX_TEMPLATE, type SchemaParts } from './parts.js';

/** How far a flow may dial. Each includes the ones before it. */
export const OUTSIDE_CLASSES = ['local', 'national', 'international'] as const;

const ringS = z.int().min(5).max(300);

/** Steps that lead to somebody, or end the call. */
export const leadingSteps = ({ exit, reference, text }: SchemaParts) =>
  [
    z.object({
      kind: z.literal('queue'),
      ...base,
      queue: reference,
      priority: z.int().min(0).max(100),
      /** What the call asks of agents besides what its queue asks. */
      skills: z
        .array(
          z.object({ skill: reference, level: z.int().min(1).max(100), required: z.boolean() }),
        )
        .max(20)
        .optional(),
      /** Facts about the call, by which rules route it. */
      tags: z
        .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.string().max(MAX_TEMPLATE))
        .optional(),
    }),
    z.object({
      kind: z.literal('extension'),
      ...base,
      extension: reference,
      /** Where the caller goes when nobody answers; the extension's voicemail where not given. */
      noAnswer: exit.optional(),
    }),
    z.object({
      kind: z.literal('ring'),
      ...base,
      /** All ring at once; the first that answers has the call. */
      extensions: z.array(reference).min(1).max(20),
      timeoutS: ringS,
      noAnswer: exit,
    }),
    z.object({
      kind: z.literal('outside'),
      ...base,
      number: text(MAX_TEMPLATE),
      permission: z.enum(OUTSIDE_CLASSES),
      /** DID that the called side sees; the trunk's number where not given. */
      callerId: reference.optional(),
      timeoutS: ringS,
      noAnswer: exit,
    }),
    z.object({ kind: z.literal('conference'), ...base, room: reference }),
    z.object({
      kind: z.literal('callback'),
      ...base,
      queue: reference,
      number: text(MAX_TEMPLATE),
      /** The offer; the standard sentence where not given. */
      prompt: reference.optional(),
      accepted: exit,
      declined: exit,
    }),
    z.object({
      kind: z.literal('voicemail'),
      ...base,
      /** Exactly one of the two owns the message. */
      extension: reference.optional(),
      queue: reference.optional(),
      greeting: reference.optional(),
    }),
    z.object({ kind: z.literal('hangup'), ...base, prompt: reference.optional() }),
  ] as const;
