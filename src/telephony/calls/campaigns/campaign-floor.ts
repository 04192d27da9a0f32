import type { Acd, AcdAgent } from '../../../engines/acd/acd.js';
import type { CallId, CampaignId, QueueId } from '../../../kernel/ids.js';
import type { DirectorySnapshot } from '../../directory.js';
import type { PacedAgent } from './pacing.js';

/** Agents and lines as the distribution has them. */
interface FloorOfAcd extends Pick<Acd, 'lines'> {
  readonly agents: Iterable<AgentOfAcd>;
}
type AgentOfAcd = Pick<AcdAgent, 'id' | 'state' | 'call'> & {
  readonly queues: readonly { readonly queue: QueueId }[];
};

/** A campaign as agents are dealt out. */
export interface AgentSeeker {
  readonly id: CampaignId;
  readonly queueId?: QueueId;
  /** Higher goes first. */
  readonly priority: number;
  /** It could use an agent now, or has somebody on the line. */
  readonly isHungry: boolean;
  /** Whether a call is one of its own. */
  readonly owns: (call: CallId) => boolean;
}

/** Agents as campaigns see them. Who is signed out, on a break, without a phone or looking at a preview is not there. */
const STATES: Readonly<Partial<Record<AcdAgent['state'], PacedAgent['state']>>> = {
  available: 'idle',
  ringing: 'talking',
  talking: 'talking',
  'wrap-up': 'wrap-up',
};

/**
 * Who works for which campaign at this moment: each agent for one at most. Whoever is busy with a campaign's call works for
 * that one, everybody else for the campaign with the highest priority that can use them; among equals they are dealt out evenly.
 */
export function dealAgents(
  engine: FloorOfAcd,
  { agents, queues }: Pick<DirectorySnapshot, 'agents' | 'queues'>,
  seekers: readonly AgentSeeker[],
): ReadonlyMap<CampaignId, readonly PacedAgent[]> {
  const dealt = new Map(seekers.map(({ id }) => [id, [] as PacedAgent[]]));
  const waits = callersBefore(engine, seekers);
  for (const agent of engine.agents) {
    const state = STATES[agent.state];
    if (state === undefined) continue;
    const served = seekers.filter(
      ({ queueId }) => queueId !== undefined && fits(agent, queueId, { agents, queues }),
    );
    const seeker = chosen(agent, served, dealt);
    if (seeker === undefined) continue;
    const isOffered = agent.state === 'ringing' && isOwn(seeker, agent);
    const isTaken = state === 'idle' && takesCaller(agent, waits);
    dealt.get(seeker.id)?.push({
      id: agent.id,
      // Who is just being rung for the campaign's own call is who it was dialled for.
      state: isTaken ? 'talking' : isOffered ? 'idle' : state,
    });
  }
  return dealt;
}

const isOwn = ({ owns }: AgentSeeker, { call }: AgentOfAcd): boolean =>
  call !== undefined && owns(call);

function chosen(
  agent: AgentOfAcd,
  served: readonly AgentSeeker[],
  dealt: ReadonlyMap<CampaignId, readonly PacedAgent[]>,
): AgentSeeker | undefined {
  const own = served.find((seeker) => isOwn(seeker, agent));
  if (own !== undefined) return own;
  const hungry = served.filter(({ isHungry }) => isHungry);
  const highest = Math.max(...hungry.map(({ priority }) => priority));
  const count = ({ id }: AgentSeeker): number => dealt.get(id)?.length ?? 0;
  return hungry
    .filter(({ priority }) => priority === highest)
    .reduce<AgentSeeker | undefined>(
      (best, one) => (best === undefined || count(one) < count(best) ? one : best),
      undefined,
    );
}

/** A member who has what every call of the queue asks for. */
function fits(
  { id, queues: own }: AgentOfAcd,
  queue: QueueId,
  { agents, queues }: Pick<DirectorySnapshot, 'agents' | 'queues'>,
): boolean {
  if (!own.some((one) => one.queue === queue)) return false;
  const skills = agents.get(id)?.skills;
  return (queues.get(queue)?.requirements ?? []).every(
    ({ skill, minLevel, isRequired }) => !isRequired || (skills?.get(skill) ?? 0) >= minLevel,
  );
}

/** Those in each queue who are not of a campaign, wait now, and are offered to nobody yet. */
function callersBefore(engine: FloorOfAcd, seekers: readonly AgentSeeker[]): Map<QueueId, number> {
  const waits = new Map<QueueId, number>();
  for (const line of engine.lines) {
    const count = line.everybody.filter(
      ({ call, offers, bucket }) =>
        bucket !== undefined && offers.length === 0 && !seekers.some(({ owns }) => owns(call)),
    ).length;
    if (count > 0) waits.set(line.id, count);
  }
  return waits;
}

/** A free agent whom a waiting caller will get in this moment is not free. */
function takesCaller({ queues }: AgentOfAcd, waits: Map<QueueId, number>): boolean {
  const queue = queues.find((one) => (waits.get(one.queue) ?? 0) > 0)?.queue;
  if (queue === undefined) return false;
  waits.set(queue, (waits.get(queue) ?? 0) - 1);
  return true;
}

/** Callers on the line who wait in any queue of those who serve this one, without the calls of campaigns. */
export function callersWaiting(
  engine: FloorOfAcd,
  queue: QueueId,
  isOfCampaign: (call: CallId) => boolean,
): number {
  const shared = new Set<QueueId>([queue]);
  for (const { state, queues } of engine.agents)
    if (state !== 'signed-out' && queues.some((one) => one.queue === queue))
      for (const one of queues) shared.add(one.queue);
  let count = 0;
  for (const line of engine.lines) {
    if (!shared.has(line.id)) continue;
    for (const { call, isCallback, offers } of line.everybody)
      if (!isCallback && offers.length === 0 && !isOfCampaign(call)) count++;
  }
  return count;
}
