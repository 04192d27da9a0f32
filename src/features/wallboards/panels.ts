import { serviceLevel } from '../../engines/reporting/service.js';
import type { LiveAgent, LiveCall } from '../../telephony/live.js';
import {
  AGENT_HOLDS,
  AGENT_LOOKS,
  formatDuration,
  formatNumber,
  formatPercent,
  formatPhone,
  NO_VALUE,
  type LiveValue,
} from '../../web/kit/index.js';
import { inAgentOrder } from '../live-queues/index.js';
import { isOverLimit, reasonName } from '../not-ready-reasons/index.js';
import { agentsOf, queuesOf, type TileParts } from './figures.js';
import type { StoredWallboard } from './wallboard.js';

/** States that a wall counts, in their order. */
export const WALL_STATES = [
  'available',
  'ringing',
  'talking',
  'wrap-up',
  'not-ready',
  'phone-lost',
] as const;

/** Agents by state. */
export function stateValues(key: string, parts: TileParts): Record<string, LiveValue> {
  const agents = agentsOf(parts);
  return Object.fromEntries(
    WALL_STATES.map((state) => [
      `${key}.${state}`,
      parts.snapshot === undefined
        ? NO_VALUE
        : agents.filter(
            (agent) => agent.state === state || (state === 'ringing' && agent.state === 'preview'),
          ).length,
    ]),
  );
}

/** Queues with the longest wait first. */
export function queueTableValues(key: string, parts: TileParts): Record<string, LiveValue> {
  const { snapshot, sources, viewer } = parts;
  const { language } = viewer;
  const queues = [...queuesOf(parts)].sort(
    (a, b) =>
      (a.longestSince ?? Infinity) - (b.longestSince ?? Infinity) ||
      0 ||
      a.name.localeCompare(b.name),
  );
  const today = sources.today();
  const values: Record<string, LiveValue> = {
    [`${key}.queues`]: queues.map(({ id }) => id).join(' '),
  };
  for (const queue of queues) {
    const row = `${key}.queue:${String(queue.id)}`;
    const counts = today?.queues.find(({ id }) => id === queue.id);
    const level = counts && serviceLevel(counts);
    const targetMs = sources.directory.current.queues.get(queue.id)?.serviceLevelMs ?? 0;
    const isLate =
      queue.longestSince !== undefined && (snapshot?.at ?? 0) - queue.longestSince > targetMs;
    values[`${row}.name`] = queue.name;
    values[`${row}.tone`] = isLate ? 'critical' : 'ok';
    values[`${row}.icon`] = isLate ? 'alert-octagon' : queue.isOpen ? '' : 'clock-off';
    values[`${row}.waiting`] = formatNumber(queue.waitingCount, language);
    values[`${row}.longest`] = queue.longestSince ?? null;
    values[`${row}.free`] = (snapshot?.agents ?? []).filter(
      ({ state, queues: of }) => state === 'available' && of.includes(queue.id),
    ).length;
    values[`${row}.level`] = level === undefined ? NO_VALUE : formatPercent(level, language);
  }
  return values;
}

/** Agents who are signed in, those who work first. */
export function agentCellValues(
  key: string,
  parts: TileParts,
  board: StoredWallboard,
): Record<string, LiveValue> {
  const agents = inAgentOrder(agentsOf(parts)).filter(({ state }) => state !== 'signed-out');
  const calls = new Map(parts.snapshot?.calls.map((call) => [call.id, call]));
  const values: Record<string, LiveValue> = {
    [`${key}.agents`]: agents.map(({ id }) => id).join(' '),
    [`${key}.none`]: agents.length === 0,
  };
  for (const agent of agents) {
    const call = agent.callId === undefined ? undefined : calls.get(agent.callId);
    Object.assign(
      values,
      cellValues(`${key}.agent:${String(agent.id)}`, agent, call, parts, board),
    );
  }
  return values;
}

function cellValues(
  key: string,
  agent: LiveAgent,
  call: LiveCall | undefined,
  { snapshot, sources, viewer }: TileParts,
  board: StoredWallboard,
): Record<string, LiveValue> {
  const isOver = isOverLimit(sources.reasons, agent, snapshot?.at ?? 0);
  const isHolding = agent.state === 'talking' && call?.talk?.hold !== undefined;
  const look = isHolding ? AGENT_HOLDS : AGENT_LOOKS[agent.state];
  const calls = sources.callsToday(agent.id);
  const mean = sources.handleTime({ agentId: agent.id });
  const state =
    agent.state === 'not-ready' && agent.reason !== ''
      ? reasonName(viewer, sources.directory.current.notReadyReasons, agent.reason)
      : viewer.t(look.label);
  return {
    [`${key}.name`]: nameOf(agent, board),
    [`${key}.tone`]: isOver ? 'alarm' : look.tone,
    [`${key}.icon`]: isOver ? 'alert-triangle' : look.icon,
    [`${key}.state`]: state,
    [`${key}.since`]: agent.since,
    [`${key}.day`]: viewer.t('wallboards.wall.day', {
      calls: calls === undefined ? NO_VALUE : formatNumber(calls, viewer.language),
      mean: mean === undefined ? NO_VALUE : formatDuration(mean),
    }),
    [`${key}.with`]: board.showsNumbers && call !== undefined ? partyOf(call, viewer) : '',
  };
}

/** Whom the agent talks with; only where the board says so. */
function partyOf(call: LiveCall, viewer: TileParts['viewer']): string {
  if (call.direction !== 'inbound') return formatPhone(call.other ?? call.to, viewer);
  return call.fromName === '' ? formatPhone(call.from, viewer) : call.fromName;
}

/** `Mara Quill` as `Mara Q.`; names that are not written in parts stay whole. */
export function nameOf(agent: LiveAgent, { agentNames }: StoredWallboard): string {
  if (agentNames === 'full') return agent.name;
  if (agentNames === 'extension') return agent.extension === '' ? NO_VALUE : agent.extension;
  const parts = agent.name.trim().split(/\s+/);
  const last = parts.at(-1) ?? '';
  return parts.length < 2
    ? agent.name
    : `${parts[0] ?? ''} ${String.fromCodePoint(last.codePointAt(0) ?? 0x20)}.`;
}
