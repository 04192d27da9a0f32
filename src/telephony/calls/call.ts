import type { CallEventBody, Language, Ledger, LegSound } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import {
  newEventId,
  type AgentId,
  type BridgeId,
  type CallId,
  type ExtensionId,
  type QueueId,
  type RecordingId,
  type TrunkId,
  type ChannelId,
} from '../../kernel/ids.js';
import { NO_CONTROL, type RecordingControl } from '../../engines/recording/control.js';
import type { Seat } from '../../engines/talk/talk.js';
import type { Hop } from '../../engines/reach/reach.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf, Inbox } from '../ari/events.js';
import { AriError, quietly, type AriPort } from '../ari/port.js';
import type { LiveCall, LiveMonitor } from '../live.js';
import type { CallContext } from './call-context.js';
import { NO_FLOWS, type FlowMemory } from './flow-memory.js';
import type { CallAnchor, CallFacts, Journal, JournalEntry, PendingTransfer } from './journal.js';
import type { Leg } from './leg.js';
import type { Ringing } from './ringing.js';
import type { Stage } from './stage.js';
import type { TalkDesk } from './talk-desk.js';

interface CallDependencies {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly journal: Journal;
  /** Told whenever what pages show of the call has changed. */
  readonly onChange: () => void;
}

/** Whom a call is about at first: whoever called; in a campaign whoever was called. */
function firstAnchor({ channel, from, fromName, to, campaign }: CallFacts): CallAnchor {
  return campaign === undefined
    ? { channel, number: from, name: fromName }
    : { channel, number: to, name: campaign.person };
}

/** How long a channel that is hung up may take to be gone. */
export const HANGUP_LIMIT_MS = 5_000;

/** What a phone's keys say during a talk: hold, transfer, digits. */
export type PhoneKey = AriEventOf<
  'ChannelHold' | 'ChannelUnhold' | 'ChannelTransfer' | 'ChannelDtmfReceived'
>;

/**
 * One call, from StasisStart to the end of its last leg. Its scope owns everything that it starts; the anchor's hangup
 * cancels the scope with {@link hangupCause} set, unless others talk on.
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
  /** How the call was sent on since somebody last talked, oldest first: no call goes round. */
  hops: readonly Hop[];
  /** What the flows that it went through leave for the next one. */
  flows: FlowMemory;
  /** The slot that it is being brought to. */
  parksAt: string | undefined;
  /** Until when it waits at a slot. */
  parkedUntil: number | undefined;
  /** Phones that ring for it now, or may take it. */
  ringing: Ringing | undefined;
  /** Channels that were called for this call, by id. */
  readonly legs = new Map<CallFacts['channel'], Leg>();
  /** The talk that goes on now: takes what its people ask for. */
  talk: TalkDesk | undefined;
  /** Somebody sent the call on, and nobody has taken it yet. */
  transfer: PendingTransfer | undefined;
  /** The bridge in which this process has put both sides of a talk. */
  bridged: BridgeId | undefined;
  /** How the last ringing of the call ended, unless it was answered. */
  lastDial: string | undefined;
  /** Two people have talked: the call was answered, whatever comes after. */
  hasTalked: boolean;
  /** The anchor lives on in another call: it is not to be hung up. */
  isGivenAway = false;
  /** Set when the anchor's channel is gone. */
  gone = false;
  /** The caller's side asked for the end, before we did. */
  hungUpByCaller = false;
  /** Why we ended it, where that was nobody's hanging up. */
  endedFor: string | undefined;
  /** Q.850 cause of the caller's side, once it is known. */
  hangupCause = 16;
  /** When the caller's side hung up. */
  goneAt: number | undefined;
  /** How the anchor has sounded, where we hang it up. */
  anchorSound: LegSound | undefined;
  /** Shown on pages. */
  agentId: AgentId | undefined;
  queueId: QueueId | undefined;
  trunkId: TrunkId | undefined;
  other: string | undefined;
  connectedAt: number | undefined;
  recording = false;
  /** Supervisors who hear it. */
  monitors: readonly LiveMonitor[] = [];
  /** Told of everybody's seat in its talk whenever somebody gets another one. */
  readonly seated = new Set<(seats: ReadonlyMap<CallFacts['channel'], Seat>) => void>();
  /** A call for help. */
  isForHelp = false;
  /** What people asked of the recording: it goes on with the call. */
  recordingControl: RecordingControl;
  /** Whoever is outside was told of it, and stayed or wants none. */
  recordingTold: JournalEntry['recordingTold'];
  /** Messages that are in the ledger: each once, whoever hears last that it is over. */
  readonly notedMessages = new Set<RecordingId>();
  /** A voicemail message was left: hanging up afterwards is no abandoning. */
  messageLeft = false;
  /** A callback was promised: hanging up afterwards is no abandoning. */
  callbackAsked = false;
  /** The line in which the ledger says that it waits, and since when. */
  #inLine: { readonly queueId: QueueId; readonly since: number } | undefined;
  #seq: number;
  #anchor: CallAnchor;
  #scope: Scope | undefined;
  #watch: Scope | undefined;
  /** What phones say from their bridging on, until the talk reads it. */
  readonly phoneKeys = new Map<ChannelId, Inbox<PhoneKey>>();
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
      hops?: readonly Hop[];
      flows?: FlowMemory;
      stage: Stage;
      anchor?: CallAnchor;
      hasTalked?: boolean;
      transfer?: PendingTransfer;
      recordingControl?: RecordingControl;
      recordingTold?: JournalEntry['recordingTold'];
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
    this.hops = start.hops ?? [];
    this.flows = start.flows ?? NO_FLOWS;
    this.stage = start.stage;
    this.stageSince = deps.clock.now();
    const { stage } = start;
    if (stage.kind === 'queue' && stage.enteredAt !== undefined)
      this.#inLine = { queueId: stage.queue, since: stage.enteredAt };
    this.trunkId = facts.trunkId;
    this.#anchor = start.anchor ?? firstAnchor(facts);
    this.hasTalked = start.hasTalked ?? false;
    this.transfer = start.transfer;
    this.recordingControl = start.recordingControl ?? NO_CONTROL;
    this.recordingTold = start.recordingTold;
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
  /** The channel that the call is about: the caller's, until the caller's phone leaves a talk that goes on. */
  get channel(): CallFacts['channel'] {
    return this.#anchor.channel;
  }
  /** Who is at that channel: what phones show that ring for the call. */
  get anchor(): CallAnchor {
    return this.#anchor;
  }
  /** Trunks of which the call uses a channel, each as often as it does. */
  get trunks(): readonly TrunkId[] {
    const { facts, legs, trunkId } = this;
    const atAnchor = facts.channel === this.channel ? facts.trunkId : this.#anchor.party?.trunkId;
    const own = this.gone ? undefined : atAnchor;
    const used = [own, ...[...legs.values()].map(({ partner }) => partner.trunkId)].filter(
      (id) => id !== undefined,
    );
    // One that is just being dialled has no leg yet.
    const isCounted = trunkId === undefined || trunkId === facts.trunkId || used.includes(trunkId);
    return isCounted ? used : [...used, trunkId];
  }
  /** The extension whose phone the call is about, where it is one. */
  get extensionAtAnchor(): ExtensionId | undefined {
    const { facts } = this;
    return this.channel === facts.channel ? facts.extensionId : this.#anchor.party?.extensionId;
  }
  /** Whoever is outside does not want to be recorded. */
  get recordingDeclined(): boolean {
    return this.recordingTold === 'declined';
  }
  /** A test call of a flow's draft: it changes nothing for those who really call. */
  get isTest(): boolean {
    return this.facts.trial !== undefined;
  }
  /** What time it is for the caller, in ms since the epoch: a test call may pretend another one. */
  get wallNow(): number {
    return this.clock.now() + (this.facts.trial?.shiftMs ?? 0);
  }

  /** What somebody has still to deal with when the caller is gone. */
  get kept(): 'voicemail' | 'callback' | undefined {
    if (this.callbackAsked) return 'callback';
    return this.messageLeft ? 'voicemail' : undefined;
  }

  open(scope: Scope): void {
    this.#scope = scope;
    this.#watchAnchor(scope);
  }

  /**
   * From now on the call is about another channel, which is not a leg any more. The former one is no longer watched: whoever
   * calls this makes it a leg, or it is gone.
   */
  moveTo(anchor: CallAnchor): void {
    const { channel } = anchor;
    this.legs.get(channel)?.detach();
    this.#anchor = anchor;
    this.#watch?.cancel('another anchor');
    this.#watchAnchor(this.scope);
    this.record({ kind: 'anchored', leg: channel, number: anchor.number, name: anchor.name });
  }

  /** The anchor lives on in another call. */
  giveAway(): void {
    this.isGivenAway = true;
    this.#watch?.cancel('given away');
  }

  #watchAnchor(scope: Scope): void {
    const { channel } = this;
    scope.fork('anchor', async (watch) => {
      this.#watch = watch;
      this.#digits = this.ari.events.inbox(watch, channel, ['ChannelDtmfReceived']);
      const events = this.ari.events.inbox(watch, channel, [
        'StasisEnd',
        'ChannelDestroyed',
        'ChannelHangupRequest',
        'ChannelTransfer',
      ]);
      for (;;) {
        const event = await events.next();
        if (event.type === 'ChannelTransfer') {
          // Only a talk knows what to do with it, and listens itself.
          if (this.talk === undefined) await this.declineTransfer(channel);
          continue;
        }
        // 32 is our own soft hangup, not a Q.850 cause.
        if (event.type === 'ChannelHangupRequest') {
          if (event.cause !== 32) {
            this.hangupCause = event.cause;
            this.hungUpByCaller = true;
          }
          continue;
        }
        if (event.type === 'ChannelDestroyed' && event.cause !== 0) this.hangupCause = event.cause;
        if (this.talk?.outlives(channel) !== true) this.end();
        return;
      }
    });
  }

  /** The anchor is gone: everything that the call started stops. */
  end(): void {
    if (this.gone) return;
    this.gone = true;
    this.goneAt = this.clock.now();
    this.scope.cancel(`caller hung up, cause ${String(this.hangupCause)}`);
  }

  async declineTransfer(channel: CallFacts['channel']): Promise<void> {
    await quietly(() => this.ari.transferProgress(channel, 'declined'));
  }

  /** Writes one line of the ledger. `at`: when it happened, where that was not just now. */
  record(body: CallEventBody, at: number = this.clock.now()): void {
    if (body.kind === 'queue-entered') this.#inLine = { queueId: body.queueId, since: at };
    if (body.kind === 'queue-left') this.#inLine = undefined;
    this.deps.ledger.append({ ...body, id: newEventId(), callId: this.id, seq: this.#seq++, at });
  }

  /** Whoever waited when the call ended, and whose stage was not running then: an outage had broken it off. */
  leaveLine(reason: string, at: number): void {
    if (this.#inLine === undefined) return;
    const { queueId, since } = this.#inLine;
    const waitedMs = Math.max(0, at - since);
    this.record({ kind: 'queue-left', queueId, outcome: 'abandoned', reason, waitedMs }, at);
  }

  /** Enters a stage, or notes that the present one has changed: the journal first, then the pages. */
  enter(stage: Stage): void {
    if (stage.kind !== this.stage.kind) this.stageSince = this.clock.now();
    // Whoever answered may send the caller to anybody, also back.
    if (stage.kind === 'talk') {
      this.hops = [];
      if (this.flows.entered > 0) this.flows = { ...this.flows, entered: 0 };
    }
    this.parksAt = undefined;
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
      hops: this.hops,
      ...(this.flows === NO_FLOWS ? {} : { flows: this.flows }),
      stage: this.stage,
      ...(this.channel === this.facts.channel ? {} : { anchor: this.#anchor }),
      ...(this.hasTalked ? { hasTalked: true } : {}),
      ...(this.transfer === undefined ? {} : { transfer: this.transfer }),
      ...(this.recordingControl === NO_CONTROL ? {} : { recordingControl: this.recordingControl }),
      ...(this.recordingTold === undefined ? {} : { recordingTold: this.recordingTold }),
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

  get #liveTransfer(): Pick<LiveCall, 'transfer'> {
    if (this.transfer === undefined) return {};
    const { to, returned } = this.transfer;
    return { transfer: { to, ...(returned === undefined ? {} : { returned }) } };
  }

  get #liveCampaign(): Pick<LiveCall, 'campaign'> {
    const { campaign: about } = this.facts;
    if (about === undefined) return {};
    const { campaign: id, name, attempt, lead, contact } = about;
    return { campaign: { id, name, attempt, lead, contact } };
  }

  get #liveRinging(): Pick<LiveCall, 'ringsAt'> {
    const ringsAt = this.ringing?.extensions ?? [];
    return ringsAt.length === 0 ? {} : { ringsAt };
  }

  get #liveParked(): Pick<LiveCall, 'parked'> {
    const { stage, parkedUntil: until } = this;
    if (stage.kind !== 'parked' || stage.since === undefined || until === undefined) return {};
    return { parked: { slot: stage.slot, since: stage.since, until } };
  }

  get live(): LiveCall {
    const optional = {
      ...(this.queueId === undefined ? {} : { queueId: this.queueId }),
      ...(this.agentId === undefined ? {} : { agentId: this.agentId }),
      ...(this.other === undefined ? {} : { other: this.other }),
      ...(this.trunkId === undefined ? {} : { trunkId: this.trunkId }),
      ...(this.connectedAt === undefined ? {} : { connectedAt: this.connectedAt }),
      ...(this.channel === this.facts.channel && this.facts.campaign === undefined
        ? {}
        : { about: { number: this.#anchor.number, name: this.#anchor.name } }),
      ...this.#liveCampaign,
      ...(this.talk === undefined ? {} : { talk: this.talk.live }),
      ...(this.monitors.length === 0 ? {} : { monitors: this.monitors }),
      ...this.#liveTransfer,
      ...this.#liveParked,
      ...this.#liveRinging,
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
      ...(this.hops.length === 0 ? {} : { forwardedBy: this.hops.map((hop) => hop.from) }),
      recording: this.recording,
      ...(this.isForHelp ? { isForHelp: true as const } : {}),
      ...optional,
    };
  }
}
