import type { QueueConfig } from '../../telephony/directory.js';
import type {
  AgentState,
  LiveAgent,
  LiveCall,
  LiveMonitor,
  LiveSnapshot,
} from '../../telephony/live.js';
import {
  AGENT_HOLDS,
  AGENT_LOOKS,
  DIRECTION_LOOKS,
  formatDuration,
  formatNumber,
  formatPhone,
  NO_VALUE,
  someNames,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';
import { isOverLimit, reasonName } from '../not-ready-reasons/index.js';
import { agentPath, type BoardSources } from './board.js';
import { monitorText } from './monitor-pages.js';

/** The order of the list: those who work first. Within a state the longest comes first. */
export const AGENT_ORDER: readonly AgentState[] = [
  'talking',
  'ringing',
  'preview',
  'wrap-up',
  'available',
  'not-ready',
  'phone-lost',
  'signed-out',
];

export const inAgentOrder = (agents: readonly LiveAgent[]): readonly LiveAgent[] =>
  [...agents].sort(
    (a, b) =>
      AGENT_ORDER.indexOf(a.state) - AGENT_ORDER.indexOf(b.state) ||
      a.since - b.since ||
      a.id - b.id,
  );

/** A list of agents; in a queue's list with their skills for it, else with their queues. */
export function agentListValues(
  agents: readonly LiveAgent[],
  parts: {
    readonly snapshot: LiveSnapshot | undefined;
    readonly queue?: QueueConfig | undefined;
    readonly sources: BoardSources;
  },
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const sorted = inAgentOrder(agents);
  const values: Record<string, LiveValue> = {
    agents: sorted.map(({ id }) => id).join(' '),
    'agents.none': sorted.length === 0,
    'agents.some': sorted.length > 0,
    'agents.count': viewer.t('live-queues.agents-count', {
      count: sorted.length,
      signedIn: sorted.filter(({ state }) => state !== 'signed-out').length,
    }),
  };
  const calls = new Map(parts.snapshot?.calls.map((call) => [call.id, call]));
  for (const agent of sorted) {
    const call = agent.callId === undefined ? undefined : calls.get(agent.callId);
    Object.assign(values, rowValues(agent, call, parts.snapshot?.at ?? 0, parts.sources, viewer));
    values[`agent:${String(agent.id)}.about`] = parts.queue
      ? skillsText(agent, parts.queue, parts.sources)
      : queuesText(agent, parts.sources, viewer);
  }
  return values;
}

function rowValues(
  agent: LiveAgent,
  call: LiveCall | undefined,
  at: number,
  sources: BoardSources,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const { t } = viewer;
  const key = `agent:${String(agent.id)}`;
  const isOver = isOverLimit(sources.reasons, agent, at);
  const isHolding = agent.state === 'talking' && call?.talk?.hold !== undefined;
  const look = isHolding ? AGENT_HOLDS : AGENT_LOOKS[agent.state];
  const isCounted = agent.state === 'wrap-up' && agent.until !== undefined;
  const calls = sources.callsToday(agent.id);
  return {
    [`${key}.name`]: agent.name,
    [`${key}.day`]: agentPath(agent.id),
    [`${key}.force`]: `${agentPath(agent.id)}/state`,
    [`${key}.menu`]: t('live-queues.actions-for', { name: agent.name }),
    [`${key}.state`]: isHolding ? t(look.label) : stateText(agent, agent.state, sources, viewer),
    [`${key}.stateNow`]: agent.state,
    [`${key}.reasonNow`]: agent.reason,
    [`${key}.nextNow`]: agent.next ?? '',
    [`${key}.icon`]: isOver ? 'alert-triangle' : look.icon,
    [`${key}.tone`]: isOver ? 'alarm' : look.tone,
    [`${key}.isOver`]: isOver,
    [`${key}.since`]: isCounted || agent.state === 'signed-out' ? null : agent.since,
    [`${key}.until`]: isCounted ? (agent.until ?? null) : null,
    [`${key}.isCounted`]: isCounted,
    [`${key}.limit`]: limitText(agent, sources, viewer),
    ...withWhom(key, agent, call, viewer),
    [`${key}.next`]: agent.next
      ? t('live-queues.then', { state: stateText(agent, agent.next, sources, viewer) })
      : '',
    [`${key}.monitored`]: monitorsOf(agent, call)
      .map((one) => monitorText(viewer, one))
      .join(' · '),
    [`${key}.canMonitor`]: agent.state === 'talking',
    [`${key}.forced`]: agent.forced ? t('live-queues.forced', agent.forced) : '',
    [`${key}.calls`]: calls === undefined ? NO_VALUE : formatNumber(calls, viewer.language),
    [`${key}.aht`]: handleTimeText(sources.handleTime({ agentId: agent.id })),
    [`${key}.call`]: agent.callId === undefined ? null : `/calls/${agent.callId}`,
    [`${key}.canSignOut`]: agent.state !== 'signed-out',
    [`${key}.extension`]: agent.extension === '' ? NO_VALUE : agent.extension,
  };
}

/** Whom the agent talks to, or is about to call: then with the campaign. */
function withWhom(
  key: string,
  { preview }: LiveAgent,
  call: LiveCall | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  if (preview !== undefined) {
    const { campaignName, name, number } = preview;
    return {
      [`${key}.with`]: `${campaignName} · ${name === '' ? formatPhone(number, viewer) : name}`,
      [`${key}.withIcon`]: 'speakerphone',
      // There is no page of a call that nobody has answered yet.
      [`${key}.hasCall`]: false,
    };
  }
  return {
    [`${key}.with`]: call ? partyOf(call, viewer) : NO_VALUE,
    [`${key}.withIcon`]: call ? DIRECTION_LOOKS[call.direction].icon : '',
    [`${key}.hasCall`]: call !== undefined,
  };
}

const monitorsOf = (agent: LiveAgent, call: LiveCall | undefined): readonly LiveMonitor[] =>
  (call?.monitors ?? []).filter(({ agentId }) => agentId === agent.id);

/** Minutes and seconds; a dash before a call is over. */
export const handleTimeText = (ms: number | undefined): string =>
  ms === undefined ? NO_VALUE : formatDuration(ms);

/** The reason instead of "not ready" where one was given. */
function stateText(
  agent: LiveAgent,
  state: AgentState,
  { directory }: BoardSources,
  viewer: LiveViewer,
): string {
  return state === 'not-ready' && agent.reason !== ''
    ? reasonName(viewer, directory.current.notReadyReasons, agent.reason)
    : viewer.t(AGENT_LOOKS[state].label);
}

function limitText(agent: LiveAgent, { directory }: BoardSources, { t }: LiveViewer): string {
  if (agent.state !== 'not-ready') return '';
  const limitMs = directory.current.notReadyReasons.get(agent.reason)?.limitMs ?? 0;
  return limitMs === 0 ? '' : t('live-queues.of-limit', { limit: formatDuration(limitMs) });
}

function partyOf(call: LiveCall, viewer: LiveViewer): string {
  if (call.direction !== 'inbound') return formatPhone(call.other ?? call.to, viewer);
  if (call.fromName !== '') return call.fromName;
  return call.from === '' ? viewer.t('live-queues.anonymous') : formatPhone(call.from, viewer);
}

/** Levels in what the queue asks for. */
function skillsText(agent: LiveAgent, queue: QueueConfig, { directory }: BoardSources): string {
  const { agents, skills } = directory.current;
  const levels = agents.get(agent.id)?.skills;
  const texts = queue.requirements.flatMap(({ skill }) => {
    const level = levels?.get(skill);
    const name = skills.get(skill)?.name;
    return level === undefined || name === undefined ? [] : [`${name} ${String(level)}`];
  });
  return texts.length === 0 ? NO_VALUE : texts.join(' · ');
}

function queuesText(agent: LiveAgent, { directory }: BoardSources, { t }: LiveViewer): string {
  const names = agent.queues.flatMap((id) => directory.current.queues.get(id)?.name ?? []);
  return someNames(names, t) || NO_VALUE;
}
