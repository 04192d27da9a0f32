import {
  EMPTY_ROOM,
  memberOf,
  membersIn,
  stepRoom,
  type RoomEffect,
  type RoomEvent,
  type RoomMember,
  type RoomNews,
  type RoomRecording,
  type RoomRefusal,
  type RoomRules,
  type RoomState,
  type SentAway,
} from '../../../engines/conference/room.js';
import type { ConferenceChange } from '../../../kernel/call-event.js';
import type { Clock } from '../../../kernel/clock.js';
import {
  derivedId,
  newChannelId,
  newPlaybackId,
  type BridgeId,
  type CallId,
  type ChannelId,
  type ConferenceId,
} from '../../../kernel/ids.js';
import { AriError, quietly, type AriPort } from '../../ari/port.js';
import type { RoomActor, RoomStore } from '../../conference-rooms.js';
import type { ConferenceConfig } from '../../directory.js';
import type { LiveInvite, LiveRoom } from '../../live.js';
import type { Call } from '../call.js';
import type { PromptLibrary } from '../prompts.js';
import type { CallLog } from '../services.js';
import { newsMedia } from './room-sounds.js';

/** The bridge of a room: the same for every process, so that one that takes calls up finds it. */
export const bridgeOfRoom = (room: ConferenceId): BridgeId =>
  `${derivedId(0, `conference ${String(room)}`)}-bridge` as BridgeId;

/** Who is in a room, as its call sees it. */
export interface Seat {
  readonly call: Call;
  /** The host is there: no music any more. */
  admit(): void;
  /** Not in the room any more, and told why. */
  sendAway(why: SentAway): void;
}

export interface RoomParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly prompts: PromptLibrary;
  readonly store: RoomStore;
  readonly onChange: () => void;
}

/** A room that is not configured any more goes on by these, until the last one leaves. */
const PLAIN_RULES: RoomRules = {
  maxMembers: 0,
  guestsWait: false,
  endsWithHost: false,
  records: 'on-demand',
};

const rulesOf = ({ maxMembers, hostPin, guestsWait, endsWithHost, records }: ConferenceConfig) => ({
  ...{ maxMembers, records },
  guestsWait: guestsWait && hostPin !== '',
  endsWithHost: endsWithHost && hostPin !== '',
});

/**
 * One room: takes what is asked for at once, and carries it out at its node, one thing after the other. What it knows is written
 * down before anything is done, so that another process goes on with it.
 */
export class OpenRoom {
  #state: RoomState;
  readonly #seats = new Map<CallId, Seat>();
  /** Sent away before their calls had been taken up again. */
  readonly #dismissed = new Map<CallId, SentAway>();
  readonly #talking = new Set<CallId>();
  readonly #invites = new Map<CallId, LiveInvite>();
  #work: Promise<void> = Promise.resolve();
  /** This process has made it; a former one may have. */
  #hasBridge = false;
  #companion: { readonly of: ChannelId; readonly channel: ChannelId } | undefined;
  #mayHaveBridge: boolean;

  constructor(
    readonly id: ConferenceId,
    private readonly ari: AriPort,
    private readonly config: () => ConferenceConfig | undefined,
    private readonly parts: RoomParts,
    found?: RoomState,
  ) {
    this.#state = found ?? EMPTY_ROOM;
    this.#mayHaveBridge = found !== undefined;
  }

  get state(): RoomState {
    return this.#state;
  }

  get live(): LiveRoom | undefined {
    const { members, isLocked, recording } = this.#state;
    if (members.length === 0) return undefined;
    return {
      id: this.id,
      isLocked,
      ...(recording === undefined ? {} : { recordedSince: recording.startedAt }),
      members: members.map(({ call, role, number, name, joinedAt, place, isMuted }) => ({
        ...{ call, role, number, name, joinedAt, isMuted },
        isWaiting: place === 'waiting',
        isTalking: place === 'in' && !isMuted && this.#talking.has(call),
      })),
      invites: [...this.#invites.values()],
    };
  }

  /**
   * Somebody wants in, or was in before a restart: the place, or why not. Whoever gets one is told through the seat what
   * becomes of it.
   */
  take(
    seat: Seat,
    member: Extract<RoomEvent, { kind: 'join' }>['member'],
    { isBack, isInvited }: { readonly isBack: boolean; readonly isInvited: boolean },
  ): RoomMember | RoomRefusal | SentAway {
    const { call } = seat;
    const dismissed = this.#dismissed.get(call.id);
    if (dismissed !== undefined) {
      this.#dismissed.delete(call.id);
      return dismissed;
    }
    this.#seats.set(call.id, seat);
    const refusal = this.#step({ kind: 'join', member, isBack, isInvited });
    const taken = memberOf(this.#state, call.id);
    if (refusal === undefined && taken !== undefined) return taken;
    this.#seats.delete(call.id);
    return refusal ?? 'not-in-room';
  }

  /** Resolves when the others hear it. */
  async enter(seat: Seat, recording: Extract<RoomEvent, { kind: 'entered' }>['recording']) {
    const { call } = seat;
    const bridge = bridgeOfRoom(this.id);
    await this.#inTurn(async () => {
      if (!this.#hasBridge)
        await this.ari.createBridge(bridge, `conference-${String(this.id)}`, 'many');
      this.#hasBridge = this.#mayHaveBridge = true;
      await this.ari.addToConference(bridge, [call.channel]);
    });
    this.#step({ kind: 'entered', call: call.id, recording }, call);
  }

  /** Whoever was in it before a restart still is: what was beside the bridge is made again. */
  stays(): void {
    void this.#quietly(() => this.#accompany());
  }

  /** Resolves when everything that this means is done. `scribe`: the call in whose ledger it is told. */
  async leave(call: CallId, scribe: Call | undefined): Promise<void> {
    this.#talking.delete(call);
    this.#step({ kind: 'leave', call }, scribe);
    this.#seats.delete(call);
    await this.#work;
  }

  /** Carries out what somebody asks for; why not, where it is refused. What is so already is done. */
  ask(
    event: Extract<
      RoomEvent,
      { kind: 'mute' | 'mute-guests' | 'lock' | 'record' | 'stop-recording' | 'remove' | 'end' }
    >,
    by: RoomActor,
  ): RoomRefusal | undefined {
    const about =
      event.kind === 'mute' || event.kind === 'remove'
        ? [this.#seats.get(event.call)]
        : [...this.#seats.values()];
    const [anybody] = this.#seats.values();
    return this.#step(event, anybody?.call, () => {
      for (const seat of about) this.#note(seat, changeOf(event), by);
    });
  }

  /** Plays to everybody in the room. */
  tell(news: RoomNews): void {
    void this.#inTurn(() => this.#tell(news));
  }

  talks(call: CallId, isTalking: boolean): void {
    if (this.#talking.has(call) === isTalking) return;
    if (isTalking) this.#talking.add(call);
    else this.#talking.delete(call);
    this.parts.onChange();
  }

  /** Shows how it goes on with somebody who is asked to come; undefined: that is known by now. */
  showInvite(call: CallId, invite: LiveInvite | undefined): void {
    if (invite === undefined) this.#invites.delete(call);
    else this.#invites.set(call, invite);
    this.parts.onChange();
  }

  /** Steps; `told` is called where something has changed, before it is done. */
  #step(event: RoomEvent, scribe?: Call, told?: () => void): RoomRefusal | undefined {
    const config = this.config();
    const rules = config === undefined ? PLAIN_RULES : rulesOf(config);
    const step = stepRoom(this.#state, rules, event, this.parts.clock.now());
    if (!step.ok) return step.why;
    if (step.state === this.#state) return undefined;
    told?.();
    this.#noteRecorded(this.#state, step.state, scribe);
    this.#state = step.state;
    const { id } = this;
    if (step.state.members.length === 0) this.parts.store.remove(id);
    else this.parts.store.write({ id, state: step.state });
    for (const { call, place } of step.state.members) {
      const seat = this.#seats.get(call);
      if (seat) seat.call.recording = place === 'in' && step.state.recording !== undefined;
    }
    void this.#quietly(() => this.#accompany());
    for (const effect of step.effects) this.#carryOut(effect, scribe);
    this.parts.onChange();
    return undefined;
  }

  #carryOut(effect: RoomEffect, scribe: Call | undefined): void {
    switch (effect.kind) {
      case 'admit':
        this.#seats.get(effect.call)?.admit();
        return;
      case 'send-away': {
        const seat = this.#seats.get(effect.call);
        if (seat === undefined) this.#dismissed.set(effect.call, effect.why);
        else seat.sendAway(effect.why);
        return;
      }
      case 'mute':
        void this.#quietly(() => this.#mute(effect.member, effect.isMuted));
        return;
      case 'tell':
        this.tell(effect.news);
        return;
      case 'start-recording':
        void this.#quietly(() => this.#startRecording(effect.recording));
        return;
      case 'stop-recording':
        void this.#quietly(() => this.#stopRecording(effect.recording, scribe));
        return;
      case 'close':
        void this.#quietly(() => this.#close());
        return;
    }
  }

  async #close(): Promise<void> {
    if (!this.#mayHaveBridge || this.#state.members.length > 0) return;
    this.#hasBridge = this.#mayHaveBridge = false;
    await this.ari.destroyBridge(bridgeOfRoom(this.id));
  }

  /** The member hears what was done; that it cannot be played changes nothing. */
  async #mute({ call, channel }: RoomMember, isMuted: boolean): Promise<void> {
    await (isMuted ? this.ari.mute(channel) : this.ari.unmute(channel));
    const seat = this.#seats.get(call);
    const prompt = isMuted ? 'conference-muted' : 'conference-unmuted';
    const media = seat === undefined ? [] : this.parts.prompts.named(prompt, seat.call);
    if (media.length > 0 && memberOf(this.#state, call)?.place === 'in')
      await this.ari.play(channel, newPlaybackId(), media);
  }

  async #tell(news: RoomNews): Promise<void> {
    // In the language of whoever has been there longest.
    const [first] = membersIn(this.#state);
    const hearer = (first && this.#seats.get(first.call)?.call) ?? { language: 'en' as const };
    const announces = this.config()?.announces ?? 'none';
    const media = newsMedia(this.parts.prompts, announces, news, hearer);
    if (first === undefined || media.length === 0) return;
    await this.#orWarn('a room was not told something', () =>
      this.ari.playToBridge(bridgeOfRoom(this.id), newPlaybackId(), media),
    );
  }

  /**
   * Asterisk mixes three and more, with silence where nobody speaks; of two it passes on only what is sent, and a recording of
   * somebody alone would be as long as what was said. While it is recorded, one alone has a companion who says nothing.
   */
  async #accompany(): Promise<void> {
    const [only, ...others] = membersIn(this.#state);
    const isAlone = only !== undefined && others.length === 0;
    const of = isAlone && this.#state.recording !== undefined ? only.channel : undefined;
    if (of === this.#companion?.of) return;
    const former = this.#companion;
    this.#companion = undefined;
    if (of !== undefined) {
      const channel = newChannelId('snoop');
      await this.ari.snoop(of, channel, 'in');
      this.#companion = { of, channel };
      await this.ari.addListeners(bridgeOfRoom(this.id), [channel]);
    }
    // Most often it has gone with whom it accompanied.
    if (former !== undefined) await quietly(() => this.ari.hangup(former.channel));
  }

  async #startRecording({ id }: RoomRecording): Promise<void> {
    try {
      await this.ari.recordBridge(bridgeOfRoom(this.id), { name: fileOf(id), format: 'wav' });
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      const [seat] = this.#seats.values();
      seat?.call.record({ kind: 'recording-missing', reason: error.failure });
      this.#step({ kind: 'recording-failed', recording: id });
      return;
    }
    this.#step({ kind: 'recording-begun', recording: id });
  }

  /** `scribe`: where nobody is left in the room, the call of the one who was last. */
  async #stopRecording(begun: RoomRecording, scribe: Call | undefined): Promise<void> {
    const { clock, log } = this.parts;
    const recordedMs = Math.max(0, clock.now() - begun.startedAt);
    await this.#orWarn('a recording of a room was over already', () =>
      this.ari.stopRecording(fileOf(begun.id)),
    );
    const [seat] = this.#seats.values();
    const call = scribe ?? seat?.call;
    if (call === undefined)
      log.error({ recording: begun.id, alarm: 'recording-missing' }, 'a recording has no call');
    call?.record({
      kind: 'recording-ended',
      recordingId: begun.id,
      conferenceId: this.id,
      recordedMs,
      files: [fileOf(begun.id)],
      node: this.ari.node,
    });
  }

  #note(seat: Seat | undefined, what: ConferenceChange, by: RoomActor): void {
    const { via, name } = by;
    const { id: conferenceId } = this;
    seat?.call.record({ kind: 'conference-changed', conferenceId, what, via, by: name });
  }

  /** Those who are not recorded any more: how much of their calls is in the recording. */
  #noteRecorded(before: RoomState, after: RoomState, scribe: Call | undefined): void {
    const { recording } = before;
    if (recording === undefined) return;
    const { id: recordingId, startedAt } = recording;
    const goesOn = after.recording?.id === recordingId;
    for (const { call: id, enteredAt } of before.members) {
      if (enteredAt === undefined || (goesOn && memberOf(after, id) !== undefined)) continue;
      const call = this.#seats.get(id)?.call ?? (scribe?.id === id ? scribe : undefined);
      const until = call?.goneAt ?? this.parts.clock.now();
      const recordedMs = Math.max(0, until - Math.max(enteredAt, startedAt));
      const { id: conferenceId } = this;
      call?.record({ kind: 'conference-recorded', conferenceId, recordingId, recordedMs });
    }
  }

  #quietly(work: () => Promise<void>): Promise<void> {
    return this.#inTurn(() => this.#orWarn('a room could not be changed', work));
  }

  async #orWarn(message: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      const { failure, command } = error;
      this.parts.log.warn({ conference: this.id, failure, command }, message);
    }
  }

  /** One thing after the other; a failure is its own, not that of the next. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

/** Its name on the node. */
const fileOf = (id: RoomRecording['id']): string => `${id}-room`;

function changeOf(event: RoomEvent): ConferenceChange {
  switch (event.kind) {
    case 'mute':
      return event.isMuted ? 'muted' : 'unmuted';
    case 'lock':
      return event.isLocked ? 'locked' : 'unlocked';
    case 'mute-guests':
      return 'guests-muted';
    case 'record':
      return 'recording-on';
    case 'stop-recording':
      return 'recording-off';
    case 'remove':
      return 'removed';
    default:
      return 'ended';
  }
}
