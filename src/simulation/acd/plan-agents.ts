import type { AgentMembership } from '../../engines/acd/acd-events.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { PlanAgent } from './plan.js';
import type { Planning } from './planning.js';
import { MAX_AGENTS, timeOfDayMs, type ScenarioAgent } from './scenario-file.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** All agents, one by one; what is wrong is refused. */
export function planAgents(planning: Planning): readonly PlanAgent[] {
  const agents: PlanAgent[] = [];
  const total = planning.file.agents.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) planning.refuse(['agents'], 'there is no agent');
  if (total > MAX_AGENTS) {
    planning.refuse(
      ['agents'],
      `there are ${String(total)} agents; at most ${String(MAX_AGENTS)} are simulated`,
    );
    return agents;
  }
  planning.file.agents.forEach((group, index) => {
    const membership = membershipOf(planning, group, index);
    const shifts = shiftsOf(planning, group, index);
    const breaks = group.breaks.map(({ at, minutes }) => ({
      atMs: timeOfDayMs(at),
      ms: minutes * MINUTE_MS,
    }));
    for (let one = 1; one <= group.count; one++) {
      const position = agents.length;
      agents.push({
        membership: {
          ...membership,
          id: (position + 1) as AgentId,
          name: group.count === 1 ? group.name : `${group.name} ${String(one)}`,
          queues: membership.queues.map(({ queue }) => ({ queue, position })),
        },
        shifts,
        breaks,
      });
    }
  });
  return agents;
}

function membershipOf(
  planning: Planning,
  group: ScenarioAgent,
  index: number,
): Omit<AgentMembership, 'id' | 'name'> {
  const names = group.queues ?? planning.file.queues.map(({ name }) => name);
  const queues = names.map((name, at) => {
    const queue = planning.queue(name, ['agents', index, 'queues', at]);
    return { queue: ((queue ?? 0) + 1) as QueueId, position: 0, result: group.result };
  });
  const skills = Object.entries(group.skills).map(
    ([name, level]) => [planning.skill(name, ['agents', index, 'skills', name]), level] as const,
  );
  return { queues, skills: new Map(skills) };
}

function shiftsOf(planning: Planning, group: ScenarioAgent, index: number): PlanAgent['shifts'] {
  const shifts = group.shifts.map(({ from, to }) => {
    const [fromMs, toMs] = [timeOfDayMs(from), timeOfDayMs(to)];
    return { fromMs, toMs: toMs <= fromMs ? toMs + DAY_MS : toMs };
  });
  shifts.sort((a, b) => a.fromMs - b.fromMs);
  shifts.forEach((shift, at) => {
    if (shift.fromMs < (shifts[at - 1]?.toMs ?? 0))
      planning.refuse(['agents', index, 'shifts'], 'shifts overlap');
  });
  return shifts;
}
