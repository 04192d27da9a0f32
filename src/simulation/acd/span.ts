import type { AcdPlan, PlanQueue, PlanSpan } from './plan.js';

/** What is asked of the length of a simulation; what is undefined follows from the scenario. */
export interface SpanWishes {
  readonly calls?: number | undefined;
  readonly hours?: number | undefined;
  readonly warmUpSeconds?: number | undefined;
}

/** Calls that count in each replication of a steady state, if nothing is said. */
export const DEFAULT_CALLS = 100_000;

const HOUR_MS = 3_600_000;
/** The state at the start is forgotten after so many handling times... */
const WARM_UP_HANDLINGS = 10;
/** ...and so many times of relaxation of the line. */
const WARM_UP_RELAXATIONS = 5;

type Parts = Pick<AcdPlan, 'queues' | 'agents' | 'trace' | 'flow' | 'phones'>;

/** Everything that calls come from: queues, and the flow before them. */
const sourcesOf = ({ queues, flow }: Parts): readonly Pick<PlanQueue, 'arrivals'>[] =>
  flow === undefined ? queues : [...queues, flow];

/** From when to when is looked. A trace, intervals or shifts make a day, looked at whole; anything else is a steady state. */
export function spanOf(parts: Parts, wishes: SpanWishes): PlanSpan {
  const isDay = isDayOf(parts);
  const warmUpMs =
    wishes.warmUpSeconds === undefined
      ? isDay
        ? 0
        : steadyWarmUpMs(parts)
      : Math.round(wishes.warmUpSeconds * 1000);
  const ownEndMs = isDay ? dayEndMs(parts) : Infinity;
  const endMs = wishes.hours === undefined ? ownEndMs : warmUpMs + wishes.hours * HOUR_MS;
  const isEndless = endMs === Infinity && parts.trace === undefined;
  return { warmUpMs, calls: wishes.calls ?? (isEndless ? DEFAULT_CALLS : undefined), endMs, isDay };
}

const isDayOf = (parts: Parts): boolean =>
  parts.trace !== undefined ||
  parts.agents.some(({ shifts }) => shifts.length > 0) ||
  sourcesOf(parts).some(({ arrivals }) => arrivals.some(({ toMs }) => toMs !== Infinity));

/** The end of the last interval; of the last shift where calls come evenly. */
function dayEndMs(parts: Parts): number {
  const { agents, trace } = parts;
  if (trace !== undefined) return Infinity;
  const ends = sourcesOf(parts).flatMap(({ arrivals }) => arrivals.map(({ toMs }) => toMs));
  const finite = ends.filter((end) => end !== Infinity);
  if (finite.length > 0) return Math.max(...finite);
  return agents.reduce(
    (end, { shifts }) => shifts.reduce((latest, { toMs }) => Math.max(latest, toMs), end),
    0,
  );
}

/**
 * How long a site that starts empty takes to its steady state: handling times to fill, then the relaxation time of M/M/N,
 * which is handling / (N (1 - sqrt(load/N))^2), where callers wait for ever and the load can be borne.
 */
function steadyWarmUpMs({ queues, agents, phones, flow }: Parts): number {
  const sum = (arrivals: PlanQueue['arrivals']): number =>
    arrivals.reduce((all, { callsPerMs }) => all + callsPerMs, 0);
  // Which queues a flow leads to is not known before: each of them as often.
  const fromFlow = new Set(flow?.queues.values());
  const rate = (queue: PlanQueue): number =>
    sum(queue.arrivals) +
    (fromFlow.has(queues.indexOf(queue)) ? sum(flow?.arrivals ?? []) / fromFlow.size : 0);
  const total = queues.reduce((all, queue) => all + rate(queue), 0);
  const wrapUpMs = ({ rules: { wrapUp } }: PlanQueue): number =>
    Math.min(phones.wrapUpWork?.meanMs ?? Infinity, wrapUp.isUntilDone ? Infinity : wrapUp.ms);
  const load = queues.reduce(
    (all, queue) => all + rate(queue) * (queue.handling.meanMs + wrapUpMs(queue)),
    0,
  );
  const handlingMs = total > 0 ? load / total : 0;
  const count = agents.length;
  const isPatient = queues.some(({ patience }) => patience.kind === 'infinite');
  const relaxationMs =
    isPatient && load < count ? handlingMs / (count * (1 - Math.sqrt(load / count)) ** 2) : 0;
  return Math.round(WARM_UP_HANDLINGS * handlingMs + WARM_UP_RELAXATIONS * relaxationMs);
}
