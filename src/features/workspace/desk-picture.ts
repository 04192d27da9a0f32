import type { AgentId, CallbackId, QueueId } from '../../kernel/ids.js';
import type { LiveAgent, LiveCall, LiveSnapshot, LiveWaiting } from '../../telephony/live.js';

/**
 * Which card the page shows.
 * unknown: nothing was heard of this agent yet · calling: the other side rings · the rest as the states are called.
 */
export type DeskMode =
  'unknown' | 'signed-out' | 'idle' | 'ringing' | 'calling' | 'talking' | 'wrap-up';

/** Who is at the other end. */
export interface Party {
  readonly number: string;
  /** '' where nobody said. */
  readonly name: string;
}

/** The call before an agent. */
export interface DeskCall {
  readonly call: LiveCall;
  readonly party: Party;
  /** '' for calls that came through no queue. */
  readonly queueName: string;
  /** While the caller still stands in line. */
  readonly waiting: LiveWaiting | undefined;
}

/** A callback whose offer rings the agent's phone: there is no call of it yet. */
export interface DeskCallback {
  readonly waiting: LiveWaiting & { readonly callbackId: CallbackId };
  readonly queueId: QueueId;
  readonly queueName: string;
}

export interface DeskQueue {
  readonly id: QueueId;
  readonly name: string;
  readonly waiting: number;
  /** Since when the first in line waits; undefined where nobody does. */
  readonly longestSince: number | undefined;
}

/** Everything that an agent has before them now. */
export interface DeskPicture {
  readonly agent: LiveAgent;
  readonly mode: DeskMode;
  readonly call: DeskCall | undefined;
  readonly callback: DeskCallback | undefined;
  readonly queues: readonly DeskQueue[];
  /** Of the phone that the agent is signed in at; `none` while signed out. */
  readonly phone: 'registered' | 'not-registered' | 'none';
}

/** Draws one agent's desk. Undefined where the snapshot does not know the agent. */
export function drawDesk(snapshot: LiveSnapshot, agentId: AgentId): DeskPicture | undefined {
  const agent = snapshot.agents.find(({ id }) => id === agentId);
  if (!agent) return undefined;
  const call = agent.state === 'signed-out' ? undefined : callOf(snapshot, agent);
  const seat = snapshot.extensions.find(({ number }) => number === agent.extension);
  return {
    agent,
    mode: modeOf(agent, call),
    call: call && describe(snapshot, agent, call),
    callback: call === undefined ? offeredCallback(snapshot, agent) : undefined,
    queues: snapshot.queues
      .filter(({ id }) => agent.queues.includes(id))
      .map(({ id, name, waitingCount, longestSince }) => ({
        id,
        name,
        waiting: waitingCount,
        longestSince,
      })),
    phone:
      agent.extension === '' ? 'none' : seat?.registered === true ? 'registered' : 'not-registered',
  };
}

function offeredCallback(snapshot: LiveSnapshot, agent: LiveAgent): DeskCallback | undefined {
  if (agent.state !== 'ringing') return undefined;
  for (const { id, name, waiting } of snapshot.queues)
    for (const one of waiting) {
      const { callId, callbackId } = one;
      if (callbackId !== undefined && callId === agent.callId)
        return { waiting: { ...one, callbackId }, queueId: id, queueName: name };
    }
  return undefined;
}

/** The agent's queue or outside call; else a call that rings this phone or was dialled on it. */
function callOf(snapshot: LiveSnapshot, agent: LiveAgent): LiveCall | undefined {
  const { calls } = snapshot;
  if (agent.callId !== undefined) {
    const own = calls.find(({ id }) => id === agent.callId);
    if (own) return own;
  }
  if (agent.extension === '') return undefined;
  return (
    calls.find((call) => reaches(call, agent.extension)) ??
    calls.find((call) => isDialledOn(call, agent.extension) && call.stage !== 'desk-code')
  );
}

const reaches = (call: LiveCall, extension: string): boolean =>
  call.other === extension && (call.stage === 'ring-extension' || call.stage === 'talk');

const isDialledOn = (call: LiveCall, extension: string): boolean =>
  call.direction !== 'inbound' && call.from === extension;

function modeOf(agent: LiveAgent, call: LiveCall | undefined): DeskMode {
  if (agent.state === 'signed-out') return 'signed-out';
  if (call) {
    if (call.connectedAt !== undefined) return 'talking';
    return isDialledOn(call, agent.extension) ? 'calling' : 'ringing';
  }
  switch (agent.state) {
    case 'ringing':
    case 'talking':
    case 'wrap-up':
      return agent.state;
    case 'available':
    case 'not-ready':
    case 'phone-lost':
      return 'idle';
  }
}

function describe(snapshot: LiveSnapshot, agent: LiveAgent, call: LiveCall): DeskCall {
  const queue = snapshot.queues.find(({ id }) => id === call.queueId);
  return {
    call,
    party: partyOf(snapshot, agent, call),
    queueName: queue?.name ?? '',
    waiting: queue?.waiting.find(({ callId }) => callId === call.id),
  };
}

function partyOf(snapshot: LiveSnapshot, agent: LiveAgent, call: LiveCall): Party {
  if (!isDialledOn(call, agent.extension)) return { number: call.from, name: call.fromName };
  const colleague = snapshot.agents.find(
    ({ extension, state }) => extension === call.to && state !== 'signed-out',
  );
  return { number: call.to, name: colleague?.name ?? '' };
}
