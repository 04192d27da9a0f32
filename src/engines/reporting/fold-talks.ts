import type { CallEvent, TransferredTo } from '../../kernel/call-event.js';
import type { AgentId, CallId, ChannelId, ExtensionId, QueueId } from '../../kernel/ids.js';
import { MISROUTED_MS } from './fold-visits.js';

/** One person's part in the talks of a call. Durations in ms; `talkMs` includes `holdMs`. */
export interface TalkRow {
  readonly callId: CallId;
  /** Which part of the call this is, from 0. */
  readonly n: number;
  readonly leg: ChannelId;
  readonly agentId: AgentId | undefined;
  readonly extensionId: ExtensionId | undefined;
  /** The queue that the part came by; undefined for direct calls. */
  readonly queueId: QueueId | undefined;
  /** consult: was asked by somebody while the caller waited. */
  readonly kind: 'talk' | 'consult';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly talkMs: number;
  /** Time in which this person had the caller on hold, or asked somebody else. */
  readonly holdMs: number;
  /** transferred: gave the call to somebody, or parked it · left: hung up while others talked on · over: the talk ended. */
  readonly ending: 'transferred' | 'left' | 'over';
  readonly test: boolean;
}

/** One transfer of a call, when it was asked for. */
export interface TransferRow {
  readonly callId: CallId;
  readonly n: number;
  readonly at: number;
  readonly how: 'blind' | 'consult';
  readonly via: 'page' | 'phone';
  readonly agentId: AgentId | undefined;
  readonly extensionId: ExtensionId | undefined;
  /** The queue by which the call had come to the one who transferred it. */
  readonly queueId: QueueId | undefined;
  readonly to: TransferredTo;
  /** How long that one had talked. */
  readonly talkedMs: number;
  /** Nobody took it: it came back. */
  readonly isReturned: boolean;
  /** To another queue within {@link MISROUTED_MS}: the call had come to the wrong one. */
  readonly isMisrouted: boolean;
  readonly test: boolean;
}

type Part = Omit<TalkRow, 'n' | 'endedAt' | 'talkMs' | 'holdMs' | 'ending' | 'test' | 'callId'>;

/** Who talked how long, and who sent the call on. None while the call goes on: each counts once, when all of it is known. */
export function foldTalks(ordered: readonly CallEvent[]): {
  readonly talks: readonly TalkRow[];
  readonly transfers: readonly TransferRow[];
} {
  const arrived = ordered.find((event) => event.kind === 'call-arrived');
  const isOver = ordered.some((event) => event.kind === 'call-ended');
  if (arrived?.kind !== 'call-arrived' || !isOver) return { talks: [], transfers: [] };
  const book = new Book(arrived.callId, arrived.test ?? false);
  for (const event of ordered) book.take(event);
  return { talks: book.talks, transfers: book.transfers };
}

class Book {
  readonly talks: TalkRow[] = [];
  readonly transfers: TransferRow[] = [];
  readonly #legs = new Map<ChannelId, Extract<CallEvent, { kind: 'leg-started' }>>();
  readonly #gone = new Set<ChannelId>();
  readonly #open = new Map<ChannelId, Part>();
  readonly #holds = new Map<ChannelId, { since: number | undefined; ms: number }>();
  readonly #sending = new Set<ChannelId>();
  #anchor: ChannelId | undefined;
  #queue: QueueId | undefined;

  constructor(
    private readonly callId: CallId,
    private readonly test: boolean,
  ) {}

  take(event: CallEvent): void {
    switch (event.kind) {
      case 'leg-started':
        this.#legs.set(event.leg, event);
        if (event.role === 'caller') this.#anchor ??= event.leg;
        return;
      case 'leg-ended':
        this.#gone.add(event.leg);
        return;
      case 'queue-entered':
        // The line that rings agents; it is left only after the talk has begun.
        this.#queue = event.queueId;
        return;
      case 'connected':
        // Twice where a process was killed before it wrote down what it had told, and the next one told it again.
        if (this.#open.get(event.leg)?.kind === 'talk') return;
        this.#begin(event.leg, event.agentId, 'talk', event.at);
        return;
      case 'consult-answered':
        this.#begin(event.leg, event.agentId, 'consult', event.at);
        return;
      case 'consult-ended':
        if (this.#open.get(event.leg)?.kind === 'consult') this.#end(event.leg, event.at, 'over');
        return;
      case 'party-left':
        this.#end(event.leg, event.at, this.#sending.has(event.leg) ? 'transferred' : 'left');
        return;
      case 'anchored':
        this.#anchored(event.leg);
        return;
      case 'held':
        this.#hold(event.leg, event.at);
        return;
      case 'resumed':
        this.#resume(event.leg, event.at);
        return;
      case 'transferred':
        this.#transfer(event);
        return;
      case 'parked':
        this.#sending.add(event.by);
        return;
      case 'transfer-returned':
        if (event.reason !== 'park-timeout') this.#returned();
        return;
      case 'disconnected':
      case 'call-ended':
        for (const leg of [...this.#open.keys()])
          this.#end(leg, event.at, this.#sending.has(leg) ? 'transferred' : 'over');
        this.#sending.clear();
        return;
      default:
        return;
    }
  }

  #begin(leg: ChannelId, agent: AgentId | undefined, kind: Part['kind'], at: number): void {
    const known = this.#legs.get(leg);
    // In a conference room nobody but the caller is part of the call.
    if (known?.role === 'caller' && agent === undefined) return;
    if (this.#open.has(leg)) this.#end(leg, at, 'over');
    this.#holds.delete(leg);
    this.#open.set(leg, {
      leg,
      kind,
      agentId: agent ?? known?.agentId,
      extensionId: known?.extensionId,
      queueId: known?.role === 'agent' ? this.#queue : undefined,
      startedAt: at,
    });
  }

  /** The agent who dialled out is noted with the number that was dialled: the part goes on at the phone. */
  #anchored(leg: ChannelId): void {
    const part = this.#open.get(leg);
    const phone = this.#anchor;
    this.#anchor = leg;
    if (part === undefined || phone === undefined || this.#legs.get(leg)?.role !== 'outside')
      return;
    this.#open.delete(leg);
    if (this.#gone.has(phone)) return;
    const extensionId = this.#legs.get(phone)?.extensionId;
    this.#open.set(phone, { ...part, leg: phone, extensionId });
  }

  #hold(leg: ChannelId, at: number): void {
    const hold = this.#holds.get(leg) ?? { since: undefined, ms: 0 };
    hold.since ??= at;
    this.#holds.set(leg, hold);
  }

  #resume(leg: ChannelId, at: number): void {
    const hold = this.#holds.get(leg);
    if (hold?.since === undefined) return;
    hold.ms += Math.max(0, at - hold.since);
    hold.since = undefined;
  }

  #end(leg: ChannelId, at: number, ending: TalkRow['ending']): void {
    const part = this.#open.get(leg);
    if (part === undefined) return;
    this.#open.delete(leg);
    this.#resume(leg, at);
    this.talks.push({
      ...part,
      callId: this.callId,
      n: this.talks.length,
      endedAt: at,
      talkMs: Math.max(0, at - part.startedAt),
      holdMs: this.#holds.get(leg)?.ms ?? 0,
      ending,
      test: this.test,
    });
  }

  #transfer(event: Extract<CallEvent, { kind: 'transferred' }>): void {
    const part = this.#open.get(event.by);
    this.#sending.add(event.by);
    const talkedMs = part === undefined ? 0 : Math.max(0, event.at - part.startedAt);
    const queueId = part?.queueId;
    const isOtherQueue = event.to.kind === 'queue' && Number(queueId) !== event.to.id;
    this.transfers.push({
      callId: this.callId,
      n: this.transfers.length,
      at: event.at,
      how: event.how,
      via: event.via,
      agentId: event.agentId,
      extensionId: event.extensionId,
      queueId,
      to: event.to,
      talkedMs,
      isReturned: false,
      isMisrouted: queueId !== undefined && isOtherQueue && talkedMs <= MISROUTED_MS,
      test: this.test,
    });
  }

  #returned(): void {
    const last = this.transfers.at(-1);
    if (last !== undefined) this.transfers[last.n] = { ...last, isReturned: true };
  }
}
