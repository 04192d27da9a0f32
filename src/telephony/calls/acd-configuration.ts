import type { AcdEvent, AcdQueue, AgentMembership } from '../../engines/acd/acd.js';
import type { AgentConfig, DirectorySnapshot, QueueConfig } from '../directory.js';

/** The configuration as the engine of distribution takes it. */
export function acdConfiguration(
  directory: DirectorySnapshot,
  at: number,
): Extract<AcdEvent, { kind: 'configured' }> {
  return {
    kind: 'configured',
    at,
    queues: [...directory.queues.values()].map(acdQueueOf),
    agents: [...directory.agents.values()].map((agent) => membershipOf(agent, directory)),
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

const membershipOf = (agent: AgentConfig, { queues }: DirectorySnapshot): AgentMembership => ({
  id: agent.id,
  name: agent.name,
  queues: agent.queues.flatMap((id) => {
    const position = queues.get(id)?.members.indexOf(agent.id) ?? -1;
    return position < 0 ? [] : [{ queue: id, position }];
  }),
  skills: new Map(),
  result: 0,
});
