import type { AgentId, CallbackId, QueueId } from '../../kernel/ids.js';
import type {
  LiveAgent,
  LiveCall,
  LiveSnapshot,
  LiveTalk,
  LiveTalkParty,
  LiveWaiting,
} from '../../telephony/live.js';
import type { LivePreview } from '../../telephony/live-previews.js';

/**
 * Which card the page shows.
 * unknown: nothing was heard of this agent yet · calling: the other side rings · preview: also while that is dialled · the rest
 * as the states are called.
 */
export type DeskMode =
  'unknown' | 'signed-out' | 'idle' | 'preview' | 'ringing' | 'calling' | 'talking' | 'wrap-up';

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
  /** While people talk, this agent among them. */
  readonly talk: DeskTalk | undefined;
}

/** An agent's part in a talk. */
export interface DeskTalk {
  readonly live: LiveTalk;
  /** holder: may hold, ask and transfer · consulted: is asked by the holder. */
  readonly role: 'holder' | 'member' | 'consulted';
  /** Whom the talk is about: the caller, or whoever was called. */
  readonly about: Party;
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
  /** Whose record is looked at, or who is called then. */
  readonly preview: LivePreview | undefined;
  readonly queues: readonly DeskQueue[];
  /** Of the phone that the agent is signed in at; `none` while signed out. */
  readonly phone: 'registered' | 'not-registered' | 'none';
}

/** Draws one agent's desk. Undefined where the snapshot does not know the agent. */
export function drawDesk(snapshot: LiveSnapshot, agentId: AgentId): DeskPicture | undefined {
  const agent = snapshot.agents.find(({ id }) => id === agentId);
  if (!agent) return undefined;
  // What is dialled for a preview is told by its card until somebody answers.
  const hasOwnCard = agent.state === 'signed-out' || agent.state === 'preview';
  const call = hasOwnCard ? undefined : callOf(snapshot, agent);
  const seat = snapshot.extensions.find(({ number }) => number === agent.extension);
  return {
    agent,
    mode: modeOf(agent, call),
    call: call && describe(snapshot, agent, call),
    preview: agent.state === 'preview' ? agent.preview : undefined,
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
  call.talk === undefined
    ? call.other === extension && (call.stage === 'ring-extension' || call.stage === 'talk')
    : call.talk.parties.some(({ number }) => number === extension);

/** The phone that dialled is still the caller's side. */
const isDialledOn = (call: LiveCall, extension: string): boolean =>
  call.direction !== 'inbound' && call.from === extension && call.about === undefined;

const partOf = (talk: LiveTalk, agent: LiveAgent): LiveTalkParty | undefined =>
  talk.parties.find(({ agentId }) => agentId === agent.id) ??
  talk.parties.find(({ number }) => agent.extension !== '' && number === agent.extension);

/** Rung to be asked: the others talk, this agent does not yet. */
const isBeingRung = ({ talk }: LiveCall, agent: LiveAgent): boolean =>
  talk?.consult !== undefined &&
  talk.consult.answeredAt === undefined &&
  partOf(talk, agent)?.role === 'consulted';

function modeOf(agent: LiveAgent, call: LiveCall | undefined): DeskMode {
  if (agent.state === 'signed-out') return 'signed-out';
  if (call) {
    if (isBeingRung(call, agent)) return 'ringing';
    if (call.connectedAt !== undefined) return 'talking';
    return isDialledOn(call, agent.extension) ? 'calling' : 'ringing';
  }
  switch (agent.state) {
    case 'preview':
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
    talk: talkOf(snapshot, agent, call),
  };
}

function talkOf(snapshot: LiveSnapshot, agent: LiveAgent, call: LiveCall): DeskTalk | undefined {
  const { talk: live } = call;
  if (live === undefined) return undefined;
  const about = otherEnd(snapshot, agent, call);
  const part = partOf(live, agent);
  if (part !== undefined)
    return { live, about, role: part.role === 'partner' ? 'holder' : part.role };
  // The phone that dialled: it may act as long as only two talk.
  return { live, about, role: live.parties.length === 1 ? 'holder' : 'member' };
}

function partyOf(snapshot: LiveSnapshot, agent: LiveAgent, call: LiveCall): Party {
  const asks = call.talk?.parties.find(({ role }) => role === 'partner');
  const isAsked = call.talk !== undefined && partOf(call.talk, agent)?.role === 'consulted';
  return isAsked && asks !== undefined
    ? { number: asks.number, name: asks.name }
    : otherEnd(snapshot, agent, call);
}

function otherEnd(snapshot: LiveSnapshot, agent: LiveAgent, call: LiveCall): Party {
  if (call.about !== undefined) return call.about;
  if (!isDialledOn(call, agent.extension)) return { number: call.from, name: call.fromName };
  const colleague = snapshot.agents.find(
    ({ extension, state }) => extension === call.to && state !== 'signed-out',
  );
  return { number: call.to, name: colleague?.name ?? '' };
}
