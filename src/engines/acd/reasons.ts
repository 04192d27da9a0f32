import type { Agent } from './agent.js';
import { isPassedOver, scoreOf, type Found } from './choose.js';
import type { Demand, SkillNames } from './asked.js';
import type { Bucket, Candidate } from './bucket.js';
import { Gathered } from './gathered.js';
import type { Waiter } from './waiter.js';

/** In queues with at most so many members each one who was passed over is named; in larger ones they are counted. */
const NAMED_MEMBERS = 24;
/** How many of those who would have been next are named. */
export const NAMED_CANDIDATES = 3;

const seconds = (ms: number): string => String(Math.max(0, Math.round(ms / 1000)));
const skillText = (names: SkillNames, { skill, minLevel }: Demand): string =>
  `${names.get(skill) ?? String(skill)} ${String(minLevel)}`;

/** Why this agent got the call, as `<code>:<parameter>`. */
export function offerReasons(
  bucket: Bucket,
  waiter: Waiter,
  { chosen, fitting, next }: Found,
  at: number,
  names: SkillNames,
): readonly string[] {
  const [first] = chosen;
  if (first === undefined) return [];
  const reasons = [
    strategyReason(bucket, first, chosen.length, at),
    ...resultReason(bucket, first.agent),
    `agents-fitting:${String(fitting)}`,
  ];
  addAsked(reasons, bucket, waiter, names);
  addNext(reasons, next, chosen, at);
  addPassedOver(reasons, bucket, waiter, at);
  return reasons;
}

const gathered = new Gathered<string>();

/** Why an agent who became available got this caller: whoever stood first of all that the agent may serve. */
export function freedReasons(
  bucket: Bucket | undefined,
  waiter: Waiter,
  at: number,
  names: SkillNames,
): readonly string[] {
  gathered.push(`first-in-line:${seconds(at - waiter.enteredAt)}`);
  if (bucket !== undefined) addAsked(gathered, bucket, waiter, names);
  const behind = waiter.line.length - 1;
  if (behind > 0) gathered.push(`waiting-behind:${String(behind)}`);
  return gathered.take();
}

/** Why nobody is offered the call now; empty where somebody is. */
export function waitReasons(waiter: Waiter, at: number, names: SkillNames): readonly string[] {
  const { line, bucket, waitsFor } = waiter;
  if (waiter.offers.length > 0) return [];
  if (waitsFor !== undefined) return [`waits-for:${waitsFor.name}`];
  if (bucket === undefined) return [`not-before:${seconds(waiter.notBefore - at)}`];
  const reasons = line.isFull ? [`queue-at-limit:${String(line.config.maxTalking)}`] : [];
  reasons.push(whyNobody(bucket));
  addAsked(reasons, bucket, waiter, names);
  addPassedOver(reasons, bucket, waiter, at);
  return reasons;
}

function whyNobody(bucket: Bucket): string {
  const { members } = bucket.line;
  if (members.size === 0) return 'no-members:0';
  let fitting = 0;
  let signedIn = 0;
  for (const agent of members) {
    if (!bucket.fits(agent)) continue;
    fitting++;
    if (agent.state !== 'signed-out') signedIn++;
    // In a large queue it is enough to know that there are some.
    if (signedIn > NAMED_MEMBERS) break;
  }
  if (fitting === 0) return 'nobody-has-skills:0';
  return signedIn === 0 ? 'nobody-signed-in:0' : `all-busy:${String(signedIn)}`;
}

/** What decides about one who fits. */
export function candidateReasons(
  bucket: Bucket,
  candidate: Candidate,
  at: number,
): readonly string[] {
  const levels = bucket.demands.map(
    ({ skill }) => `level:${String(candidate.agent.skills.get(skill) ?? 0)}`,
  );
  return [
    strategyReason(bucket, candidate, bucket.idle.length, at),
    ...levels,
    ...resultReason(bucket, candidate.agent),
  ];
}

/** Past results, where they count. */
function resultReason({ line }: Bucket, agent: Agent): readonly string[] {
  const { strategy, weights } = line.config;
  return strategy === 'weighted' && weights.result > 0
    ? [`past-results:${String(agent.results.get(line.id) ?? 0)}`]
    : [];
}

function strategyReason(bucket: Bucket, { agent }: Candidate, count: number, at: number): string {
  const { config, id } = bucket.line;
  switch (config.strategy) {
    case 'longest-idle':
      return `longest-idle:${seconds(at - agent.idleSince)}`;
    case 'least-recent':
    case 'most-recent':
      return agent.connectedAt === 0
        ? `${config.strategy}:never`
        : `${config.strategy}:${seconds(at - agent.connectedAt)}`;
    case 'fewest-calls':
      return `fewest-calls:${String(agent.calls)}`;
    case 'round-robin':
    case 'fixed-order':
      return `${config.strategy}:${String(agent.positions.get(id) ?? 0)}`;
    case 'random':
      return 'random:1';
    case 'weighted':
      return `weighted:${scoreOf(bucket, agent, at).toFixed(1)}`;
    case 'ring-all':
      return `ring-all:${String(count)}`;
  }
}

/** What can be added to: a list, or what will be one. */
interface Reasons {
  push(reason: string): unknown;
}

function addAsked(reasons: Reasons, bucket: Bucket, waiter: Waiter, names: SkillNames): void {
  if (waiter.priority > 0) reasons.push(`priority:${String(waiter.priority)}`);
  if (waiter.isCallback) reasons.push('callback:1');
  for (const text of bucket.askedTexts(names, askedTexts)) reasons.push(text);
}

const askedTexts = (demands: readonly Demand[], names: SkillNames): readonly string[] =>
  demands.map(
    (demand) => `${demand.isRequired ? 'requires' : 'prefers'}-skill:${skillText(names, demand)}`,
  );

function addNext(
  reasons: string[],
  next: Iterable<Candidate>,
  chosen: readonly Candidate[],
  at: number,
): void {
  let named = 0;
  for (const { agent, bucket } of next) {
    if (named >= NAMED_CANDIDATES) return;
    if (chosen.some((one) => one.agent === agent)) continue;
    named++;
    reasons.push(
      bucket.line.config.strategy === 'weighted'
        ? `next-by-score:${agent.name} ${scoreOf(bucket, agent, at).toFixed(1)}`
        : `next-best:${agent.name}`,
    );
  }
}

function addPassedOver(reasons: string[], bucket: Bucket, waiter: Waiter, at: number): void {
  const { members } = bucket.line;
  if (members.size > NAMED_MEMBERS) {
    reasons.push(`members:${String(members.size)}`);
    return;
  }
  for (const agent of members) {
    const why = passedOver(bucket, waiter, agent, at);
    if (why !== undefined) reasons.push(`skipped-${why}:${agent.name}`);
  }
}

/** Why a member is not offered the call now; undefined for one who could be. Signed-out members are not worth a word. */
export function passedOver(
  bucket: Bucket,
  waiter: Waiter,
  agent: Agent,
  at: number,
): string | undefined {
  if (agent.state === 'signed-out') return undefined;
  if (agent.state !== 'available') return agent.state;
  if (!bucket.fits(agent)) return 'lacks-skill';
  return isPassedOver(waiter, agent, at) ? 'missed-this-call' : undefined;
}
