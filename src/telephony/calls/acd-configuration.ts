import type { AcdEvent, AcdQueue, AgentMembership } from '../../engines/acd/acd.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { AgentConfig, DirectorySnapshot, QueueConfig } from '../directory.js';

/** The configuration as the engine of distribution takes it. */
export function acdConfiguration(
  directory: DirectorySnapshot,
  at: number,
): Extract<AcdEvent, { kind: 'configured' }> {
  const places = new Map(
    [...directory.queues.values()].map((queue) => [queue.id, placesIn(queue)]),
  );
  return {
    kind: 'configured',
    at,
    queues: [...directory.queues.values()].map(acdQueueOf),
    agents: [...directory.agents.values()].map((agent) => membershipOf(agent, places)),
    skillNames: new Map([...directory.skills.values()].map((skill) => [skill.id, skill.name])),
  };
}

const acdQueueOf = (queue: QueueConfig): AcdQueue => ({
  id: queue.id,
  strategy: queue.strategy,
  weight: queue.weight,
  maxTalking: queue.maxTalking,
  requirements: queue.requirements,
  rejectMemoryMs: queue.rejectMemoryMs,
  missesUntilNotReady: queue.missesUntilNotReady,
  wrapUp: queue.wrapUp,
  weights: queue.weights,
});

type Places = ReadonlyMap<AgentId, number>;

const placesIn = (queue: QueueConfig): Places =>
  new Map(queue.members.map((agent, place) => [agent, place]));

const membershipOf = (
  agent: AgentConfig,
  places: ReadonlyMap<QueueId, Places>,
): AgentMembership => ({
  id: agent.id,
  name: agent.name,
  queues: agent.queues.flatMap((queue) => {
    const position = places.get(queue)?.get(agent.id);
    return position === undefined ? [] : [{ queue, position }];
  }),
  skills: agent.skills,
  result: 0,
});
