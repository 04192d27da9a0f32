import { abandonRate, answerRate, lostOf, serviceLevel } from '../../engines/reporting/service.js';
import type { QueueId } from '../../kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot } from '../../telephony/live.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  NO_VALUE,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';
import { visitsHref, type OpenedVisits } from '../report-sums/index.js';
import {
  averageWaitMs,
  NO_VISITS,
  type QueueToday,
  type Today,
  type VisitCounts,
} from './today.js';

/** Width of the little bars in the table, in pixels. */
const BAR_WIDTH = 70;
/** What the overview calls good enough; the usual "80% within the target". */
export const LEVEL_GOAL = 0.8;

interface QueueNow {
  readonly id: QueueId;
  readonly name: string;
  readonly waiting: number;
  readonly longestSince: number | undefined;
  readonly stalledMs: number;
  readonly available: number;
  readonly signedIn: number;
  readonly inWrapUp: number;
  readonly today: QueueToday | undefined;
}

/** Queues of the configuration and of the picture of now, those with the longest wait first. */
function queuesNow(snapshot: LiveSnapshot | undefined, today: Today | undefined): QueueNow[] {
  const names = new Map<QueueId, string>([
    ...(snapshot?.queues ?? []).map((queue) => [queue.id, queue.name] as const),
    ...(today?.queues ?? []).map((queue) => [queue.id, queue.name] as const),
  ]);
  const found = [...names].map(([id, name]) => {
    const live = snapshot?.queues.find((queue) => queue.id === id);
    const agents = (snapshot?.agents ?? []).filter(
      (agent) => agent.queues.includes(id) && agent.state !== 'signed-out',
    );
    const inState = (state: LiveAgent['state']): number =>
      agents.filter((agent) => agent.state === state).length;
    return {
      id,
      name,
      waiting: live?.waitingCount ?? 0,
      longestSince: live?.longestSince,
      stalledMs: live?.stalledMs ?? 0,
      available: inState('available'),
      signedIn: agents.length,
      inWrapUp: inState('wrap-up'),
      today: today?.queues.find((queue) => queue.id === id),
    };
  });
  return found.sort(
    (a, b) =>
      (a.longestSince ?? Number.POSITIVE_INFINITY) - (b.longestSince ?? Number.POSITIVE_INFINITY) ||
      a.name.localeCompare(b.name),
  );
}

/** Alarm lines at most: the longest waits. */
const ALARMS_SHOWN = 3;

/** Somebody waits although an agent who fits is free: after so long it is an alarm. */
const STALL_MS = 3_000;
const stallId = (queue: QueueNow): string => `stall-${String(queue.id)}`;

/** Callers wait and no agent of the queue is free for them. */
const isStuck = (queue: QueueNow): boolean => queue.waiting > 0 && queue.available === 0;

const waitedMs = (queue: QueueNow, now: number): number =>
  queue.longestSince === undefined ? 0 : now - queue.longestSince;

/** The queue table, the sums under it, the tiles that come from queues, and the alarm lines. */
export function queueValues(
  snapshot: LiveSnapshot | undefined,
  today: Today | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const queues = queuesNow(snapshot, today);
  const now = snapshot?.at ?? 0;
  const stuck = queues
    .filter((queue) => isStuck(queue) && waitedMs(queue, now) > (queue.today?.targetMs ?? 0))
    .slice(0, ALARMS_SHOWN);
  const calling = (snapshot?.calls ?? []).filter(({ isForHelp }) => isForHelp === true);
  const stalled = queues.filter((queue) => queue.stalledMs >= STALL_MS).slice(0, ALARMS_SHOWN);
  const values: Record<string, LiveValue> = {
    queues: queues.map((queue) => queue.id).join(' '),
    'queues.none': queues.length === 0,
    alarms: [
      ...calling.map(({ id }) => id),
      ...stalled.map(stallId),
      ...stuck.map(({ id }) => id),
    ].join(' '),
    ...tiles(queues, today, viewer),
    ...countValues('all', today?.total, viewer, today && opens(today)),
  };
  for (const queue of queues) Object.assign(values, rowValues(queue, viewer, today));
  for (const call of calling) Object.assign(values, helpAlarm(call, viewer));
  for (const queue of stuck) Object.assign(values, stuckAlarm(queue, viewer));
  for (const queue of stalled) Object.assign(values, stallAlarm(queue, now, viewer));
  return values;
}

function rowValues(
  queue: QueueNow,
  viewer: LiveViewer,
  today: Today | undefined,
): Record<string, LiveValue> {
  const key = `queue:${String(queue.id)}`;
  return {
    [`${key}.name`]: queue.name,
    [`${key}.href`]: `/calls?from=today&queue=${String(queue.id)}`,
    [`${key}.waiting`]: queue.waiting,
    [`${key}.longest`]: queue.longestSince ?? null,
    [`${key}.available`]: queue.available,
    [`${key}.of`]: viewer.t('home.of', { count: queue.signedIn }),
    [`${key}.tone`]: isStuck(queue) ? 'bad' : '',
    ...countValues(
      key,
      queue.today ?? (queue.signedIn > 0 ? NO_VISITS : undefined),
      viewer,
      today && opens(today, queue.id),
    ),
  };
}

/** Where the calls of a figure of today are listed. */
const opens =
  ({ startAt, endAt }: Today, queue?: QueueId): Opens =>
  (measure) =>
    visitsHref(measure, { startAt, endAt }, queue);

type Opens = (measure: OpenedVisits) => string;

function countValues(
  key: string,
  counts: VisitCounts | undefined,
  viewer: LiveViewer,
  opened: Opens | undefined,
): Record<string, LiveValue> {
  const number = (value: number | undefined): string =>
    value === undefined ? NO_VALUE : formatNumber(value, viewer.language);
  const level = counts && serviceLevel(counts);
  const wait = counts && averageWaitMs(counts);
  return {
    [`${key}.offered`]: number(counts?.offered),
    [`${key}.answered`]: number(counts?.answered),
    [`${key}.abandoned`]: number(counts?.abandoned),
    [`${key}.other`]: number(counts?.other),
    [`${key}.open`]: number(counts?.open),
    ...hrefValues(key, counts, opened),
    [`${key}.asa`]: wait === undefined ? NO_VALUE : formatDuration(wait),
    [`${key}.level`]: level === undefined ? NO_VALUE : formatPercent(level, viewer.language),
    [`${key}.levelWidth`]: level === undefined ? 0 : Math.round(level * BAR_WIDTH),
    [`${key}.levelTone`]: level === undefined || level >= LEVEL_GOAL ? '' : 'bad',
  };
}

/** What each count opens; nothing where it is 0. */
function hrefValues(
  key: string,
  counts: VisitCounts | undefined,
  opened: Opens | undefined,
): Record<string, LiveValue> {
  const href = (count: number | undefined, measure: OpenedVisits): string | null =>
    opened === undefined || (count ?? 0) === 0 ? null : opened(measure);
  return {
    [`${key}.offeredHref`]: href(counts?.offered, 'offered'),
    [`${key}.answeredHref`]: href(counts?.answered, 'answered'),
    [`${key}.abandonedHref`]: href(counts?.abandoned, 'abandoned'),
    [`${key}.otherHref`]: href(counts?.other, 'other'),
    [`${key}.openHref`]: href(counts?.open, 'waiting'),
    [`${key}.levelHref`]: href(counts && counts.answered + lostOf(counts), 'rated'),
  };
}

function tiles(
  queues: readonly QueueNow[],
  today: Today | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const { t, language } = viewer;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const [first] = queues;
  const longest = first?.longestSince === undefined ? undefined : first;
  const total = today?.total;
  const level = total && serviceLevel(total);
  const share = (of: (visits: VisitCounts) => number | undefined): string => {
    const value = total && of(total);
    return value === undefined ? '' : formatPercent(value, language);
  };
  const isMet = level !== undefined && level >= LEVEL_GOAL;
  return {
    'kpi.waiting': waiting,
    'kpi.waiting-note':
      waiting === 0
        ? t('home.nobody-waiting')
        : t('home.in-queues', { count: queues.filter((queue) => queue.waiting > 0).length }),
    'kpi.longest': longest?.longestSince ?? null,
    'kpi.longest-note': longest
      ? t('home.longest-note', {
          queue: longest.name,
          seconds: Math.round((longest.today?.targetMs ?? 0) / 1_000),
        })
      : t('home.nobody-waiting'),
    'kpi.longest-tone': longest && isStuck(longest) ? 'bad' : '',
    'kpi.longest-flag': longest && isStuck(longest) ? t('home.no-agent-free') : '',
    'kpi.level': level === undefined ? NO_VALUE : formatPercent(level, language),
    'kpi.level-flag': level === undefined ? '' : t(isMet ? 'home.level-met' : 'home.level-under'),
    'kpi.level-icon': level === undefined ? '' : isMet ? 'check' : 'alert-triangle',
    'kpi.level-tone': level === undefined ? '' : isMet ? 'ok' : 'bad',
    'kpi.answered': total ? formatNumber(total.answered, language) : NO_VALUE,
    'kpi.answered-share': share(answerRate),
    'kpi.answered-note': t('home.of-offered', { count: total?.offered ?? 0 }),
    'kpi.abandoned': total ? formatNumber(total.abandoned, language) : NO_VALUE,
    'kpi.abandoned-share': share(abandonRate),
    'kpi.abandoned-note': t('home.other-ends', { count: total?.other ?? 0 }),
    'sum.waiting': waiting,
    'sum.longest': longest?.longestSince ?? null,
  };
}

const liveHref = (queue: QueueNow): string => `/live/queues/${String(queue.id)}`;

/** Somebody in the house calls for help: nothing is more urgent. */
function helpAlarm(call: LiveCall, { t }: LiveViewer): Record<string, LiveValue> {
  const key = `alarm:${call.id}`;
  return {
    [`${key}.text`]: t('home.help-call', {
      who: `${call.from} ${call.fromName}`.trim(),
      number: call.other ?? call.to,
    }),
    [`${key}.label`]: '',
    [`${key}.link`]: t('home.open-call'),
    [`${key}.since`]: call.startedAt,
    [`${key}.href`]: `/calls/${call.id}`,
  };
}

function stuckAlarm(queue: QueueNow, { t }: LiveViewer): Record<string, LiveValue> {
  const key = `alarm:${String(queue.id)}`;
  return {
    [`${key}.text`]: t('home.alarm', {
      queue: queue.name,
      waiting: queue.waiting,
      signedIn: queue.signedIn,
      wrapUp: queue.inWrapUp,
    }),
    [`${key}.label`]: t('home.longest'),
    [`${key}.link`]: t('home.open-queue'),
    [`${key}.since`]: queue.longestSince ?? null,
    [`${key}.href`]: liveHref(queue),
  };
}

function stallAlarm(queue: QueueNow, now: number, { t }: LiveViewer): Record<string, LiveValue> {
  const key = `alarm:${stallId(queue)}`;
  return {
    [`${key}.text`]: t('home.stall', { queue: queue.name, agents: Math.max(1, queue.available) }),
    [`${key}.label`]: '',
    [`${key}.link`]: t('home.open-queue'),
    // To the second, so that it is not sent again with each picture.
    [`${key}.since`]: Math.round((now - queue.stalledMs) / 1_000) * 1_000,
    [`${key}.href`]: liveHref(queue),
  };
}
