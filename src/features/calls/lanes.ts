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
    'on-the-line' | 'keys' | 'waiting' | 'offered' | 'ringing' | 'talking' | 'hold' | 'recorded';
  /** Pressed keys; outcome of an offer. */
  readonly detail: string;
}

export interface Lane {
  readonly kind: 'caller' | 'flow' | 'queue' | 'person' | 'recording';
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
  #talking: ChannelId | undefined;
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
        this.#end(agentLane(event.agentId), at, event.outcome === 'answered' ? '' : event.outcome);
        return;
      case 'connected':
      case 'held':
      case 'resumed':
      case 'disconnected':
        this.#talk(event, at);
        return;
      case 'recording-started':
        this.#begin('recording', 'recording', '', { at, tone: 'recorded', says: 'recorded' });
        return;
      case 'recording-ended':
        this.#end('recording', at);
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
      case 'context-passed':
      case 'no-key':
      case 'language-chosen':
      case 'recording-missing':
      case 'voicemail-left':
      case 'routed':
      case 'queue-waiting':
      case 'callback-asked':
      case 'callback-tried':
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
    if (event.kind === 'connected') this.#talking = event.leg;
    const lane = this.#talking === undefined ? undefined : this.#legLanes.get(this.#talking);
    if (lane === undefined) return;
    // The caller may hold, too: either way nobody talks with the person.
    this.#end(lane, at);
    if (event.kind === 'disconnected') {
      this.#talking = undefined;
      return;
    }
    const isHeld = event.kind === 'held';
    const { kind, name } = this.#lanes.get(lane) ?? { kind: 'person', name: '' };
    this.#begin(lane, kind, name, {
      at,
      tone: isHeld ? 'hold' : 'talking',
      says: isHeld ? 'hold' : 'talking',
    });
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
    const keys = open.bar.says === 'keys' ? this.#keys : detail;
    this.#lanes.get(lane)?.bars.push({ ...open.bar, toMs: at, detail: keys });
  }
}

const queueLane = (id: QueueId): string => `queue ${String(id)}`;
const agentLane = (id: AgentId): string => `agent ${String(id)}`;
