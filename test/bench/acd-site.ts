import { PLAIN_QUEUE, type AcdQueue, type AgentMembership } from '../../src/engines/acd/acd.js';
import type { SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, QueueId, SkillId } from '../../src/kernel/ids.js';

const SKILLS_PER_AGENT = 10;
const SKILLS = 60;
const QUEUES_PER_AGENT = 10;

export interface Size {
  readonly agents: number;
  readonly queues: number;
  readonly waiting: number;
}

/** A repeatable series of numbers from 0 to below 1 (mulberry32). */
export function series(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Site {
  readonly queues: readonly AcdQueue[];
  readonly agents: readonly AgentMembership[];
  /** What a caller of a queue asks for. */
  readonly asks: (queue: QueueId, random: () => number) => readonly SkillRequirement[];
}

const STRATEGIES = [
  'longest-idle',
  'least-recent',
  'fewest-calls',
  'round-robin',
  'weighted',
  'random',
] as const;

export function makeSite({ agents, queues }: Size, random: () => number): Site {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const skillOf = (queue: number): SkillId => ((queue % SKILLS) + 1) as SkillId;
  const requirement = (skill: SkillId, minLevel: number): SkillRequirement => ({
    skill,
    minLevel,
    isRequired: true,
    relax: [{ afterMs: 60_000, minLevel: 1 }],
  });
  return {
    queues: Array.from({ length: queues }, (_, at) => ({
      ...PLAIN_QUEUE,
      id: (at + 1) as QueueId,
      strategy: STRATEGIES[at % STRATEGIES.length] ?? 'longest-idle',
      weight: at % 3,
      maxTalking: at % 10 === 0 ? 2_000 : 0,
      requirements: at % 2 === 0 ? [requirement(skillOf(at), 20)] : [],
      wrapUp: { ...PLAIN_QUEUE.wrapUp, ms: 0 },
    })),
    agents: Array.from({ length: agents }, (_, at) => {
      const of = new Set<number>();
      while (of.size < Math.min(QUEUES_PER_AGENT, queues)) of.add(pick(queues));
      // An agent knows what the own queues ask for, and more.
      const skills = new Map<SkillId, number>();
      for (const queue of of) skills.set(skillOf(queue), 20 + pick(81));
      while (skills.size < SKILLS_PER_AGENT)
        skills.set((pick(SKILLS) + 1) as SkillId, 1 + pick(100));
      return {
        id: (at + 1) as AgentId,
        name: `Agent ${String(at + 1)}`,
        queues: [...of].map((queue) => ({ queue: (queue + 1) as QueueId, position: at })),
        skills,
        result: pick(101),
      };
    }),
    asks: (queue, chance) =>
      chance() < 0.3 ? [requirement(skillOf(queue - 1), 10 + 10 * Math.floor(chance() * 4))] : [],
  };
}
