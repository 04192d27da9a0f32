import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import { serviceLevel } from '../../engines/reporting/service.js';
import type { QueueId } from '../../kernel/ids.js';
import type { LiveAgent, LiveQueue, LiveSnapshot } from '../../telephony/live.js';
import { openingAt } from '../../telephony/queue-changes.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  NO_VALUE,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';
import { LEVEL_GOAL, type QueueToday } from '../home/index.js';
import { visitsHref } from '../report-sums/index.js';
import { handleTimeText } from './agent-values.js';
import { isStalled, queuePath, type BoardSources } from './board.js';
import { roughly } from './line-values.js';

/** One queue as it is now and was today. */
export interface QueueNow {
  readonly id: QueueId;
  readonly name: string;
  readonly live: LiveQueue | undefined;
  readonly targetMs: number;
  readonly longestSince: number | undefined;
  /** Members that are known to the picture of now. */
  readonly agents: readonly LiveAgent[];
  readonly today: QueueToday | undefined;
  /** The day of `today`. */
  readonly day: TimeSpan | undefined;
  /** Average handle time today, as it is shown. */
  readonly handleTime: string;
  readonly at: number;
}

/** Draws one queue; configuration and picture may know it each alone for a moment. */
export function queueNow(
  id: QueueId,
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
): QueueNow {
  const live = snapshot?.queues.find((queue) => queue.id === id);
  const today = sources.today();
  const config = sources.directory.current.queues.get(id);
  return {
    id,
    name: config?.name ?? live?.name ?? '',
    live,
    targetMs: config?.serviceLevelMs ?? 0,
    longestSince: live?.longestSince,
    agents: (snapshot?.agents ?? []).filter((agent) => agent.queues.includes(id)),
    ...{ today: today?.queues.find((queue) => queue.id === id), day: today },
    handleTime: handleTimeText(sources.handleTime({ queueId: id })),
    at: snapshot?.at ?? 0,
  };
}

/** Queues of the configuration by name. */
export function queuesNow(
  snapshot: LiveSnapshot | undefined,
  sources: BoardSources,
): readonly QueueNow[] {
  return [...sources.directory.current.queues.keys()]
    .map((id) => queueNow(id, snapshot, sources))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const inState = (queue: QueueNow, ...states: readonly LiveAgent['state'][]): number =>
  queue.agents.filter(({ state }) => states.includes(state)).length;
const signedIn = (queue: QueueNow): number => queue.agents.length - inState(queue, 'signed-out');

export const isLate = (queue: QueueNow): boolean =>
  queue.longestSince !== undefined && queue.at - queue.longestSince > queue.targetMs;

/** `bad` for what needs somebody: a stall, or a wait over the target. */
export const toneOf = (queue: QueueNow): string =>
  (queue.live !== undefined && isStalled(queue.live)) || isLate(queue) ? 'bad' : '';

/** Whether the queue is open, and by whose hand where not by its calendar; without a picture nobody knows. */
export function openValues(queue: QueueNow, viewer: LiveViewer): Record<string, LiveValue> {
  const { live, at } = queue;
  if (live === undefined) return { open: NO_VALUE, openTone: '', openIcon: 'clock' };
  const { t } = viewer;
  const isByHand = openingAt(live.changes, at) !== undefined;
  return live.isOpen
    ? {
        open: t(isByHand ? 'live-queues.change.open' : 'live-queues.open'),
        openTone: 'available',
        openIcon: 'clock',
      }
    : {
        open: t(isByHand ? 'live-queues.change.closed' : 'live-queues.closed'),
        openTone: 'notready',
        openIcon: 'clock-off',
      };
}

/** The row of the list of all queues. */
export function listRowValues(queue: QueueNow, viewer: LiveViewer): Record<string, LiveValue> {
  const { t, language } = viewer;
  const key = `queue:${String(queue.id)}`;
  const { live, today } = queue;
  const level = today && serviceLevel(today);
  const count = (value: number | undefined): string =>
    value === undefined ? NO_VALUE : formatNumber(value, language);
  const open = openValues(queue, viewer);
  return {
    [`${key}.name`]: queue.name,
    [`${key}.href`]: queuePath(queue.id),
    [`${key}.waiting`]: live?.waitingCount ?? NO_VALUE,
    [`${key}.longest`]: queue.longestSince ?? null,
    [`${key}.tone`]: toneOf(queue),
    [`${key}.open`]: open['open'] ?? null,
    [`${key}.openTone`]: open['openTone'] ?? null,
    [`${key}.openIcon`]: open['openIcon'] ?? null,
    [`${key}.expected`]: live?.newCaller ? roughly(live.newCaller.expectedMs) : NO_VALUE,
    [`${key}.free`]: inState(queue, 'available'),
    [`${key}.of`]: t('home.of', { count: signedIn(queue) }),
    [`${key}.service`]: live?.inService ?? NO_VALUE,
    [`${key}.serviceOf`]: serviceOf(live, viewer),
    [`${key}.aht`]: queue.handleTime,
    [`${key}.answered`]: count(today?.answered),
    [`${key}.abandoned`]: count(today?.abandoned),
    [`${key}.level`]: level === undefined ? NO_VALUE : formatPercent(level, language),
    [`${key}.levelTone`]: level === undefined || level >= LEVEL_GOAL ? '' : 'bad',
    [`${key}.stall`]: live !== undefined && isStalled(live) ? t('live-queues.stalled-short') : '',
  };
}

const serviceOf = (live: LiveQueue | undefined, { t }: LiveViewer): string =>
  live === undefined || live.maxTalking === 0 ? '' : t('home.of', { count: live.maxTalking });

/** The tiles above one queue. */
export function tileValues(queue: QueueNow, viewer: LiveViewer): Record<string, LiveValue> {
  return {
    ...lineTiles(queue, viewer),
    ...dayTiles(queue, viewer),
    ...agentTiles(queue, viewer),
    ...stallValues(queue, viewer),
  };
}

function lineTiles(queue: QueueNow, viewer: LiveViewer): Record<string, LiveValue> {
  const { t } = viewer;
  const { live } = queue;
  const waiting = live?.waitingCount ?? 0;
  const callbacks = live?.callbackCount ?? 0;
  const late = isLate(queue);
  const estimate = live?.newCaller;
  return {
    'kpi.line': live ? waiting : NO_VALUE,
    'kpi.line-note':
      waiting === 0
        ? t('home.nobody-waiting')
        : t('live-queues.callers-callbacks', { callers: waiting - callbacks, callbacks }),
    'kpi.longest': queue.longestSince ?? null,
    'kpi.longest-note': t('live-queues.target', { time: formatDuration(queue.targetMs) }),
    'kpi.longest-tone': late ? 'bad' : '',
    'kpi.longest-flag': late ? t('live-queues.over') : '',
    'kpi.expected': estimate ? roughly(estimate.expectedMs) : NO_VALUE,
    'kpi.expected-note': estimate
      ? t(estimate.isTold ? 'live-queues.expected-told' : 'live-queues.expected-not-told', {
          error: estimate.errorMs === undefined ? NO_VALUE : roughly(estimate.errorMs),
        })
      : t('live-queues.expected-unknown'),
    'kpi.service': live?.inService ?? NO_VALUE,
    'kpi.service-of': serviceOf(live, viewer),
    'kpi.service-note': t(
      live === undefined || live.maxTalking === 0
        ? 'live-queues.service-unlimited'
        : live.inService >= live.maxTalking
          ? 'live-queues.service-full'
          : 'live-queues.service-limited',
    ),
    'kpi.service-tone':
      live !== undefined && live.maxTalking > 0 && live.inService >= live.maxTalking ? 'bad' : '',
  };
}

function dayTiles(
  { id, today, day, handleTime }: QueueNow,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const { t, language } = viewer;
  const level = today && serviceLevel(today);
  const isMet = level !== undefined && level >= LEVEL_GOAL;
  return {
    'kpi.level': level === undefined ? NO_VALUE : formatPercent(level, language),
    'kpi.level-tone': level === undefined ? '' : isMet ? 'ok' : 'bad',
    'kpi.level-flag': level === undefined ? '' : t(isMet ? 'home.level-met' : 'home.level-under'),
    'kpi.level-icon': level === undefined ? '' : isMet ? 'check' : 'alert-triangle',
    'kpi.level-href':
      level === undefined || day === undefined ? null : visitsHref('rated', day, id),
    'kpi.answered-href':
      day === undefined || !today?.answered ? null : visitsHref('answered', day, id),
    'kpi.abandoned-href':
      day === undefined || !today?.abandoned ? null : visitsHref('abandoned', day, id),
    'kpi.answered': today ? formatNumber(today.answered, language) : NO_VALUE,
    'kpi.abandoned': today ? formatNumber(today.abandoned, language) : NO_VALUE,
    'kpi.aht': handleTime,
    'kpi.day-note': today
      ? t('live-queues.of-offered', { count: today.offered, other: today.other })
      : NO_VALUE,
  };
}

function agentTiles(queue: QueueNow, { t }: LiveViewer): Record<string, LiveValue> {
  return {
    'kpi.free': queue.live ? inState(queue, 'available') : NO_VALUE,
    'kpi.free-of': t('live-queues.of-free', { count: signedIn(queue) }),
    'kpi.agents-note': t('live-queues.agents-note', {
      talking: inState(queue, 'talking', 'ringing', 'preview'),
      wrapUp: inState(queue, 'wrap-up'),
      away: inState(queue, 'not-ready', 'phone-lost'),
    }),
  };
}

function stallValues(queue: QueueNow, { t }: LiveViewer): Record<string, LiveValue> {
  const { live, at } = queue;
  const first = live?.waiting.find(({ offeredTo }) => offeredTo.length === 0);
  if (live === undefined || first === undefined || !isStalled(live))
    return { stall: '', 'stall.since': null, 'stall.href': null };
  return {
    stall: t('live-queues.stall', { agents: Math.max(1, inState(queue, 'available')) }),
    'stall.since': Math.round((at - live.stalledMs) / 1_000) * 1_000,
    'stall.href': `${queuePath(queue.id)}/calls/${first.callId}/why`,
  };
}
