import type { AcdEvent, AgentMembership } from '../../engines/acd/acd.js';
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
  const usual = usualResults(directory.agents.values());
  return {
    kind: 'configured',
    at,
    queues: [...directory.queues.values()],
    agents: [...directory.agents.values()].map((agent) => membershipOf(agent, places, usual)),
    skillNames: new Map([...directory.skills.values()].map((skill) => [skill.id, skill.name])),
  };
}

type Places = ReadonlyMap<AgentId, number>;

const placesIn = (queue: QueueConfig): Places =>
  new Map(queue.members.map((agent, place) => [agent, place]));

/** The mean of the past results that are known, by queue: whoever is new there begins with it. */
function usualResults(agents: Iterable<AgentConfig>): ReadonlyMap<QueueId, number> {
  const sums = new Map<QueueId, { sum: number; count: number }>();
  for (const { results } of agents)
    for (const [queue, result] of results) {
      const { sum, count } = sums.get(queue) ?? { sum: 0, count: 0 };
      sums.set(queue, { sum: sum + result, count: count + 1 });
    }
  return new Map([...sums].map(([queue, { sum, count }]) => [queue, Math.round(sum / count)]));
}

const membershipOf = (
  agent: AgentConfig,
  places: ReadonlyMap<QueueId, Places>,
  usual: ReadonlyMap<QueueId, number>,
): AgentMembership => ({
  id: agent.id,
  name: agent.name,
  queues: agent.queues.flatMap((queue) => {
    const position = places.get(queue)?.get(agent.id);
    if (position === undefined) return [];
    const result = agent.results.get(queue) ?? usual.get(queue) ?? 0;
    return [{ queue, position, result }];
  }),
  skills: agent.skills,
});
