import { erlangA, erlangC } from '../../engines/forecast/erlang.js';
import { estimate, type Estimate } from '../statistics.js';
import { AcdSimulation, type ReplicationResult } from './acd-simulation.js';
import type { AcdPlan } from './plan.js';
import type { FlowFigures } from './flow-tally.js';
import type { AgentTime, Figures } from './tally.js';

/** Estimates of the figures of one queue or of all; null where there was nothing to measure. */
export type FigureEstimates = Readonly<Record<keyof Figures, Estimate | null>>;

/** The same of what became of callers in the flow before the queues. */
export type FlowEstimates = Readonly<Record<keyof FlowFigures, Estimate | null>>;

/** How busy one agent was. */
export interface AgentEstimates {
  readonly name: string;
  /** Share of the time signed in and not away in which calls took the agent. */
  readonly occupancy: Estimate | null;
  readonly calls: Estimate | null;
}

/** What theory says of a site that it covers. */
export interface Theory {
  readonly model: 'erlang-c' | 'erlang-a';
  readonly pWait: number;
  readonly pAbandon: number;
  readonly asaAllS: number;
  readonly serviceLevel: number;
  readonly occupancy: number;
}

/** Everything that a simulation says. Holds no time of day and no speed: the same seeds give the same summary to the byte. */
export interface AcdSummary {
  readonly simulation: 'acd';
  readonly name: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly agents: number;
  readonly warmUpS: number;
  readonly serviceLevelS: number;
  readonly total: FigureEstimates & {
    readonly occupancy: Estimate | null;
    /** Largest less smallest idle share of the agents. */
    readonly idleSpread: Estimate | null;
  };
  /** Absent where callers go through no flow. */
  readonly flow?: FlowEstimates;
  readonly queues: readonly ({ readonly name: string } & FigureEstimates)[];
  readonly agentsOccupancy: readonly AgentEstimates[];
  readonly theory: Theory | null;
  /** Calls that came in all replications, warm-up included. */
  readonly simulatedCalls: number;
  readonly illegalEvents: number;
}

/** Runs replications with the seeds `firstSeed`, `firstSeed` + 1, ... and sums them up. */
export function simulateAcd(
  plan: AcdPlan,
  seeds: number,
  firstSeed: number,
  onReplication: (done: number) => void = () => undefined,
): AcdSummary {
  const results: ReplicationResult[] = [];
  for (let at = 0; at < seeds; at++) {
    results.push(new AcdSimulation(plan, firstSeed + at).run());
    onReplication(at + 1);
  }
  return summarize(plan, results, firstSeed);
}

/** Sums up replications that differ in nothing but the seed. */
export function summarize(
  plan: AcdPlan,
  results: readonly ReplicationResult[],
  firstSeed: number,
): AcdSummary {
  const over = (of: (result: ReplicationResult) => number): Estimate | null =>
    rounded(estimate(results.map(of)));
  return {
    simulation: 'acd',
    name: plan.name,
    seeds: results.length,
    firstSeed,
    agents: plan.agents.length,
    warmUpS: plan.span.warmUpMs / 1000,
    serviceLevelS: plan.thresholdMs / 1000,
    total: {
      ...figureEstimates(results.map(({ total }) => total)),
      occupancy: over(({ agents }) => occupancyOf(agents)),
      idleSpread: over(({ agents }) => idleSpreadOf(agents)),
    },
    ...flowEstimates(results.flatMap(({ flow }) => flow ?? [])),
    queues: plan.queues.map(({ name }, index) => ({
      name,
      ...figureEstimates(results.flatMap(({ queues }) => queues[index] ?? [])),
    })),
    agentsOccupancy: plan.agents.map(({ membership }, index) => ({
      name: membership.name,
      occupancy: over(({ agents }) => occupancyOf(agents.slice(index, index + 1))),
      calls: over(({ agents }) => agents[index]?.calls ?? NaN),
    })),
    theory: theoryOf(plan),
    simulatedCalls: results.reduce((sum, { calls }) => sum + calls, 0),
    illegalEvents: results.reduce((sum, { illegalEvents }) => sum + illegalEvents, 0),
  };
}

function flowEstimates(all: readonly FlowFigures[]): { readonly flow?: FlowEstimates } {
  if (all.length === 0) return {};
  const of = (figure: keyof FlowFigures): Estimate | null =>
    rounded(estimate(all.map((figures) => figures[figure])));
  return {
    flow: {
      ...{ entered: of('entered'), toQueues: of('toQueues'), contained: of('contained') },
      ...{ elsewhere: of('elsewhere'), dropped: of('dropped'), stuck: of('stuck') },
      meanS: of('meanS'),
    },
  };
}

function figureEstimates(all: readonly Figures[]): FigureEstimates {
  const of = (figure: keyof Figures): Estimate | null =>
    rounded(estimate(all.map((figures) => figures[figure])));
  return {
    offered: of('offered'),
    answered: of('answered'),
    abandoned: of('abandoned'),
    overflowed: of('overflowed'),
    unserved: of('unserved'),
    pWait: of('pWait'),
    pAbandon: of('pAbandon'),
    serviceLevel: of('serviceLevel'),
    asaAnsweredS: of('asaAnsweredS'),
    asaAllS: of('asaAllS'),
    longestWaitS: of('longestWaitS'),
  };
}

/** Share of the time at work that calls took; NaN where nobody was at work. */
export function occupancyOf(agents: readonly AgentTime[]): number {
  const busy = agents.reduce((sum, { busyMs }) => sum + busyMs, 0);
  const idle = agents.reduce((sum, { idleMs }) => sum + idleMs, 0);
  return busy + idle === 0 ? NaN : busy / (busy + idle);
}

/** Largest less smallest idle share of those who were at work; NaN where nobody was. */
export function idleSpreadOf(agents: readonly AgentTime[]): number {
  const shares = agents
    .filter(({ idleMs, busyMs }) => idleMs + busyMs > 0)
    .map(({ idleMs, busyMs }) => idleMs / (idleMs + busyMs));
  if (shares.length === 0) return NaN;
  const range = { low: Infinity, high: -Infinity };
  for (const share of shares) {
    range.low = Math.min(range.low, share);
    range.high = Math.max(range.high, share);
  }
  return range.high - range.low;
}

/** Theory covers one queue whose agents, handling, patience and arrivals are those of Erlang C or Erlang A. */
function theoryOf(plan: AcdPlan): Theory | null {
  const [queue, ...others] = plan.queues;
  const [piece] = queue?.arrivals ?? [];
  const isPlainSite = plan.flow === undefined && others.length === 0;
  if (queue === undefined || piece === undefined || !isPlainSite) return null;
  const { phones, span, thresholdMs, agents } = plan;
  const { rules, handling, patience, overflow } = queue;
  const isPlain =
    !span.isDay &&
    rules.requirements.length === 0 &&
    rules.maxTalking === 0 &&
    rules.wrapUp.ms === 0 &&
    !rules.wrapUp.isUntilDone &&
    overflow === undefined &&
    phones.missShare === 0 &&
    phones.ring.meanMs === 0 &&
    agents.every(({ membership, breaks }) => membership.queues.length > 0 && breaks.length === 0) &&
    handling.kind === 'exponential' &&
    (patience.kind === 'exponential' || patience.kind === 'infinite');
  if (!isPlain) return null;
  const load = {
    agents: agents.length,
    callsPerHour: piece.callsPerMs * 3_600_000,
    handlingMs: handling.meanMs,
  };
  const isPatient = patience.kind === 'infinite';
  const forecast = isPatient ? erlangC(load) : erlangA(load, patience.meanMs);
  // A line that grows without end has no figures.
  if (forecast.waitMs === Infinity) return null;
  return {
    model: isPatient ? 'erlang-c' : 'erlang-a',
    pWait: toDigits(forecast.pWait),
    pAbandon: toDigits(forecast.pAbandon),
    asaAllS: toDigits(forecast.waitMs / 1000),
    serviceLevel: toDigits(forecast.serviceLevel(thresholdMs)),
    occupancy: toDigits(forecast.occupancy),
  };
}

/** More digits than any simulation is sure of. */
const toDigits = (value: number): number => Number(value.toPrecision(8));

function rounded(of: Estimate | undefined): Estimate | null {
  if (of === undefined) return null;
  const pair = ([low, high]: readonly [number, number]): readonly [number, number] => [
    toDigits(low),
    toDigits(high),
  ];
  return {
    mean: toDigits(of.mean),
    ...(of.ci95 === undefined ? {} : { ci95: pair(of.ci95) }),
    ...(of.ci99 === undefined ? {} : { ci99: pair(of.ci99) }),
  };
}
