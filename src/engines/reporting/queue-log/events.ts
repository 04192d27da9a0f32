import type { CallEvent, CallEventBody, CallResult, EndedBy } from '../../../kernel/call-event.js';
import {
  derivedId,
  type AgentId,
  type CallId,
  type ChannelId,
  type EventId,
  type QueueId,
} from '../../../kernel/ids.js';
import type { OldCall, OldTalk, OldVisit } from './calls.js';

/** `calls.node` of what was imported. */
export const QUEUE_LOG_NODE = 'queue_log';

/** What the old system's names are here. */
export interface OldNames {
  queue(name: string): { readonly id: QueueId; readonly name: string };
  agent(name: string): { readonly id: AgentId; readonly name: string };
  /** A number as the ledger keeps it. */
  number(text: string): string;
}

/** Q.850: ended as calls do. */
const NORMAL_CLEARING = 16;

/** The same for the same call, however often and with whatever other lines it is read. */
export function oldCallId({
  uniqueId,
  startedAt,
}: Pick<OldCall, 'uniqueId' | 'startedAt'>): CallId {
  const [, epoch] = /(?:^|\D)(\d{9,10})\.\d+$/.exec(uniqueId) ?? [];
  const at = epoch === undefined ? startedAt : Number(epoch) * 1_000;
  return derivedId(at, `${QUEUE_LOG_NODE}:${uniqueId}`) as CallId;
}

/**
 * What our own calls write into the ledger when they live through the same. Ids come from what is told, so that the same call
 * with the same names gives the same events.
 */
export function ledgerEvents(call: OldCall, names: OldNames): readonly CallEvent[] {
  const callId = oldCallId(call);
  const told: { readonly at: number; readonly body: CallEventBody }[] = [];
  const tell = (at: number, body: CallEventBody): void => void told.push({ at, body });
  const from = names.number(call.from);
  const caller = `${callId}-caller` as ChannelId;
  tell(call.startedAt, {
    kind: 'call-arrived',
    ...{ direction: 'inbound', from, fromName: call.fromName, to: names.number(call.to) },
    node: QUEUE_LOG_NODE,
  });
  tell(call.startedAt, { kind: 'leg-started', leg: caller, role: 'caller', number: from });
  tell(call.startedAt, { kind: 'leg-answered', leg: caller });
  call.visits.forEach((visit, n) => {
    const next = call.visits[n + 1];
    tellVisit({ visit, next, names, tell, leg: `${callId}-agent-${String(n)}` as ChannelId });
  });
  tell(call.endedAt, { kind: 'leg-ended', leg: caller, cause: NORMAL_CLEARING });
  tell(call.endedAt, { kind: 'call-ended', cause: NORMAL_CLEARING, ...endOf(call) });
  // Sorting is stable: what happened in the same moment stays in the order in which it was told.
  return told
    .sort((a, b) => a.at - b.at)
    .map(({ at, body }, seq) => ({
      ...body,
      id: derivedId(at, `${callId}:${String(seq)}:${JSON.stringify(body)}`) as EventId,
      ...{ callId, seq, at },
    }));
}

interface Telling {
  readonly visit: OldVisit;
  readonly next: OldVisit | undefined;
  readonly names: OldNames;
  readonly leg: ChannelId;
  readonly tell: (at: number, body: CallEventBody) => void;
}

function tellVisit(telling: Telling): void {
  const { visit, names, tell } = telling;
  const { id: queueId, name } = names.queue(visit.queue);
  tell(visit.enteredAt, { kind: 'queue-entered', queueId, name, place: visit.place, priority: 0 });
  for (const { agent, startedAt, endedAt, outcome } of visit.offers) {
    const { id: agentId, name: agentName } = names.agent(agent);
    tell(startedAt, { kind: 'offered', queueId, agentId, agentName, reasons: [] });
    tell(endedAt, {
      kind: 'offer-ended',
      ...{ queueId, agentId, agentName, outcome, rangMs: endedAt - startedAt },
    });
  }
  if (visit.talk !== undefined) tellAnswer(telling, visit.talk, queueId);
  const { outcome, reason, waitedMs } = visit;
  tell(visit.leftAt, { kind: 'queue-left', queueId, outcome, reason, waitedMs });
  if (visit.talk !== undefined) tellTalk(telling, visit.talk);
}

function tellAnswer({ names, tell, leg }: Telling, talk: OldTalk, queueId: QueueId): void {
  const { id: agentId, name: agentName } = names.agent(talk.agent);
  const { startedAt, rangMs } = talk;
  tell(startedAt - rangMs, { kind: 'offered', queueId, agentId, agentName, reasons: [] });
  tell(startedAt - rangMs, {
    kind: 'leg-started',
    ...{ leg, role: 'agent', number: numberIn(talk.agent), name: agentName, agentId },
  });
  tell(startedAt, { kind: 'leg-answered', leg });
  tell(startedAt, {
    kind: 'offer-ended',
    ...{ queueId, agentId, agentName, outcome: 'answered', rangMs },
  });
}

function tellTalk({ names, tell, leg, next }: Telling, talk: OldTalk): void {
  const { id: agentId } = names.agent(talk.agent);
  const { startedAt, endedAt, ending } = talk;
  tell(startedAt, { kind: 'connected', leg, agentId });
  if (typeof ending === 'object') {
    const queue = next === undefined ? undefined : names.queue(next.queue);
    tell(endedAt, {
      kind: 'transferred',
      ...{ how: ending.how, via: 'phone', by: leg, agentId },
      to:
        queue === undefined
          ? { kind: 'other', number: names.number(ending.to), name: '' }
          : { kind: 'queue', id: queue.id, number: '', name: queue.name },
    });
  }
  tell(endedAt, { kind: 'disconnected', talkedMs: endedAt - startedAt });
  tell(endedAt, { kind: 'leg-ended', leg, cause: NORMAL_CLEARING });
}

function endOf({ visits }: OldCall): {
  readonly result: CallResult;
  readonly endedBy: EndedBy;
  readonly reason: string;
} {
  const last = visits.at(-1);
  const isAnswered = visits.some(({ outcome }) => outcome === 'answered');
  const result: CallResult = isAnswered ? 'answered' : (last?.outcome ?? 'failed');
  if (last?.talk !== undefined) {
    const { ending } = last.talk;
    if (typeof ending === 'object') return { result, endedBy: 'system', reason: 'old-transferred' };
    return { result, endedBy: ending === 'caller' ? 'caller' : 'callee', reason: '' };
  }
  const reason = last?.reason ?? '';
  return { result, endedBy: reason === 'caller-left' ? 'caller' : 'system', reason };
}

/** The number in the name of a member: `PJSIP/2001-0000a`, `Local/2001@from-queue/n`, `Agent/2001`, `2001`; '' where there is none. */
export const numberIn = (agent: string): string =>
  /^(?:[A-Za-z0-9_]+\/)?(\d{2,15})(?:$|[@/-])/.exec(agent)?.[1] ?? '';
