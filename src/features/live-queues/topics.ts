import type { QueueId } from '../../kernel/ids.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type {
  LiveTopic,
  LiveTopicFamily,
  LiveValue,
  LiveValues,
  LiveViewer,
} from '../../web/kit/index.js';
import {
  agentQuery,
  isNarrowed,
  readAgentFilter,
  withAgents,
  type AgentFilter,
} from './agent-filter.js';
import { AGENT_GROUPINGS, agentGroupValues, type AgentGrouping } from './agent-groups.js';
import { changeValues } from './actions/change-values.js';
import { agentListValues } from './agent-values.js';
import type { BoardSources } from './board.js';
import { DECISIONS_SHOWN, decisionValues } from './decision-values.js';
import { lineValues } from './line-values.js';
import {
  listRowValues,
  openValues,
  queueNow,
  queuesNow,
  tileValues,
  toneOf,
} from './queue-values.js';

const ACCESS = 'live.read';
export const QUEUES_TOPIC = 'live-queues';
const AGENTS_TOPIC = 'live-agents';
const groupedTopicName = (grouping: AgentGrouping): string =>
  grouping === 'none' ? AGENTS_TOPIC : `${AGENTS_TOPIC}-by-${grouping}`;
/** Some of the agents: the rest of the name is the filter as it stands in addresses. */
const FILTERED_PREFIX = `${AGENTS_TOPIC}:`;
export const agentsTopicName = (filter: AgentFilter): string =>
  isNarrowed(filter) ? FILTERED_PREFIX + agentQuery(filter) : groupedTopicName(filter.grouping);
const QUEUE_PREFIX = 'queue:';
/** Tabs beside each other; more queues are on the list. */
const TABS_SHOWN = 12;

export const queueTopicName = (id: QueueId): string => `${QUEUE_PREFIX}${String(id)}`;

/** Every cell of one queue's board. */
export function queueBoardValues(
  id: QueueId,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
  viewer: LiveViewer,
): LiveValues {
  const queue = queueNow(id, snapshot, sources);
  const config = sources.directory.current.queues.get(id);
  const line = queue.live ?? NOBODY(id, queue.name);
  const agents = snapshot?.agents ?? [];
  const decisions = queue.live ? sources.decisions(queue.live) : [];
  return {
    name: queue.name,
    ...openValues(queue, viewer),
    ...changeValues(line, queue.at, sources, viewer),
    ...tabValues(id, snapshot, sources),
    ...tileValues(queue, viewer),
    ...lineValues({ queue: line, config, agents, at: queue.at, sources }, viewer),
    ...agentListValues(queue.agents, { snapshot, queue: config, sources }, viewer),
    ...decisionValues(decisions.slice(0, DECISIONS_SHOWN), agents, viewer),
  };
}

const NOBODY = (id: QueueId, name: string) => ({
  id,
  name,
  waiting: [],
  waitingCount: 0,
  callbackCount: 0,
  inService: 0,
  changes: [],
  maxTalking: 0,
  isOpen: true,
  stalledMs: 0,
  decisions: 0,
});

/** Other queues to go to, by name; the one that is shown is among them. */
function tabValues(
  current: QueueId,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
): Record<string, LiveValue> {
  const all = queuesNow(snapshot, sources);
  const first = all.slice(0, TABS_SHOWN);
  const own = all.find(({ id }) => id === current);
  const shown =
    own === undefined || first.includes(own) ? first : [...first.slice(0, TABS_SHOWN - 1), own];
  const values: Record<string, LiveValue> = {
    tabs: shown.map(({ id }) => id).join(' '),
    'tabs.more': all.length > shown.length,
  };
  for (const queue of shown) {
    const key = `tab:${String(queue.id)}`;
    values[`${key}.name`] = queue.name;
    values[`${key}.href`] = `/live/queues/${String(queue.id)}`;
    values[`${key}.count`] = queue.live?.waitingCount ?? 0;
    values[`${key}.tone`] = toneOf(queue);
    values[`${key}.current`] = queue.id === current ? 'page' : null;
  }
  return values;
}

/** Every cell of the list of queues; those with the longest wait first. */
export function queueListValues(
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
  viewer: LiveViewer,
): LiveValues {
  const queues = [...queuesNow(snapshot, sources)].sort(
    (a, b) => (a.longestSince ?? Infinity) - (b.longestSince ?? Infinity) || 0,
  );
  const values: Record<string, LiveValue> = {
    queues: queues.map(({ id }) => id).join(' '),
    'queues.none': queues.length === 0,
    'queues.some': queues.length > 0,
  };
  for (const queue of queues) Object.assign(values, listRowValues(queue, viewer));
  return values;
}

/** Every cell of the list of agents. */
export const agentBoardValues = (
  grouping: AgentGrouping,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
  viewer: LiveViewer,
): LiveValues => ({
  ...agentListValues(snapshot?.agents ?? [], { snapshot, sources }, viewer),
  ...agentGroupValues(grouping, snapshot, sources, viewer),
});

/** What the live pages follow. `onChange`: something beside the picture of now has changed. */
export function liveQueueTopics(
  sources: BoardSources,
  onChange: (listener: () => void) => () => void,
): {
  readonly topics: readonly LiveTopic[];
  readonly family: LiveTopicFamily;
  readonly filtered: LiveTopicFamily;
} {
  const topic = (
    name: string,
    values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => LiveValues,
  ): LiveTopic => ({ name, access: ACCESS, sharedBy: () => 'all', values, onChange });
  return {
    topics: [
      topic(QUEUES_TOPIC, (snapshot, viewer) => queueListValues(snapshot, sources, viewer)),
      ...AGENT_GROUPINGS.map((grouping) =>
        topic(groupedTopicName(grouping), (snapshot, viewer) =>
          agentBoardValues(grouping, snapshot, sources, viewer),
        ),
      ),
    ],
    family: {
      prefix: QUEUE_PREFIX,
      topic: (rest) => {
        const id = Number(rest) as QueueId;
        if (!sources.directory.current.queues.has(id)) return undefined;
        return topic(`${QUEUE_PREFIX}${rest}`, (snapshot, viewer) =>
          queueBoardValues(id, snapshot, sources, viewer),
        );
      },
      onChange,
    },
    filtered: {
      prefix: FILTERED_PREFIX,
      topic: (rest) => {
        const filter = readAgentFilter(Object.fromEntries(new URLSearchParams(rest)));
        return topic(`${FILTERED_PREFIX}${rest}`, (snapshot, viewer) =>
          agentBoardValues(filter.grouping, withAgents(snapshot, filter), sources, viewer),
        );
      },
      onChange,
    },
  };
}
