import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { AcdQueue } from './acd-events.js';
import type { Acd } from './acd.js';
import type { Agent } from './agent.js';
import { candidateOf, isPassedOver, RING_ALL_LIMIT } from './choose.js';
import { Bucket, type Candidate } from './bucket.js';
import type { Line } from './line.js';
import type { Waiter } from './waiter.js';
import { candidateReasons, passedOver, waitReasons } from './reasons.js';
import { levelAfter, type SkillRequirement } from './requirement.js';

/** One line of an answer to "why": reasons are `<code>:<parameter>`. */
export interface Why {
  readonly agent?: AgentId;
  readonly queue?: QueueId;
  /** Would be offered the call, in the order of the answers. */
  readonly isOffered?: boolean;
  readonly reasons: readonly string[];
}

/** A call that nobody has made, to ask who would get it. */
export interface ImaginedCall {
  readonly queue: QueueId;
  readonly requirements: readonly SkillRequirement[];
  readonly waitedMs: number;
  /** As if the queue were set so; as it is where absent. */
  readonly rule?: Pick<AcdQueue, 'strategy' | 'weights'> | undefined;
}

/**
 * Who would be offered such a call now, in order, with what decides; then those who would not, and why. Nothing is changed.
 * Empty for an unknown queue.
 */
export function previewOffer(acd: Acd, call: ImaginedCall, at: number): readonly Why[] {
  const real = acd.line(call.queue);
  if (real === undefined) return [];
  const line = call.rule === undefined ? real : real.as({ ...real.config, ...call.rule });
  const bucket = new Bucket(line, line.demandsOf(call.requirements, call.waitedMs).demands);
  const others: Why[] = [];
  for (const agent of line.members) {
    const why = whyNot(bucket, agent);
    if (why === undefined) bucket.idle.add(candidateOf(bucket, agent));
    else others.push({ agent: agent.id, reasons: [why] });
  }
  const isFull: readonly string[] = line.isFull
    ? [`queue-at-limit:${String(line.config.maxTalking)}`]
    : [];
  const fitting = inTurn(bucket).map((candidate) => ({
    agent: candidate.agent.id,
    isOffered: !line.isFull,
    reasons: [...isFull, ...candidateReasons(bucket, candidate, at)],
  }));
  return [...fitting, ...others];
}

function whyNot(bucket: Bucket, agent: Agent): string | undefined {
  if (agent.state === 'signed-out') return 'is-signed-out:1';
  if (agent.state !== 'available') return `is-${agent.state}:1`;
  return bucket.fits(agent) ? undefined : 'lacks-skill:1';
}

/** Those who fit, in the order in which they get calls: round robin goes on behind whoever was tried last. */
function inTurn({ line, idle }: Bucket): readonly Candidate[] {
  const all = [...idle];
  if (line.config.strategy !== 'round-robin') return all;
  // Those with fewer of the preferred skills stand behind, in turn only where nobody has more.
  const best = all.filter(({ preferred }) => preferred === all[0]?.preferred);
  const from = best.findIndex(({ key }) => key > line.pointer);
  if (from <= 0) return all;
  return [...best.slice(from), ...best.slice(0, from), ...all.slice(best.length)];
}

/** Why an agent gets no call now: by state, else queue by queue. */
export function explainAgent(acd: Acd, id: AgentId, at: number): readonly Why[] {
  const agent = acd.agent(id);
  if (agent === undefined) return [];
  if (agent.state !== 'available') return [{ agent: id, reasons: [`is-${agent.state}:1`] }];
  if (agent.queues.length === 0) return [{ agent: id, reasons: ['no-queues:0'] }];
  return agent.queues.flatMap(({ queue }) => {
    const line = acd.line(queue);
    if (line === undefined) return [];
    const members = [...line.members].filter((member) => member.id === id);
    return members.map((member) => ({ queue, reasons: whyNoneOf(line, member, at) }));
  });
}

function whyNoneOf(line: Line, agent: Agent, at: number): readonly string[] {
  if (line.isFull) return [`queue-at-limit:${String(line.config.maxTalking)}`];
  const counts = new Map<string, number>();
  for (const waiter of line.everybody) {
    const why = whyNotThis(waiter, agent, at);
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  if (counts.size > 0) return [...counts].map(([why, count]) => `${why}:${String(count)}`);
  return ['nobody-waits:0', standing(line, agent)];
}

/** How the agent stands for the next call, which asks for what the queue asks for. */
function standing(line: Line, agent: Agent): string {
  const bucket = new Bucket(line, line.demandsOf([], 0).demands);
  if (!bucket.fits(agent)) return 'lacks-skill:1';
  for (const member of line.members)
    if (whyNot(bucket, member) === undefined) bucket.idle.add(candidateOf(bucket, member));
  const ahead = inTurn(bucket).findIndex((candidate) => candidate.agent === agent);
  switch (line.config.strategy) {
    case 'random':
      return 'random:1';
    case 'ring-all':
      return `agents-ahead:${String(ahead < RING_ALL_LIMIT ? 0 : ahead)}`;
    default:
      return `agents-ahead:${String(ahead)}`;
  }
}

/** Why this agent is not offered this call: a word for each kind of reason. */
function whyNotThis(waiter: Waiter, agent: Agent, at: number): string {
  if (waiter.offers.length > 0) return 'callers-offered-to-others';
  if (waiter.waitsFor !== undefined && waiter.waitsFor !== agent) return 'callers-wait-for-others';
  if (waiter.notBefore > at) return 'callbacks-later';
  if (isPassedOver(waiter, agent, at)) return 'callers-missed';
  return lacksSkill(waiter, agent, at) ? 'callers-ask-other-skills' : 'callers-stalled';
}

/** From the requirements themselves, not from the engine's indexes. */
function lacksSkill(waiter: Waiter, agent: Agent, at: number): boolean {
  const all = [...waiter.line.config.requirements, ...waiter.requirements];
  return all.some(
    (requirement) =>
      requirement.isRequired &&
      (agent.skills.get(requirement.skill) ?? 0) <
        levelAfter(requirement, at - waiter.enteredAt).minLevel,
  );
}

/** Why a call waits, and why at this place. */
export function explainCall(acd: Acd, call: CallId, at: number): readonly Why[] {
  const waiter = acd.waiter(call);
  if (waiter === undefined) return [];
  const { config } = waiter.line;
  const place = [
    `place:${String(acd.placeOf(call))}`,
    `waited:${String(Math.max(0, Math.round((at - waiter.enteredAt) / 1000)))}`,
    ...(waiter.priority > 0 ? [`priority:${String(waiter.priority)}`] : []),
    ...(config.weight > 0 ? [`queue-weight:${String(config.weight)}`] : []),
  ];
  const offered = waiter.offers.map((agent) => ({
    agent: agent.id,
    isOffered: true,
    reasons: ['is-ringing:1'],
  }));
  const waits = waitReasons(waiter, at, acd.skillNames);
  return [
    { reasons: place },
    ...offered,
    ...(waits.length === 0 ? [] : [{ reasons: waits }]),
    ...[...waiter.line.members].flatMap((agent) => {
      const why = waiter.bucket && passedOver(waiter.bucket, waiter, agent, at);
      return why === undefined ? [] : [{ agent: agent.id, reasons: [`is-${why}:1`] }];
    }),
  ];
}

/** Somebody waits although an agent who fits is available. */
export interface Stall {
  readonly queue: QueueId;
  readonly call: CallId;
  readonly agents: readonly AgentId[];
}

/** How many of those in line are looked at: the first ones are those whom an error would hit. */
const LOOKED_AT = 20;

/**
 * Looks for what must never be, by the states alone and not by the indexes that decide: a watchman for errors of the
 * engine or of whoever runs it. A stall that lasts is an alarm.
 */
export function findStalls(acd: Acd, at: number): readonly Stall[] {
  const stalls: Stall[] = [];
  for (const line of acd.lines) {
    if (line.length === 0 || line.isFull) continue;
    const free = [...line.members].filter((agent) => agent.state === 'available');
    if (free.length === 0) continue;
    let looked = 0;
    for (const waiter of line.everybody) {
      if (++looked > LOOKED_AT) break;
      const agents = free.filter((agent) => whyNotThis(waiter, agent, at) === 'callers-stalled');
      if (agents.length > 0)
        stalls.push({ queue: line.id, call: waiter.call, agents: agents.map(({ id }) => id) });
    }
  }
  return stalls;
}
