import type { Agent } from './agent.js';
import type { Bucket, Candidate } from './bucket.js';
import type { Line } from './line.js';
import type { Waiter } from './waiter.js';

/** Ring-all rings at most so many phones for one call; the rest may get it when one of them has missed it. */
export const RING_ALL_LIMIT = 40;
const MINUTE = 60_000;

/**
 * The score of an agent for one kind of demand at one moment: points per mean level of the skills asked for, per idle
 * minute, per past result, less points per call since sign-in.
 */
export function scoreOf(bucket: Bucket, agent: Agent, at: number): number {
  const idleMinutes = Math.max(0, at - agent.idleSince) / MINUTE;
  return restingScore(bucket, agent) + bucket.line.config.weights.idle * idleMinutes;
}

/** The part of the score that stays while the agent is idle. */
function restingScore(bucket: Bucket, agent: Agent): number {
  const { level, load, result } = bucket.line.config.weights;
  const past = result === 0 ? 0 : result * (agent.results.get(bucket.line.id) ?? 0);
  return level * bucket.levelOf(agent) + past - load * agent.calls;
}

/** Where an available agent stands among the others: smaller keys come first and stay the same while the agent is idle. */
export function candidateOf(bucket: Bucket, agent: Agent): Candidate {
  return {
    agent,
    bucket,
    preferred: bucket.preferredOf(agent),
    key: keyOf(bucket, agent, agent.positions.get(bucket.line.id) ?? 0),
    key2: secondKeyOf(bucket, agent),
  };
}

/** What the strategy goes by first. `position`: the agent's place in the members' order. */
export function keyOf(bucket: Bucket, agent: Agent, position: number): number {
  const { strategy, weights } = bucket.line.config;
  switch (strategy) {
    case 'longest-idle':
    case 'ring-all':
    case 'random':
      return agent.idleSince;
    case 'least-recent':
      return agent.connectedAt;
    case 'most-recent':
      return -agent.connectedAt;
    case 'fewest-calls':
      return agent.calls;
    case 'round-robin':
    case 'fixed-order':
      return position;
    case 'weighted':
      // Everybody's score grows alike with idle time: the order is that of the scores at any one moment.
      return (weights.idle * agent.idleSince) / MINUTE - restingScore(bucket, agent);
  }
}

/** What decides between equals. */
export const secondKeyOf = (bucket: Bucket, agent: Agent): number =>
  bucket.line.config.strategy === 'longest-idle' ? 0 : agent.idleSince;

/** Who is offered a call. */
export interface Found {
  /** Best first; empty where nobody can be offered it. */
  readonly chosen: readonly Candidate[];
  /** How many available agents have what it asks for. */
  readonly fitting: number;
  /** The best in order, the chosen too. */
  readonly next: Iterable<Candidate>;
}
export const NOBODY: Found = { chosen: [], fitting: 0, next: [] };

/** Who is offered the call now, in a line that keeps available agents sorted. `random` is from 0 to below 1. */
export function choose(bucket: Bucket, waiter: Waiter, at: number, random: () => number): Found {
  const { idle } = bucket;
  return { chosen: bestOf(bucket, waiter, at, random), fitting: idle.length, next: idle };
}

function bestOf(
  bucket: Bucket,
  waiter: Waiter,
  at: number,
  random: () => number,
): readonly Candidate[] {
  const { idle, line } = bucket;
  if (idle.length === 0) return [];
  const may = (candidate: Candidate): boolean => !isPassedOver(waiter, candidate.agent, at);
  switch (line.config.strategy) {
    case 'ring-all': {
      const all: Candidate[] = [];
      for (const candidate of idle) {
        if (all.length >= RING_ALL_LIMIT) break;
        if (may(candidate)) all.push(candidate);
      }
      return all;
    }
    case 'round-robin':
      return listed(firstAfter(bucket, line, may));
    case 'random':
      return listed(anyOf(bucket, may, random));
    default:
      return listed(idle.find(may));
  }
}

const listed = (one: Candidate | undefined): readonly Candidate[] =>
  one === undefined ? [] : [one];

/** An agent who missed or declined this call is passed over for a while. */
export function isPassedOver(waiter: Waiter, agent: Agent, at: number): boolean {
  return waiter.rejected !== undefined && (waiter.rejected.get(agent.id) ?? 0) > at;
}

/** How many stand in the first tier: those with as many of the preferred skills as the best. */
function firstTier(bucket: Bucket): number {
  const best = bucket.idle.first;
  if (best === undefined) return 0;
  const behind = { ...best, key: Infinity, key2: Infinity };
  return bucket.idle.countBefore(behind);
}

function firstAfter(
  bucket: Bucket,
  line: Line,
  may: (candidate: Candidate) => boolean,
): Candidate | undefined {
  const best = bucket.idle.first;
  if (best === undefined) return undefined;
  const tier = firstTier(bucket);
  const start = bucket.idle.countBefore({ ...best, key: line.pointer, key2: Infinity });
  return around(bucket, tier, start, may);
}

function anyOf(
  bucket: Bucket,
  may: (candidate: Candidate) => boolean,
  random: () => number,
): Candidate | undefined {
  const tier = firstTier(bucket);
  return around(bucket, tier, Math.floor(random() * tier), may);
}

/** From a place in the first tier once around it, then everybody behind. */
function around(
  { idle }: Bucket,
  tier: number,
  start: number,
  may: (candidate: Candidate) => boolean,
): Candidate | undefined {
  for (let step = 0; step < idle.length; step++) {
    const place = step < tier ? (start + step) % tier : step;
    const candidate = idle.at(place);
    if (candidate !== undefined && may(candidate)) return candidate;
  }
  return undefined;
}
