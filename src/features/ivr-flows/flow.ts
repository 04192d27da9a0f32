import { z } from 'zod';
import { periodSchema, type FlowDefinition, type FlowStep } from '../../engines/ivr/flow.js';
import { KEYS } from '../../engines/ivr/exits.js';
import { textField } from '../../kernel/fields.js';
import type { FlowId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** What the store writes of a flow's own row. */
export interface FlowName {
  readonly name: string;
}

/** A flow as lists show it. */
export interface StoredFlow extends FlowName, Versioned<FlowId> {
  /** The version that callers hear; 0 before the first. */
  readonly publishedVersion: number;
  /** Somebody saved steps that are not published yet. */
  readonly hasDraft: boolean;
}

export const FLOW_SORTS = ['name', 'updated'] as const;
export type FlowSort = (typeof FLOW_SORTS)[number];

/** One published version. Versions never change. */
export interface FlowVersion {
  readonly version: number;
  readonly publishedAt: Date;
  /** '' for the system and for users that are gone. */
  readonly publishedBy: string;
}

/** Steps that are being worked on. */
export interface FlowDraft {
  readonly definition: FlowDefinition;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Kinds of steps, in the order in which pages offer them. */
export const STEP_KINDS = [
  'play',
  'menu',
  'hours',
  'language',
  'queue',
  'extension',
  'voicemail',
  'hangup',
] as const satisfies readonly FlowStep['kind'][];
export type StepKind = FlowStep['kind'];

export const isStepKind = (text: string): text is StepKind =>
  STEP_KINDS.some((kind) => kind === text);

const label = z.string().trim().min(1).max(80);
/** Exits and references may still be open in a draft: '' and 0. */
const exit = z.string().regex(/^[a-z0-9-]{0,40}$/);
const reference = z.int().min(0);

const draftStep = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('play'),
    label,
    prompt: reference,
    bargeIn: z.boolean(),
    next: exit,
  }),
  z.object({
    kind: z.literal('menu'),
    label,
    prompt: reference,
    wrongPrompt: reference.optional(),
    timeoutS: z.int().min(1).max(60),
    retries: z.int().min(0).max(9),
    choices: z.partialRecord(z.enum(KEYS), exit),
    noInput: exit,
    wrongKey: exit,
  }),
  z.object({ kind: z.literal('language'), label, language: z.enum(['en', 'zh-CN']), next: exit }),
  z.object({
    kind: z.literal('hours'),
    label,
    calendar: reference.optional(),
    periods: z.array(periodSchema).max(50),
    closedDates: z.array(z.iso.date()).max(400),
    open: exit,
    closed: exit,
  }),
  z.object({
    kind: z.literal('queue'),
    label,
    queue: reference,
    priority: z.int().min(0).max(100),
  }),
  z.object({
    kind: z.literal('extension'),
    label,
    extension: reference,
    noAnswer: exit.optional(),
  }),
  z.object({
    kind: z.literal('voicemail'),
    label,
    extension: reference.optional(),
    queue: reference.optional(),
    greeting: reference.optional(),
  }),
  z.object({ kind: z.literal('hangup'), label, prompt: reference.optional() }),
]);

const draftSchema = z.object({
  start: exit,
  steps: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), draftStep),
});

/** Reads steps that are being worked on, as the database has them; throws on what never was a draft. */
export function readDraft(column: unknown): FlowDefinition {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return withoutUndefined(draftSchema.parse(value)) as FlowDefinition;
}

/** zod's optional properties may be present and undefined; ours are absent. */
const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export const flowNameField = textField({ max: 80 });

/** What a new flow begins with: nothing but a goodbye, the usual parts of a company's line, or a copy (`copy:7`). */
const BEGINNINGS = ['empty', 'reception'] as const;
export type Beginning = (typeof BEGINNINGS)[number] | `copy:${string}`;

export const newFlowForm = z.object({
  name: flowNameField,
  beginning: z
    .string('form.problem.choose')
    .refine(
      (text) => BEGINNINGS.some((known) => known === text) || /^copy:[1-9]\d{0,9}$/.test(text),
      'form.problem.choose',
    )
    .transform((text) => text as Beginning),
});
export type NewFlowValues = z.output<typeof newFlowForm>;
