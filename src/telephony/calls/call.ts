import type { CallEventBody, Language, Ledger } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import {
  newEventId,
  type AgentId,
  type CallId,
  type QueueId,
  type TrunkId,
} from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf, Inbox } from '../ari/events.js';
import { AriError, type AriPort } from '../ari/port.js';
import type { LiveCall } from '../live.js';
import type { CallContext } from './call-context.js';
import type { CallFacts, Journal } from './journal.js';
import type { Leg } from './leg.js';
import type { Stage } from './stage.js';

interface CallDependencies {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly journal: Journal;
  /** Told whenever what pages show of the call has changed. */
  readonly onChange: () => void;
}

/** How long a channel that is hung up may take to be gone. */
export const HANGUP_LIMIT_MS = 5_000;

/**
 * One call, from StasisStart to the end of its last leg. Its scope owns everything that it starts; the caller's hangup
 * cancels the scope with {@link hangupCause} set.
 */
export class Call {
  readonly id: CallId;
  readonly ari: AriPort;
  readonly clock: Clock;
  language: Language;
  answered: boolean;
  stage: Stage;
  stageSince: number;
  /** Keys pressed so far, with the labels of the steps that they led to. */
  readonly path: string[];
  /** What the caller entered and what was looked up, for whoever takes the call. */
  context: CallContext;
  /** Channels that were called for this call, by id. */
  readonly legs = new Map<CallFacts['channel'], Leg>();
  /** Set when the caller's channel is gone. */
  gone = false;
  /** The caller's side asked for the end, before we did. */
  hungUpByCaller = false;
  /** Why we ended it, where that was nobody's hanging up. */
  endedFor: string | undefined;
  /** Q.850 cause of the caller's side, once it is known. */
  hangupCause = 16;
  /** When the caller's side hung up. */
  goneAt: number | undefined;
  /** Shown on pages. */
  agentId: AgentId | undefined;
  queueId: QueueId | undefined;
  trunkId: TrunkId | undefined;
  other: string | undefined;
  connectedAt: number | undefined;
  recording = false;
  /** A voicemail message was left: hanging up afterwards is no abandoning. */
  messageLeft = false;
  /** A callback was promised: hanging up afterwards is no abandoning. */
  callbackAsked = false;
  #seq: number;
  #scope: Scope | undefined;
  #digits: Inbox<AriEventOf<'ChannelDtmfReceived'>> | undefined;

  constructor(
    readonly facts: CallFacts,
    private readonly deps: CallDependencies,
    start: {
      language: Language;
      answered: boolean;
      seq: number;
      path: readonly string[];
      context?: CallContext;
      stage: Stage;
    },
  ) {
    this.id = facts.id;
    this.ari = deps.ari;
    this.clock = deps.clock;
    this.language = start.language;
    this.answered = start.answered;
    this.#seq = start.seq;
    this.path = [...start.path];
    this.context = start.context ?? [];
    this.stage = start.stage;
    this.stageSince = deps.clock.now();
    this.trunkId = facts.trunkId;
  }

  /** The call's own scope: ends when the caller is gone and everything has been cleared away. */
  get scope(): Scope {
    if (this.#scope === undefined) throw new Error('the call does not run yet');
    return this.#scope;
  }
  /** Keys that the caller pressed and that no stage has read yet, so that pressing ahead works. */
  get digits(): Inbox<AriEventOf<'ChannelDtmfReceived'>> {
    if (this.#digits === undefined) throw new Error('the call does not run yet');
    return this.#digits;
  }
  get channel(): CallFacts['channel'] {
    return this.facts.channel;
  }

  open(scope: Scope): void {
    this.#scope = scope;
    this.#digits = this.ari.events.inbox(scope, this.channel, ['ChannelDtmfReceived']);
  }

  /** Writes one line of the ledger. `at`: when it happened, where that was not just now. */
  record(body: CallEventBody, at: number = this.clock.now()): void {
    this.deps.ledger.append({ ...body, id: newEventId(), callId: this.id, seq: this.#seq++, at });
  }

  /** Enters a stage, or notes that the present one has changed: the journal first, then the pages. */
  enter(stage: Stage): void {
    if (stage.kind !== this.stage.kind) this.stageSince = this.clock.now();
    this.stage = stage;
    this.save();
    this.changed();
  }

  save(): void {
    this.deps.journal.write({
      facts: this.facts,
      language: this.language,
      answered: this.answered,
      seq: this.#seq,
      path: this.path,
      context: this.context,
      stage: this.stage,
      writtenAt: this.clock.now(),
    });
  }

  changed(): void {
    this.deps.onChange();
  }

  /** Answers the caller's channel; twice does nothing twice. */
  async answer(): Promise<void> {
    if (this.answered) return;
    await this.ari.answer(this.channel);
    this.answered = true;
    this.record({ kind: 'leg-answered', leg: this.channel });
  }

  /** Hangs a channel up; that it is gone already is what was wanted. */
  async hangup(channel: CallFacts['channel'], cause = 16): Promise<void> {
    try {
      await this.ari.hangup(channel, cause);
    } catch (error) {
      if (!(error instanceof AriError && error.failure === 'gone')) throw error;
    }
  }

  get live(): LiveCall {
    const optional = {
      ...(this.queueId === undefined ? {} : { queueId: this.queueId }),
      ...(this.agentId === undefined ? {} : { agentId: this.agentId }),
      ...(this.other === undefined ? {} : { other: this.other }),
      ...(this.trunkId === undefined ? {} : { trunkId: this.trunkId }),
      ...(this.connectedAt === undefined ? {} : { connectedAt: this.connectedAt }),
    };
    return {
      id: this.id,
      direction: this.facts.direction,
      from: this.facts.from,
      fromName: this.facts.fromName,
      to: this.facts.to,
      stage: this.stage.kind,
      path: this.path,
      ...(this.context.length === 0 ? {} : { context: this.context }),
      language: this.language,
      startedAt: this.facts.startedAt,
      stageSince: this.stageSince,
      recording: this.recording,
      ...optional,
    };
  }
}
