import { z } from 'zod';
import {
  draftDefinitionSchema,
  type FlowDefinition,
  type StepKind,
} from '../../engines/ivr/flow.js';
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
  /** What whoever published it wrote about it; '' for nothing. */
  readonly note: string;
}

/** Steps that are being worked on. */
export interface FlowDraft {
  readonly definition: FlowDefinition;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Kinds of steps in the groups and the order in which pages offer them. */
export const STEP_GROUPS = [
  { name: 'sound', kinds: ['play', 'say', 'menu', 'collect', 'record', 'language', 'survey'] },
  { name: 'decisions', kinds: ['hours', 'condition', 'set', 'pin'] },
  { name: 'data', kinds: ['customer', 'http', 'sql', 'webhook'] },
  {
    name: 'hand-over',
    kinds: [
      ...(['queue', 'extension', 'dial-extension', 'dial-name', 'ring', 'outside'] as const),
      ...(['voicemail', 'callback', 'appointment', 'conference'] as const),
    ],
  },
  { name: 'other', kinds: ['sub-flow', 'return', 'hangup'] },
] as const satisfies readonly { readonly name: string; readonly kinds: readonly StepKind[] }[];

const STEP_KINDS: readonly StepKind[] = STEP_GROUPS.flatMap((group) => [...group.kinds]);

export const isStepKind = (text: string): text is StepKind =>
  STEP_KINDS.some((kind) => kind === text);

/** Reads steps that are being worked on, as the database has them; throws on what never was a draft. */
export function readDraft(column: unknown): FlowDefinition {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return withoutUndefined(draftDefinitionSchema.parse(value)) as FlowDefinition;
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
