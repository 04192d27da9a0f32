import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { MAX_LEVEL } from '../acd/requirement.js';
import { MAX_HISTORY_DAYS, MAX_PRIORITY, type Condition, type Effect } from './rule.js';

/** Values in one condition at most. */
export const MAX_VALUES = 200;
/** How long a call waits for one agent at most. */
export const MAX_STICKY_MS = 3_600_000;
export const MAX_RELAX_STEPS = 5;

const id = z.int().positive();
const ids = z.array(id).min(1).max(MAX_VALUES);
const texts = z.array(z.string().min(1).max(200)).min(1).max(MAX_VALUES);
const attributeName = z.string().min(1).max(40);
const stickyMs = z.int().min(1_000).max(MAX_STICKY_MS);

const conditionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal(['did', 'queue', 'region', 'contact-in-list']), ids }),
  z.object({ kind: z.literal('caller-begins'), prefixes: texts }),
  z.object({ kind: z.literal('caller-is'), numbers: texts }),
  z.object({
    kind: z.literal('language'),
    languages: z.array(z.enum(LANGUAGES as [Language, ...Language[]])).min(1),
  }),
  z.object({ kind: z.literal('attribute-is'), name: attributeName, values: texts }),
  z.object({ kind: z.literal('attribute-at-least'), name: attributeName, value: z.number() }),
  z.object({ kind: z.literal('calendar'), id, isOpen: z.boolean() }),
  z.object({
    kind: z.literal('called-lately'),
    days: z.int().min(1).max(MAX_HISTORY_DAYS),
    times: z.int().min(1).max(100),
  }),
  z.object({ kind: z.literal('talked-lately'), days: z.int().min(1).max(MAX_HISTORY_DAYS) }),
  z.object({ kind: z.literal('customer-value'), atLeast: z.number() }),
  z.object({ kind: z.literal('contact-field-is'), field: id, values: texts }),
  z.object({ kind: z.literal('contact-field-at-least'), field: id, value: z.number() }),
]);

const effectSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('priority-add'),
    value: z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY),
  }),
  z.object({ kind: z.literal('priority-set'), value: z.int().min(0).max(MAX_PRIORITY) }),
  z.object({ kind: z.literal('priority-from-contact'), field: id }),
  z.object({ kind: z.literal('vip') }),
  z.object({
    kind: z.literal('skill'),
    skill: id,
    minLevel: z.int().min(1).max(MAX_LEVEL),
    isRequired: z.boolean(),
    relax: z
      .array(z.object({ afterMs: z.int().positive(), minLevel: z.int().min(0).max(MAX_LEVEL) }))
      .max(MAX_RELAX_STEPS),
  }),
  z.object({ kind: z.literal('queue'), queue: id }),
  z.object({ kind: z.literal('last-agent'), forMs: stickyMs }),
  z.object({ kind: z.literal('agent'), agent: id, forMs: stickyMs }),
  z.object({ kind: z.literal('attribute'), name: attributeName, value: z.string().max(200) }),
  z.object({ kind: z.literal('stop') }),
]);

/** Conditions as tables keep them; throws on what is none. */
export const readConditions = (value: unknown): readonly Condition[] =>
  z.array(conditionSchema).parse(value) as readonly Condition[];

/** Effects as tables keep them; throws on what is none. */
export const readEffects = (value: unknown): readonly Effect[] =>
  z.array(effectSchema).parse(value) as readonly Effect[];
