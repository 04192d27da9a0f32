import type { LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import { AGENT_LOOKS, type LiveValue, type LiveViewer } from '../../web/kit/index.js';
import { AGENT_ORDER, inAgentOrder } from './agent-values.js';
import type { BoardSources } from './board.js';

/** How the list of agents can be grouped. */
export const AGENT_GROUPINGS = ['none', 'state', 'queue'] as const;
export type AgentGrouping = (typeof AGENT_GROUPINGS)[number];

interface AgentGroup {
  readonly key: string;
  readonly label: string;
  readonly has: (agent: LiveAgent) => boolean;
}

/** The groups that there can be, in their order; an agent of several queues stands in each of them. */
export function agentGroups(
  grouping: AgentGrouping,
  { directory }: Pick<BoardSources, 'directory'>,
  { t }: Pick<LiveViewer, 't'>,
): readonly AgentGroup[] {
  if (grouping === 'none') return [];
  if (grouping === 'state')
    return AGENT_ORDER.map((state) => ({
      key: `state-${state}`,
      label: t(AGENT_LOOKS[state].label),
      has: (agent) => agent.state === state,
    }));
  const queues = [...directory.current.queues.values()].sort((a, b) =>
    a.name.localeCompare(b.name),
  );
  return [
    ...queues.map(({ id, name }) => ({
      key: `queue-${String(id)}`,
      label: name,
      has: (agent: LiveAgent) => agent.queues.includes(id),
    })),
    {
      key: 'queue-none',
      label: t('live-queues.group.no-queue'),
      has: (agent) => agent.queues.length === 0,
    },
  ];
}

/** Who is in each group, and how many. */
export function agentGroupValues(
  grouping: AgentGrouping,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const agents = inAgentOrder(snapshot?.agents ?? []);
  const values: Record<string, LiveValue> = {};
  for (const { key, label, has } of agentGroups(grouping, sources, viewer)) {
    const members = agents.filter(has);
    values[`group:${key}`] = members.map(({ id }) => id).join(' ');
    values[`group:${key}.some`] = members.length > 0;
    values[`group:${key}.label`] = label;
    values[`group:${key}.count`] = viewer.t('live-queues.agents-count', {
      count: members.length,
      signedIn: members.filter(({ state }) => state !== 'signed-out').length,
    });
  }
  return values;
}
