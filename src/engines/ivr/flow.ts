import { z } from 'zod';
import { askingSteps } from './schema/asking-steps.js';
import { decidingSteps } from './schema/deciding-steps.js';
import { leadingSteps } from './schema/leading-steps.js';
import { DRAFT, STRICT, type SchemaParts } from './schema/parts.js';
import { spokenSteps } from './schema/spoken-steps.js';

/**
 * An IVR flow as it is stored, edited, drawn and run: steps by id, each naming the steps that follow it. Ids of steps are
 * short words (`a-z0-9-`); prompts, queues, extensions, calendars and the like are row ids. Texts may hold variables:
 * `{{name}}` (`templates.ts`).
 */
const stepSchema = (parts: SchemaParts) =>
  z.discriminatedUnion('kind', [
    ...spokenSteps(parts),
    ...decidingSteps(parts),
    ...askingSteps(parts),
    ...leadingSteps(parts),
  ]);

const definitionSchema = (parts: SchemaParts) =>
  z.object({
    start: parts.exit,
    steps: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), stepSchema(parts)),
  });

/** A flow that calls may run. */
export const flowDefinitionSchema = definitionSchema(STRICT);
/** A flow in work: exits and texts may still be '', references 0. */
export const draftDefinitionSchema = definitionSchema(DRAFT);

export type FlowDefinition = z.infer<typeof flowDefinitionSchema>;
export type FlowStep = FlowDefinition['steps'][string];
export type StepKind = FlowStep['kind'];
export type StepOf<K extends StepKind> = Extract<FlowStep, { kind: K }>;
