import type { AcdQueue } from '../../engines/acd/acd-events.js';
import type { QueueId } from '../../kernel/ids.js';
import type { Distribution } from '../distributions.js';
import type { ArrivalPiece, PlanOverflow, PlanPhones, PlanQueue } from './plan.js';
import type { Planning } from './planning.js';
import type { JsonPath } from '../json-lines.js';
import { timeOfDayMs, type ScenarioQueue } from './scenario-file.js';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** Handling of queues that say nothing of it: five minutes on average. */
const DEFAULT_HANDLING = 'exponential:300';
const DEFAULT_PATIENCE = 'infinite';

/** What people do at their phones. */
export function planPhones(planning: Planning): PlanPhones {
  const { phones } = planning.file;
  const finite = (field: 'ring' | 'returnAfter' | 'wrapUpWork', text: string): Distribution =>
    planning.distribution(text, ['phones', field], true);
  return {
    ring: finite('ring', phones.ring),
    ringTimeoutMs: phones.ringTimeoutSeconds * SECOND_MS,
    missShare: phones.missShare,
    returnAfter: finite('returnAfter', phones.returnAfter),
    wrapUpWork:
      phones.wrapUpWork === undefined ? undefined : finite('wrapUpWork', phones.wrapUpWork),
  };
}

/** All queues; what is wrong is refused. */
export function planQueues(planning: Planning): readonly PlanQueue[] {
  const queues = planning.file.queues.map((queue, index) => planQueue(planning, queue, index));
  refuseCircles(planning, queues);
  return queues;
}

function planQueue(planning: Planning, queue: ScenarioQueue, index: number): PlanQueue {
  const path = ['queues', index];
  if (queue.wrapUp.untilDone && planning.file.phones.wrapUpWork === undefined)
    planning.refuse(
      [...path, 'wrapUp', 'untilDone'],
      'needs phones.wrapUpWork: how long the agents work after a call',
    );
  return {
    name: queue.name,
    rules: rules(planning, queue, index),
    priority: queue.priority,
    arrivals: planArrivals(planning, queue, path),
    handling: planning.distribution(
      queue.handling ?? DEFAULT_HANDLING,
      [...path, 'handling'],
      true,
    ),
    patience: planning.distribution(
      queue.patience ?? DEFAULT_PATIENCE,
      [...path, 'patience'],
      false,
    ),
    lastAgentMs: queue.lastAgentSeconds * SECOND_MS,
    overflow: overflow(planning, queue, index),
  };
}

function rules(planning: Planning, queue: ScenarioQueue, index: number): AcdQueue {
  const { seconds, untilDone, extensions, extendBySeconds, codeNeeded } = queue.wrapUp;
  return {
    id: (index + 1) as QueueId,
    strategy: queue.strategy,
    weight: queue.weight,
    maxTalking: queue.maxTalking,
    requirements: planning.requirements(queue.requirements, ['queues', index, 'requirements']),
    rejectMemoryMs: queue.rejectMemorySeconds * SECOND_MS,
    missesUntilNotReady: queue.missesUntilNotReady,
    wrapUp: {
      ms: seconds * SECOND_MS,
      isUntilDone: untilDone,
      extensions,
      extendByMs: extendBySeconds * SECOND_MS,
      isCodeNeeded: codeNeeded,
    },
    weights: queue.weights,
  };
}

/** How many call when: a queue, or a flow. */
export function planArrivals(
  planning: Planning,
  source: Pick<ScenarioQueue, 'arrivals' | 'callsPerHour'>,
  path: JsonPath,
): readonly ArrivalPiece[] {
  const { arrivals: intervals, callsPerHour } = source;
  if (intervals !== undefined && callsPerHour !== undefined)
    planning.refuse([...path, 'arrivals'], 'give either callsPerHour or arrivals');
  if (planning.file.trace !== undefined && (intervals !== undefined || (callsPerHour ?? 0) > 0))
    planning.refuse(
      [...path, intervals === undefined ? 'callsPerHour' : 'arrivals'],
      'the trace gives all calls: leave this out',
    );
  if (intervals === undefined)
    return (callsPerHour ?? 0) > 0
      ? [{ fromMs: 0, toMs: Infinity, callsPerMs: (callsPerHour ?? 0) / HOUR_MS }]
      : [];
  const startMs = timeOfDayMs(intervals.from);
  const lengthMs = intervals.intervalMinutes * 60 * SECOND_MS;
  return intervals.calls.map((calls, at) => ({
    fromMs: startMs + at * lengthMs,
    toMs: startMs + (at + 1) * lengthMs,
    callsPerMs: calls / lengthMs,
  }));
}

function overflow(
  planning: Planning,
  { overflow }: ScenarioQueue,
  index: number,
): PlanOverflow | undefined {
  if (overflow === undefined) return undefined;
  const path = ['queues', index, 'overflow'];
  if (overflow.waitSeconds === undefined && overflow.length === undefined)
    planning.refuse(path, 'needs waitSeconds or length');
  const to = overflow.to === undefined ? undefined : planning.queue(overflow.to, [...path, 'to']);
  return {
    waitMs: (overflow.waitSeconds ?? Infinity) * SECOND_MS,
    length: overflow.length ?? Infinity,
    to,
  };
}

function refuseCircles(planning: Planning, queues: readonly PlanQueue[]): void {
  queues.forEach(({ name }, index) => {
    const seen = new Set<number>();
    let at = queues[index]?.overflow?.to;
    while (at !== undefined && at !== index && !seen.has(at)) {
      seen.add(at);
      at = queues[at]?.overflow?.to;
    }
    if (at === index)
      planning.refuse(['queues', index, 'overflow', 'to'], `"${name}" overflows into itself`);
  });
}
