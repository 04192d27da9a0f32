import { z } from 'zod';
import type { AgentId, FlowId, QueueId, SkillId } from '../../kernel/ids.js';
import { MAX_LEVEL, type SkillRequirement } from '../acd/requirement.js';
import { routeReason } from './route-reason.js';
import { MAX_PRIORITY, type RouteDecision } from './rule.js';

/** More attributes than this are no answer that fits. */
export const MAX_HOOK_ATTRIBUTES = 20;
export const MAX_HOOK_SKILLS = 10;
/** How long a call waits for an agent that a hook names without saying how long. */
export const DEFAULT_HOOK_AGENT_MS = 30_000;
const MAX_AGENT_SECONDS = 3_600;

const name = z.string().trim().min(1).max(80);

/** What the company's own system may answer; every field may be absent, none may be unknown. */
export const hookAnswerSchema = z.strictObject({
  /** Name of an IVR flow: the call goes there instead of into a queue. */
  flow: name.optional(),
  /** Name of a queue. */
  queue: name.optional(),
  priority: z.int().min(0).max(MAX_PRIORITY).optional(),
  vip: z.boolean().optional(),
  /** Number of an agent, as agents type it to sign in. */
  agent: name.optional(),
  agentForSeconds: z.int().min(1).max(MAX_AGENT_SECONDS).optional(),
  attributes: z
    .record(z.string().trim().min(1).max(40), z.string().max(200))
    .refine((values) => Object.keys(values).length <= MAX_HOOK_ATTRIBUTES)
    .optional(),
  skills: z
    .array(
      z.strictObject({
        skill: name,
        level: z.int().min(1).max(MAX_LEVEL).default(1),
        required: z.boolean().default(true),
      }),
    )
    .max(MAX_HOOK_SKILLS)
    .optional(),
});
export type HookAnswer = z.infer<typeof hookAnswerSchema>;

/** Finds what a hook names; undefined for what is not there. */
export interface HookLookups {
  readonly flow: (name: string) => FlowId | undefined;
  readonly queue: (name: string) => QueueId | undefined;
  /** By agent number. */
  readonly agent: (number: string) => { readonly id: AgentId; readonly name: string } | undefined;
  readonly skill: (name: string) => SkillId | undefined;
}

/**
 * A decision with what a hook said about it; the hook has the last word. Names of things that are not there are passed over
 * with a reason.
 */
export function applyHookAnswer(
  decision: RouteDecision,
  answer: HookAnswer,
  hook: string,
  lookups: HookLookups,
): RouteDecision {
  const reasons = [...decision.reasons];
  const flow = found(answer.flow, lookups.flow, 'flow', hook, reasons);
  const queue = found(answer.queue, lookups.queue, 'queue', hook, reasons);
  const agent = answer.agent === undefined ? undefined : lookups.agent(answer.agent);
  if (answer.agent !== undefined && agent === undefined)
    reasons.push(routeReason('hook-unknown-agent', hook, answer.agent));
  const forMs =
    answer.agentForSeconds === undefined ? DEFAULT_HOOK_AGENT_MS : answer.agentForSeconds * 1_000;
  if (agent !== undefined)
    reasons.push(routeReason('hook-agent', hook, `${String(forMs / 1_000)} ${agent.name}`));
  if (answer.priority !== undefined)
    reasons.push(routeReason('hook-priority', hook, `=${String(answer.priority)}`));
  if (answer.vip === true) reasons.push(routeReason('hook-vip', hook));
  for (const [key, value] of Object.entries(answer.attributes ?? {}))
    reasons.push(routeReason('hook-attribute', hook, `${key}=${value}`));
  const requirements = withSkills(decision.requirements, answer, hook, lookups, reasons);
  return {
    ...decision,
    ...(flow === undefined ? {} : { flow }),
    ...(queue === undefined ? {} : { queue }),
    priority: answer.priority ?? decision.priority,
    isVip: answer.vip ?? decision.isVip,
    ...(agent === undefined ? {} : { sticky: { agent: agent.id, forMs } }),
    requirements,
    attributes: Object.fromEntries([
      ...Object.entries(decision.attributes),
      ...Object.entries(answer.attributes ?? {}),
    ]),
    reasons,
  };
}

function found<Id>(
  wanted: string | undefined,
  look: (name: string) => Id | undefined,
  what: 'flow' | 'queue',
  hook: string,
  reasons: string[],
): Id | undefined {
  if (wanted === undefined) return undefined;
  const id = look(wanted);
  reasons.push(
    routeReason(id === undefined ? `hook-unknown-${what}` : `hook-${what}`, hook, wanted),
  );
  return id;
}

function withSkills(
  before: readonly SkillRequirement[],
  answer: HookAnswer,
  hook: string,
  lookups: HookLookups,
  reasons: string[],
): readonly SkillRequirement[] {
  const wanted = new Map(before.map((one) => [one.skill, one]));
  for (const { skill, level, required } of answer.skills ?? []) {
    const id = lookups.skill(skill);
    if (id === undefined) {
      reasons.push(routeReason('hook-unknown-skill', hook, skill));
      continue;
    }
    wanted.set(id, { skill: id, minLevel: level, isRequired: required, relax: [] });
    const code = required ? 'hook-requires' : 'hook-prefers';
    reasons.push(routeReason(code, hook, `${skill} ${String(level)}`));
  }
  return [...wanted.values()];
}
