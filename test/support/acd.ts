import {
  Acd,
  PLAIN_QUEUE,
  type AcdCommand,
  type AcdEvent,
  type AcdOptions,
  type AcdQueue,
  type AgentMembership,
} from '../../src/engines/acd/acd.js';
import type { SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId, SkillId } from '../../src/kernel/ids.js';

export const agentId = (id: number): AgentId => id as AgentId;
export const queueId = (id: number): QueueId => id as QueueId;
export const skillId = (id: number): SkillId => id as SkillId;
export const callId = (id: string): CallId => id as CallId;

export const acdQueue = (id: number, rules: Partial<AcdQueue> = {}): AcdQueue => ({
  ...PLAIN_QUEUE,
  id: queueId(id),
  ...rules,
});

/** A member of these queues; the position is the id, skills are pairs of skill and level. */
export const member = (
  id: number,
  queues: readonly number[],
  skills: readonly (readonly [number, number])[] = [],
  result = 0,
): AgentMembership => ({
  id: agentId(id),
  name: `Agent ${String(id)}`,
  queues: queues.map((queue) => ({ queue: queueId(queue), position: id, result })),
  skills: new Map(skills.map(([skill, level]) => [skillId(skill), level])),
});

export const requires = (
  skill: number,
  minLevel = 1,
  relax: SkillRequirement['relax'] = [],
): SkillRequirement => ({ skill: skillId(skill), minLevel, isRequired: true, relax });

export const prefers = (skill: number, minLevel = 1): SkillRequirement => ({
  skill: skillId(skill),
  minLevel,
  isRequired: false,
  relax: [],
});

export type Offer = Extract<AcdCommand, { kind: 'offer-call' }>;

/** An engine with a clock that a test moves by hand. */
export class AcdBench {
  readonly acd: Acd;
  at = 1_000_000;

  constructor(
    queues: readonly AcdQueue[],
    agents: readonly AgentMembership[],
    options: Partial<AcdOptions> = {},
  ) {
    this.acd = new Acd(options);
    this.acd.handle({ kind: 'configured', at: this.at, queues, agents });
  }

  send(
    event: AcdEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never,
  ) {
    return this.acd.handle({ ...event, at: this.at });
  }

  /** Moves the clock and lets the engine look at what is due. */
  pass(ms: number): readonly AcdCommand[] {
    this.at += ms;
    return this.send({ kind: 'time-passed' });
  }

  ready(...ids: readonly number[]): void {
    for (const id of ids) {
      this.send({ kind: 'agent-signed-in', agent: agentId(id) });
      this.send({ kind: 'agent-available', agent: agentId(id) });
    }
  }

  call(
    id: string,
    queue: number,
    more: Partial<Extract<AcdEvent, { kind: 'call-queued' }>> = {},
  ): readonly AcdCommand[] {
    return this.send({
      kind: 'call-queued',
      call: callId(id),
      queue: queueId(queue),
      priority: 0,
      enteredAt: this.at,
      ...more,
    });
  }

  answer(id: string, agent: number): readonly AcdCommand[] {
    return this.send({ kind: 'offer-answered', call: callId(id), agent: agentId(agent) });
  }

  miss(id: string, agent: number): readonly AcdCommand[] {
    return this.send({
      kind: 'offer-failed',
      call: callId(id),
      agent: agentId(agent),
      outcome: 'no-answer',
    });
  }

  end(id: string, agent: number): readonly AcdCommand[] {
    return this.send({ kind: 'talk-ended', call: callId(id), agent: agentId(agent) });
  }
}

/** Agents who are offered a call by these commands, in order. */
export const offered = (commands: readonly AcdCommand[]): readonly number[] =>
  commands.flatMap((command) => (command.kind === 'offer-call' ? [command.agent] : []));
