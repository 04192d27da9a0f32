import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, ChannelId, FlowId, QueueId } from '../../kernel/ids.js';

/** How a bar is coloured: classes of `public/css/calls.css`. */
export type BarTone = 'line' | 'ivr' | 'hold' | 'ringing' | 'talking' | 'recorded';

/** What one participant did from when to when, in ms since the call began. */
export interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly tone: BarTone;
  /** What the words on it say: a code of the catalog `calls.bar.<says>`, and what it needs. */
  readonly says:
    | 'on-the-line'
    | 'keys'
    | 'waiting'
    | 'offered'
    | 'ringing'
    | 'talking'
    | 'asked'
    | 'hold'
    | 'recorded'
    | 'survey'
    | 'parked';
  /** Pressed keys; outcome of an offer. */
  readonly detail: string;
}

export interface Lane {
  readonly kind: 'caller' | 'flow' | 'queue' | 'person' | 'recording' | 'survey' | 'park';
  /** The participant's name; '' where the kind says it all. */
  readonly name: string;
  readonly bars: readonly Bar[];
}

/**
 * Draws a call as lanes: caller, IVR flows, queues, everyone who was rung, the recording, in the order in which they came.
 * What has not ended lasts until `untilMs`, which also is the length of the whole. Events in the order of their `seq`.
 */
export function drawLanes(events: readonly CallEvent[], untilMs: number): readonly Lane[] {
  const board = new Board(events[0]?.at ?? 0, untilMs);
  for (const event of events) board.take(event);
  return board.finish();
}

interface OpenBar {
  readonly lane: string;
  readonly bar: Bar;
}

class Board {
  readonly #lanes = new Map<string, { kind: Lane['kind']; name: string; bars: Bar[] }>();
  readonly #open = new Map<string, OpenBar>();
  /** Which lane a leg belongs to: agents that were offered the call have one already. */
  readonly #legLanes = new Map<ChannelId, string>();
  #flow: FlowId | undefined;
  readonly #talking = new Set<ChannelId>();
  #keys = '';

  constructor(
    private readonly startedAt: number,
    private readonly untilMs: number,
  ) {}

  take(event: CallEvent): void {
    const at = Math.min(Math.max(0, event.at - this.startedAt), this.untilMs);
    switch (event.kind) {
      case 'leg-started':
      case 'leg-answered':
      case 'leg-ended':
        this.#leg(event, at);
        return;
      case 'flow-entered':
        this.#leaveFlow(at);
        this.#flow = event.flowId;
        this.#keys = '';
        this.#begin(`flow ${String(event.flowId)}`, 'flow', event.name, {
          at,
          tone: 'ivr',
          says: 'keys',
        });
        return;
      case 'key-pressed':
        if (event.accepted) this.#keys += (this.#keys === '' ? '' : ' · ') + event.digits;
        return;
      case 'queue-entered':
        this.#leaveFlow(at);
        this.#begin(queueLane(event.queueId), 'queue', event.name, {
          at,
          tone: 'hold',
          says: 'waiting',
        });
        return;
      case 'queue-left':
        this.#end(queueLane(event.queueId), at);
        return;
      case 'offered':
        this.#begin(agentLane(event.agentId), 'person', event.agentName, {
          at,
          tone: 'ringing',
          says: 'offered',
        });
        return;
      case 'offer-ended':
        // The talk with this agent may have begun before its offer was noted as answered.
        if (this.#open.get(agentLane(event.agentId))?.bar.says === 'offered')
          this.#end(
            agentLane(event.agentId),
            at,
            event.outcome === 'answered' ? '' : event.outcome,
          );
        return;
      case 'connected':
      case 'held':
      case 'resumed':
      case 'disconnected':
        this.#talk(event, at);
        return;
      case 'party-left':
        this.#endTalk(event.leg, at);
        return;
      case 'consult-answered':
        this.#bar(event.leg, { at, tone: 'talking', says: 'asked' });
        return;
      case 'consult-ended':
        this.#end(this.#legLanes.get(event.leg) ?? '', at);
        return;
      case 'recording-started':
        this.#begin('recording', 'recording', '', { at, tone: 'recorded', says: 'recorded' });
        return;
      case 'recording-ended':
        this.#end('recording', at);
        return;
      case 'survey-offered':
        this.#begin('survey', 'survey', event.name, { at, tone: 'ivr', says: 'survey' });
        return;
      case 'survey-finished':
        this.#end('survey', at);
        return;
      case 'parked':
        this.#begin('park', 'park', '', { at, tone: 'hold', says: 'parked' });
        return;
      case 'retrieved':
      case 'transfer-returned':
        this.#end('park', at);
        return;
      case 'call-ended':
        for (const lane of [...this.#open.keys()]) this.#end(lane, at);
        return;
      case 'call-arrived':
      case 'step-entered':
      case 'step-left':
      case 'input-collected':
      case 'looked-up':
      case 'conference-joined':
      case 'conference-changed':
      case 'conference-recorded':
      case 'conference-invited':
      case 'context-passed':
      case 'no-key':
      case 'language-chosen':
      case 'anchored':
      case 'consult-started':
      case 'transferred':
      case 'calls-joined':
      case 'recording-decided':
      case 'recording-told':
      case 'recording-switched':
      case 'recording-paused':
      case 'recording-resumed':
      case 'help-called':
      case 'line-freed':
      case 'recording-missing':
      case 'voicemail-left':
      case 'routed':
      case 'queue-waiting':
      case 'announced':
      case 'callback-asked':
      case 'callback-tried':
      case 'callback-closed':
      case 'survey-skipped':
      case 'survey-begun':
      case 'survey-answered':
      case 'survey-comment':
      case 'forwarded':
      case 'not-forwarded':
      case 'not-rung':
      case 'ring-group-entered':
      case 'picked-up':
      case 'paged':
      case 'monitored':
      case 'monitor-ended':
      case 'refused':
      case 'adopted':
        break;
    }
  }

  finish(): readonly Lane[] {
    for (const lane of [...this.#open.keys()]) this.#end(lane, this.untilMs);
    return [...this.#lanes.values()].filter((lane) => lane.bars.length > 0);
  }

  #leg(
    event: CallEvent & { kind: 'leg-started' | 'leg-answered' | 'leg-ended' },
    at: number,
  ): void {
    if (event.kind === 'leg-started') {
      if (event.role === 'caller') {
        this.#legLanes.set(event.leg, 'caller');
        this.#begin('caller', 'caller', '', { at, tone: 'line', says: 'on-the-line' });
        return;
      }
      this.#leaveFlow(at);
      const lane =
        event.agentId !== undefined && this.#open.has(agentLane(event.agentId))
          ? agentLane(event.agentId)
          : `leg ${event.leg}`;
      this.#legLanes.set(event.leg, lane);
      // A leg that belongs to an offer rings on the offer's bar.
      if (!this.#open.has(lane))
        this.#begin(lane, 'person', event.name ?? event.number, {
          at,
          tone: 'ringing',
          says: 'ringing',
        });
      return;
    }
    const lane = this.#legLanes.get(event.leg) ?? '';
    // An offer's bar ends with the offer, which says how.
    if (event.kind === 'leg-ended' && this.#open.get(lane)?.bar.says !== 'offered')
      this.#end(lane, at);
  }

  #talk(
    event: CallEvent & { kind: 'connected' | 'held' | 'resumed' | 'disconnected' },
    at: number,
  ): void {
    switch (event.kind) {
      case 'connected':
        this.#talking.add(event.leg);
        this.#bar(event.leg, { at, tone: 'talking', says: 'talking' });
        return;
      case 'disconnected':
        for (const leg of [...this.#talking]) this.#endTalk(leg, at);
        return;
      case 'held':
      case 'resumed': {
        const isHeld = event.kind === 'held';
        const bar = {
          at,
          tone: isHeld ? 'hold' : 'talking',
          says: isHeld ? 'hold' : 'talking',
        } as const;
        // The caller may hold, too: either way nobody talks with the others.
        const held = this.#talking.has(event.leg) ? [event.leg] : this.#talking;
        for (const leg of held) this.#bar(leg, bar);
      }
    }
  }

  #endTalk(leg: ChannelId, at: number): void {
    this.#talking.delete(leg);
    this.#end(this.#legLanes.get(leg) ?? '', at);
  }

  /** A bar on the lane of a leg, which it has already. */
  #bar(leg: ChannelId, bar: { at: number; tone: BarTone; says: Bar['says'] }): void {
    const lane = this.#legLanes.get(leg);
    if (lane === undefined) return;
    const { kind, name } = this.#lanes.get(lane) ?? { kind: 'person', name: '' };
    this.#begin(lane, kind, name, bar);
  }

  #leaveFlow(at: number): void {
    if (this.#flow === undefined) return;
    this.#end(`flow ${String(this.#flow)}`, at, this.#keys);
    this.#flow = undefined;
  }

  #begin(
    lane: string,
    kind: Lane['kind'],
    name: string,
    { at, tone, says }: { at: number; tone: BarTone; says: Bar['says'] },
  ): void {
    this.#end(lane, at);
    if (!this.#lanes.has(lane)) this.#lanes.set(lane, { kind, name, bars: [] });
    this.#open.set(lane, { lane, bar: { fromMs: at, toMs: at, tone, says, detail: '' } });
  }

  #end(lane: string, at: number, detail = ''): void {
    const open = this.#open.get(lane);
    if (open === undefined) return;
    this.#open.delete(lane);
    // Back from a consult only to leave: nobody has talked.
    if (open.bar.says === 'talking' && open.bar.fromMs === at) return;
    const keys = open.bar.says === 'keys' ? this.#keys : detail;
    this.#lanes.get(lane)?.bars.push({ ...open.bar, toMs: at, detail: keys });
  }
}

const queueLane = (id: QueueId): string => `queue ${String(id)}`;
const agentLane = (id: AgentId): string => `agent ${String(id)}`;
