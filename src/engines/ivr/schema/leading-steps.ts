import { z } from 'zod';
import { base, MAX_TEMPLATE, type SchemaParts } from './parts.js';

/** How far a flow may dial. Each includes the ones before it. */
export const OUTSIDE_CLASSES = ['local', 'national', 'international'] as const;

const ringS = z.int().min(5).max(300);

/** Of steps that ask the caller for somebody of the company. */
const askingForPeople = (exit: SchemaParts['exit'], reference: SchemaParts['reference']) => ({
  /** Said at first; the standard sentence where not given. */
  prompt: reference.optional(),
  /** Entries before it is given up. */
  tries: z.int().min(1).max(9),
  nobody: exit,
  /** Where the caller goes when whoever was chosen does not answer; the extension's voicemail where not given. */
  noAnswer: exit.optional(),
});

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
      /** A configured group rings as it says; without one these extensions ring, all at once. The first answer has the call. */
      group: reference.optional(),
      extensions: z.array(reference).max(20),
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
    /** The caller types the number of an extension. */
    z.object({ kind: z.literal('dial-extension'), ...base, ...askingForPeople(exit, reference) }),
    /** The caller types letters of a name, and hears who fits. */
    z.object({ kind: z.literal('dial-name'), ...base, ...askingForPeople(exit, reference) }),
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
      kind: z.literal('appointment'),
      ...base,
      /** Whose agents call, by whose rules. */
      campaign: reference,
      number: text(MAX_TEMPLATE),
      /** When times are offered. */
      calendar: reference,
      /** Between two times that are offered. */
      everyMinutes: z.int().min(5).max(480),
      /** At the earliest in so long. */
      leadMinutes: z.int().min(0).max(20_160),
      /** A time that the flow found before: it is booked at once, and nothing is offered. */
      when: text(MAX_TEMPLATE).optional(),
      /** Said before the times; the standard sentence where not given. */
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
