import type { QueueId } from '../../kernel/ids.js';
import type { AgentState, LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import { AGENT_GROUPINGS, type AgentGrouping } from './agent-groups.js';
import { AGENT_ORDER } from './agent-values.js';

/** Which agents a list shows, and how they are grouped. */
export interface AgentFilter {
  readonly grouping: AgentGrouping;
  /** '' for all. */
  readonly queue: QueueId | '';
  readonly state: AgentState | '';
  /** Part of a name or an extension. */
  readonly search: string;
}

const MAX_SEARCH = 40;

/** What an address or a topic's name asks for; what makes no sense is left out. */
export function readAgentFilter(query: Readonly<Record<string, string | undefined>>): AgentFilter {
  const { queue = '', state = '', q = '', group = '' } = query;
  return {
    grouping: AGENT_GROUPINGS.find((one) => one === group) ?? 'none',
    queue: /^[1-9]\d{0,9}$/.test(queue) ? (Number(queue) as QueueId) : '',
    state: AGENT_ORDER.find((one) => one === state) ?? '',
    search: q.trim().slice(0, MAX_SEARCH),
  };
}

export const isNarrowed = ({ queue, state, search }: AgentFilter): boolean =>
  queue !== '' || state !== '' || search !== '';

/** The filter as it stands in addresses, without what is left open. */
export const agentQuery = ({ grouping, queue, state, search }: AgentFilter): string =>
  new URLSearchParams({
    ...(grouping === 'none' ? {} : { group: grouping }),
    ...(queue === '' ? {} : { queue: String(queue) }),
    ...(state === '' ? {} : { state }),
    ...(search === '' ? {} : { q: search }),
  }).toString();

/** The picture with these agents only. */
export function withAgents(
  snapshot: LiveSnapshot | undefined,
  { queue, state, search }: AgentFilter,
): LiveSnapshot | undefined {
  if (snapshot === undefined) return undefined;
  const wanted = search.toLowerCase();
  const fits = (agent: LiveAgent): boolean =>
    (queue === '' || agent.queues.includes(queue)) &&
    (state === '' || agent.state === state) &&
    (wanted === '' ||
      agent.name.toLowerCase().includes(wanted) ||
      agent.extension.startsWith(wanted));
  return { ...snapshot, agents: snapshot.agents.filter(fits) };
}
