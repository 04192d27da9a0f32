import type { LegSound } from '../../src/kernel/call-event.js';
import { checkedName } from '../../src/adapters/asterisk-ari/recordings.js';
import type { VirtualClock } from '../../src/kernel/clock.js';
import type { BridgeId, ChannelId, PlaybackId } from '../../src/kernel/ids.js';
import { AriEvents } from '../../src/telephony/ari/events.js';
import {
  AriError,
  type AriEvent,
  type AriFailure,
  type AriPort,
  type BridgeSnapshot,
  type ChannelSnapshot,
  type OriginateOptions,
  type RecordOptions,
  type StoredRecordings,
  type TransferProgress,
  type BridgeHolds,
} from '../../src/telephony/ari/port.js';
import { FakeAdmin } from './fake-asterisk-admin.js';
import {
  after,
  REFUSALS,
  silentWav,
  type FakeBridge,
  type FakeChannel,
  type FakePlayback,
  type FakeRecording,
  type FarEnd,
} from './fake-asterisk-model.js';

export type { FarEnd } from './fake-asterisk-model.js';

export interface Arrival {
  readonly id?: string;
  readonly callerNumber?: string;
  readonly callerName?: string;
  readonly exten?: string;
  /** The endpoint it comes from; default `trunk-1`. */
  readonly endpoint?: string;
  readonly args?: readonly string[];
}

/** As the adapter's default. */
const COMMAND_TIMEOUT_MS = 8000;
/** How long machine detection listens. */
const DETECTION_MS = 2_000;
const HTTP: Record<AriFailure, number> = { gone: 404, refused: 409, timeout: 0, unavailable: 0 };

/**
 * A small Asterisk in memory, behind the same port and with the same manners as the real one (the conformance suite
 * runs against both): commands resolve before their events come, playbacks queue and block bridging and variables,
 * everything that belongs to a channel ends with it. Time is a {@link VirtualClock}; nothing moves unless the test says so.
 */
export class FakeAsterisk implements AriPort {
  readonly node = 'fake-1';
  readonly listenerErrors: unknown[] = [];
  /** Whom it tells what happens: one program at a time. */
  events = this.newEvents();
  /** Channels of which no event arrives, though the connection is there. */
  readonly lostEventsOf = new Set<ChannelId>();
  readonly admin = new FakeAdmin();
  /** Every command in order: `play <channel> <playback> sound:a`. */
  readonly log: string[] = [];
  /** Milliseconds of a media name, or 'missing'. Default: 1 s, tones for ever. */
  readonly media = new Map<string, number | 'missing'>();
  readonly stored = new Map<string, Buffer>();
  readonly channels = new Map<ChannelId, FakeChannel>();
  readonly bridges = new Map<BridgeId, FakeBridge>();
  readonly playbacks = new Map<PlaybackId, FakePlayback>();
  readonly recordingsLive = new Map<string, FakeRecording>();
  readonly #farEnds: { readonly endpoint: string | RegExp; readonly farEnd: FarEnd }[] = [];
  readonly #failures: { readonly command: string; readonly failure: AriFailure }[] = [];
  /** Blocked commands by channel: a playback must end first. */
  readonly #blocked = new Map<ChannelId, Set<() => void>>();
  #down = false;
  #serial = 0;

  constructor(private readonly clock: VirtualClock) {}

  newEvents(): AriEvents {
    return new AriEvents((error) => this.listenerErrors.push(error));
  }

  // ---- what a test does to it -------------------------------------------------------------------------------------

  /** A call comes in and enters the application. */
  arrive(arrival: Arrival = {}): ChannelId {
    const id = (arrival.id ?? `fake-${String(++this.#serial)}.1`) as ChannelId;
    const channel = this.#makeChannel(
      id,
      `PJSIP/${arrival.endpoint ?? 'trunk-1'}-${String(++this.#serial).padStart(8, '0')}`,
      {
        callerNumber: arrival.callerNumber ?? '+442079460123',
        callerName: arrival.callerName ?? '',
        exten: arrival.exten ?? '+442079460000',
        appArgs: arrival.args ?? ['trunk'],
      },
    );
    channel.state = 'Ring';
    this.#enterStasis(channel);
    return id;
  }

  /** What originated channels to this endpoint meet; later rules win. Without a rule: unreachable. */
  farEnd(endpoint: string | RegExp, farEnd: FarEnd): void {
    this.#farEnds.unshift({ endpoint, farEnd });
  }

  /** The person at the far end presses keys, 100 ms each. */
  press(channel: ChannelId, digits: string): void {
    for (const digit of digits) {
      this.#emit({ type: 'ChannelDtmfReceived', channel, digit, durationMs: 100 });
      for (const [name, recording] of this.recordingsLive) {
        const stop = recording.options.terminateOn;
        if (recording.channel === channel && (stop === 'any' || stop === digit))
          this.#finishRecording(name);
      }
    }
  }

  /** The person speaks from now on for that long. */
  speak(channel: ChannelId, ms: number): void {
    this.#channel('speak', channel).speech.push({
      from: this.clock.now(),
      until: this.clock.now() + ms,
    });
    for (const [name, recording] of this.recordingsLive)
      if (recording.channel === channel) this.#timeRecording(name, recording);
  }

  /** Somebody at the channel begins to talk, or stops. */
  talk(channel: ChannelId, isTalking: boolean): void {
    if (!this.#channel('talk', channel).detectsTalking) return;
    this.#emit({ type: isTalking ? 'ChannelTalkingStarted' : 'ChannelTalkingFinished', channel });
  }

  /** The far end hangs up (or, before the answer, the caller gives up). */
  hangUpFarEnd(channel: ChannelId, cause = 16): void {
    this.#emit({ type: 'ChannelHangupRequest', channel, cause });
    const found = this.#channel('hangUpFarEnd', channel);
    this.#destroy(found, cause, found.state === 'Ring' ? 487 : 0);
  }

  /** A ringing far end answers now. */
  answerFarEnd(channel: ChannelId): void {
    this.#farEndAnswers(this.#channel('answerFarEnd', channel));
  }

  /** A ringing far end declines now. */
  declineFarEnd(channel: ChannelId, as: keyof typeof REFUSALS = 'declines'): void {
    this.#farEndRefuses(this.#channel('declineFarEnd', channel), as);
  }

  /** A tone is heard from the channel. */
  beep(channel: ChannelId): void {
    this.#emit({ type: 'ChannelToneDetected', channel });
  }

  hold(channel: ChannelId): void {
    this.#emit({ type: 'ChannelHold', channel });
  }

  unhold(channel: ChannelId): void {
    this.#emit({ type: 'ChannelUnhold', channel });
  }

  /** The phone asks for a transfer; `consult` is its other call, where the two are to be joined. */
  refer(channel: ChannelId, destination: string, consult?: ChannelId): void {
    this.#emit({
      type: 'ChannelTransfer',
      channel,
      destination,
      ...(consult === undefined ? {} : { consult }),
    });
  }

  /** The next call of this command is refused with the failure. */
  failNext(command: string, failure: AriFailure): void {
    this.#failures.push({ command, failure });
  }

  /** The connection is lost: commands are unavailable, events are lost. Channels live on. */
  goDown(): void {
    this.#down = true;
    this.events.publishConnection({ type: 'down', reason: 'test' });
  }

  comeUp(): void {
    this.#down = false;
    this.events.publishConnection({ type: 'up' });
  }

  /** Another process takes the application. */
  replace(): void {
    this.events.publishConnection({ type: 'replaced' });
  }

  /** The process that listened is gone: events go to the next one. */
  losesListener(): void {
    this.events = this.newEvents();
  }

  /** Everything that should be gone when all calls are over; empty is what a test expects. */
  leftovers(): string[] {
    return [
      ...[...this.channels.keys()].map((id) => `channel ${id}`),
      ...[...this.bridges.keys()].map((id) => `bridge ${id}`),
      ...[...this.playbacks.keys()].map((id) => `playback ${id}`),
      ...[...this.recordingsLive.keys()].map((name) => `recording ${name}`),
      ...[...this.#blocked.keys()].map((id) => `blocked command on ${id}`),
      ...(this.events.channels > 0 ? [`inboxes of ${String(this.events.channels)} channels`] : []),
      ...this.listenerErrors.map((error) => `listener error ${String(error)}`),
    ];
  }

  // ---- the port ---------------------------------------------------------------------------------------------------

  async answer(id: ChannelId): Promise<void> {
    const channel = this.#stasis('answer', id);
    if (channel.state === 'Up') return;
    channel.state = 'Up';
    channel.ringing = false;
    this.#emit({ type: 'ChannelStateChange', channel: id, state: 'Up' });
  }

  async ring(id: ChannelId): Promise<void> {
    this.#stasis('ring', id).ringing = true;
  }

  async hangup(id: ChannelId, cause = 16): Promise<void> {
    const channel = this.#command('hangup', id, String(cause));
    this.#emit({ type: 'ChannelHangupRequest', channel: id, cause: 32 });
    if (channel.farEnd && channel.state !== 'Up' && !channel.inStasis)
      this.#emit({ type: 'Dial', channel: id, progress: 'NOANSWER' });
    const refused = channel.state === 'Ring' && cause === 17;
    queueMicrotask(() => {
      if (this.channels.has(id)) this.#destroy(channel, cause, refused ? 486 : 0);
    });
  }

  async play(
    id: ChannelId,
    playback: PlaybackId,
    media: readonly string[],
    language = 'en',
  ): Promise<void> {
    this.#stasis('play', id, playback, ...media);
    const busy = this.#playing(id) !== undefined;
    const entry: FakePlayback = {
      id: playback,
      channel: id,
      media,
      language,
      cancelTimer: undefined,
    };
    this.playbacks.set(playback, entry);
    if (!busy) this.#startPlayback(entry);
  }

  async stopPlayback(playback: PlaybackId): Promise<void> {
    this.#enter('stopPlayback', playback);
    const entry = this.playbacks.get(playback);
    if (!entry) throw this.#error('stopPlayback', 'gone');
    this.#finishPlayback(entry, false);
  }

  async startMusic(id: ChannelId, musicClass: string): Promise<void> {
    this.#stasis('startMusic', id, musicClass).music = musicClass;
  }

  async stopMusic(id: ChannelId): Promise<void> {
    this.#stasis('stopMusic', id).music = undefined;
  }

  async originate(options: OriginateOptions): Promise<void> {
    const channel = this.#create('originate', options);
    this.#callFarEnd(channel, options.timeoutMs);
  }

  async createChannel(options: OriginateOptions): Promise<void> {
    const channel = this.#create('createChannel', options);
    channel.inStasis = true;
  }

  async dial(id: ChannelId, timeoutMs: number): Promise<void> {
    const channel = this.#stasis('dial', id);
    this.#callFarEnd(channel, timeoutMs);
  }

  async createBridge(id: BridgeId, name: string, holds: BridgeHolds = 'two'): Promise<void> {
    this.#enter('createBridge', id, name);
    // A bridge of this id that is there already stays as it is.
    if (!this.bridges.has(id)) this.bridges.set(id, { id, name, holds, channels: new Set() });
  }

  async destroyBridge(id: BridgeId): Promise<void> {
    const bridge = this.#bridge('destroyBridge', id);
    this.bridges.delete(id);
    for (const [name, recording] of this.recordingsLive)
      if (recording.bridge === id) this.#finishRecording(name);
    for (const member of bridge.channels) {
      const channel = this.channels.get(member);
      if (channel) channel.bridge = undefined;
      this.#emit({ type: 'ChannelLeftBridge', channel: member, bridge: id });
    }
  }

  async addToBridge(id: BridgeId, members: readonly ChannelId[]): Promise<void> {
    this.#bridge('addToBridge', id, ...members);
    for (const member of members) {
      this.#inStasis('addToBridge', member);
      await this.#playbacksEnded('addToBridge', member);
      const channel = this.#inStasis('addToBridge', member);
      const bridge = this.bridges.get(id);
      if (!bridge) throw this.#error('addToBridge', 'gone');
      if (channel.bridge === id) continue;
      this.#leaveBridge(channel);
      if (bridge.holds === 'two' && bridge.channels.size === 2)
        throw new Error(`${member} is the third in ${id}, which holds two`);
      bridge.channels.add(member);
      channel.bridge = id;
      this.#emit({ type: 'ChannelEnteredBridge', channel: member, bridge: id });
    }
  }

  /** Those who only listen, by bridge, as long as the bridge is there. */
  readonly listeners = new Map<BridgeId, ChannelId[]>();

  async addListeners(id: BridgeId, members: readonly ChannelId[]): Promise<void> {
    await this.addToBridge(id, members);
    this.listeners.set(id, [...(this.listeners.get(id) ?? []), ...members]);
  }

  /** Sound comes all the time, fifty packets a second, but for what `sendsNothing` says. */
  /** What channels have sounded like; nothing is known of others. */
  readonly sounds = new Map<ChannelId, LegSound>();

  soundOf(id: ChannelId): Promise<LegSound | undefined> {
    return Promise.resolve(this.sounds.get(id));
  }

  async packetsFrom(id: ChannelId): Promise<number> {
    const { sendsNothing } = this.#command('packetsFrom', id);
    return sendsNothing ? 0 : Math.floor(this.clock.now() / 20);
  }

  async addToConference(id: BridgeId, members: readonly ChannelId[]): Promise<void> {
    await this.addToBridge(id, members);
  }

  async mute(id: ChannelId): Promise<void> {
    this.#stasis('mute', id).isMuted = true;
  }

  async unmute(id: ChannelId): Promise<void> {
    this.#stasis('unmute', id).isMuted = false;
  }

  async detectTalking(id: ChannelId, silenceMs: number): Promise<void> {
    this.#stasis('detectTalking', id, String(silenceMs));
    await this.#playbacksEnded('detectTalking', id);
    this.#inStasis('detectTalking', id).detectsTalking = true;
  }

  async detectTone(id: ChannelId, hz: number, ms: number): Promise<void> {
    this.#stasis('detectTone', id, String(hz), String(ms));
    await this.#playbacksEnded('detectTone', id);
  }

  async detectMachine(id: ChannelId): Promise<void> {
    const channel = this.#stasis('detectMachine', id);
    channel.inStasis = false;
    this.#emit({ type: 'StasisEnd', channel: id });
    const detected = (channel.farEnd?.kind === 'answers' && channel.farEnd.detected) || 'HUMAN';
    this.#timer(channel, DETECTION_MS, () => {
      channel.appArgs = ['amd', detected, 'by-the-fake'];
      this.#enterStasis(channel);
    });
  }

  async recordBridge(id: BridgeId, options: Pick<RecordOptions, 'name' | 'format'>): Promise<void> {
    checkedName('recordBridge', options.name);
    this.#bridge('recordBridge', id, options.name);
    if (this.recordingsLive.has(options.name) || this.stored.has(options.name))
      throw this.#error('recordBridge', 'refused');
    this.recordingsLive.set(options.name, {
      bridge: id,
      ...{ options, startedAt: this.clock.now(), cancelTimer: undefined },
    });
  }

  async playToBridge(id: BridgeId, playback: PlaybackId, media: readonly string[]): Promise<void> {
    this.#bridge('playToBridge', id, playback, ...media);
  }

  async removeFromBridge(id: BridgeId, members: readonly ChannelId[]): Promise<void> {
    this.#bridge('removeFromBridge', id, ...members);
    for (const member of members) {
      await this.#playbacksEnded('removeFromBridge', member);
      const channel = this.#inStasis('removeFromBridge', member);
      if (channel.bridge !== id) throw this.#error('removeFromBridge', 'refused');
      this.#leaveBridge(channel);
    }
  }

  async snoop(
    id: ChannelId,
    snoop: ChannelId,
    spy: 'in' | 'out' | 'both',
    whisper: 'none' | 'out' | 'both' = 'none',
  ): Promise<void> {
    this.#command('snoop', id, snoop, spy, ...(whisper === 'none' ? [] : [whisper]));
    const channel = this.#makeChannel(snoop, `Snoop/${id}-00000001`, {
      callerNumber: '',
      callerName: '',
      exten: 's',
      appArgs: ['snoop'],
    });
    channel.state = 'Up';
    channel.snoopOf = id;
    channel.inStasis = true;
  }

  async record(id: ChannelId, options: RecordOptions): Promise<void> {
    checkedName('record', options.name);
    this.#stasis('record', id, options.name);
    if (this.recordingsLive.has(options.name) || this.stored.has(options.name))
      throw this.#error('record', 'refused');
    const recording: FakeRecording = {
      channel: id,
      options,
      startedAt: this.clock.now(),
      cancelTimer: undefined,
    };
    this.recordingsLive.set(options.name, recording);
    this.#timeRecording(options.name, recording);
  }

  async stopRecording(name: string): Promise<void> {
    this.#enter('stopRecording', name);
    if (!this.recordingsLive.has(name)) throw this.#error('stopRecording', 'gone');
    this.#finishRecording(name);
  }

  async isRecording(name: string): Promise<boolean> {
    this.#enter('isRecording', name);
    return this.recordingsLive.has(name);
  }

  async sendDtmf(id: ChannelId, digits: string): Promise<void> {
    this.#stasis('sendDtmf', id, digits).sentDtmf.push(digits);
  }

  /** A phone whose transfer is done hangs up by itself (RFC 5589, section 6). */
  async transferProgress(id: ChannelId, progress: TransferProgress): Promise<void> {
    const channel = this.#command('transferProgress', id, progress);
    channel.referrals.push(progress);
    if (progress === 'answered')
      void Promise.resolve().then(() => {
        if (this.channels.get(id) === channel) this.hangUpFarEnd(id);
      });
  }

  async continueInDialplan(id: ChannelId): Promise<void> {
    this.#destroy(this.#stasis('continueInDialplan', id), 16, 0);
  }

  async runDialplan(endpoint: string, context: string, extension: string): Promise<void> {
    this.#enter('runDialplan', endpoint, context, extension);
  }

  async setVariable(id: ChannelId, name: string, value: string): Promise<void> {
    this.#stasis('setVariable', id, name, value);
    await this.#playbacksEnded('setVariable', id);
    this.#inStasis('setVariable', id).variables.set(name, value);
  }

  async markChannel(id: ChannelId, mark: string): Promise<void> {
    this.#stasis('markChannel', id, mark);
    await this.#playbacksEnded('markChannel', id);
    this.#inStasis('markChannel', id).mark = mark;
  }

  async watchChannel(id: ChannelId): Promise<void> {
    this.#command('watchChannel', id).watched = true;
  }

  async listChannels(): Promise<readonly ChannelSnapshot[]> {
    this.#enter('listChannels');
    return [...this.channels.values()].map(snapshotOf);
  }

  async listBridges(): Promise<readonly BridgeSnapshot[]> {
    this.#enter('listBridges');
    return [...this.bridges.values()].map(({ id, channels }) => ({ id, channels: [...channels] }));
  }

  readonly recordings: StoredRecordings = {
    list: async () => [...this.stored.keys()],
    fetch: async (name) => {
      this.#enter('recordings.fetch', name);
      const file = this.stored.get(checkedName('recordings.fetch', name));
      if (!file) throw this.#error('recordings.fetch', 'gone');
      return file;
    },
    remove: async (name) => {
      this.#enter('recordings.remove', name);
      if (!this.stored.delete(checkedName('recordings.remove', name)))
        throw this.#error('recordings.remove', 'gone');
    },
  };

  // ---- channels ---------------------------------------------------------------------------------------------------

  #makeChannel(
    id: ChannelId,
    name: string,
    given: Pick<FakeChannel, 'callerNumber' | 'callerName' | 'exten' | 'appArgs'>,
  ): FakeChannel {
    const channel: FakeChannel = {
      ...given,
      id,
      name,
      createdAt: this.clock.now(),
      variables: new Map(),
      timers: new Set(),
      state: 'Down',
      inStasis: false,
      watched: false,
      mark: undefined,
      music: undefined,
      bridge: undefined,
      snoopOf: undefined,
      ringing: false,
      isMuted: false,
      detectsTalking: false,
      sendsNothing: false,
      speech: [],
      sentDtmf: [],
      referrals: [],
      farEnd: undefined,
    };
    this.channels.set(id, channel);
    return channel;
  }

  #enterStasis(channel: FakeChannel): void {
    channel.inStasis = true;
    this.#emit({
      type: 'StasisStart',
      channel: channel.id,
      snapshot: snapshotOf(channel),
      args: channel.appArgs,
    });
  }

  #create(command: string, options: OriginateOptions): FakeChannel {
    this.#enter(command, options.channel, options.endpoint);
    if (command === 'originate' && options.originator !== undefined)
      this.#channel(command, options.originator);
    const farEnd = this.#farEnds.find(({ endpoint }) =>
      typeof endpoint === 'string'
        ? endpoint === options.endpoint
        : endpoint.test(options.endpoint),
    )?.farEnd;
    if (farEnd === undefined || farEnd.kind === 'unreachable' || this.channels.has(options.channel))
      throw new AriError('refused', command, 500, 'Allocation failed');
    const name = `${options.endpoint}-${String(++this.#serial).padStart(8, '0')}`;
    const channel = this.#makeChannel(options.channel, name, {
      callerNumber: options.callerNumber,
      callerName: options.callerName,
      exten: 's',
      appArgs: options.appArgs,
    });
    channel.watched = true;
    channel.farEnd = farEnd;
    for (const [key, value] of Object.entries(options.variables ?? {}))
      channel.variables.set(key, value);
    return channel;
  }

  #callFarEnd(channel: FakeChannel, timeoutMs: number): void {
    const { farEnd, id } = channel;
    this.#emit({ type: 'Dial', channel: id, progress: '' });
    if (farEnd === undefined) return;
    const rings = farEnd.kind === 'answers' || farEnd.kind === 'rings';
    if (rings) {
      channel.state = 'Ringing';
      this.#emit({ type: 'ChannelStateChange', channel: id, state: 'Ringing' });
      this.#emit({ type: 'Dial', channel: id, progress: 'RINGING' });
    }
    this.#timer(channel, timeoutMs, () => {
      if (channel.state === 'Up') return;
      if (rings) this.#destroy(channel, 19, 480);
      else this.#destroy(channel, 18, 408);
    });
    if (farEnd.kind === 'answers')
      this.#timer(channel, farEnd.afterMs ?? 0, () => {
        this.#farEndAnswers(channel);
      });
    else if (farEnd.kind in REFUSALS && 'afterMs' in farEnd)
      this.#timer(channel, farEnd.afterMs ?? 0, () => {
        this.#farEndRefuses(channel, farEnd.kind);
      });
    else if (farEnd.kind !== 'rings' && farEnd.kind !== 'silent')
      this.#timer(channel, 0, () => {
        this.#farEndRefuses(channel, farEnd.kind as keyof typeof REFUSALS);
      });
  }

  #farEndAnswers(channel: FakeChannel): void {
    if (channel.state === 'Up' || !this.channels.has(channel.id)) return;
    channel.state = 'Up';
    this.#emit({ type: 'ChannelStateChange', channel: channel.id, state: 'Up' });
    this.#emit({ type: 'Dial', channel: channel.id, progress: 'ANSWER' });
    if (!channel.inStasis) this.#enterStasis(channel);
    const { farEnd } = channel;
    if (farEnd?.kind === 'answers' && farEnd.talkMs !== undefined)
      this.#timer(channel, farEnd.talkMs, () => {
        this.hangUpFarEnd(channel.id);
      });
  }

  #farEndRefuses(channel: FakeChannel, as: keyof typeof REFUSALS): void {
    if (!this.channels.has(channel.id)) return;
    const { progress, cause, techCause } = REFUSALS[as];
    this.#emit({ type: 'ChannelHangupRequest', channel: channel.id, cause });
    // A channel that was ours before it was dialled is not told the last word of its dialling.
    if (!channel.inStasis) this.#emit({ type: 'Dial', channel: channel.id, progress });
    this.#destroy(channel, cause, techCause);
  }

  /** Everything of a channel ends with it, in Asterisk's order: prompts, bridge, recordings, Stasis, itself. */
  #destroy(channel: FakeChannel, cause: number, techCause: number): void {
    const { id } = channel;
    for (const cancel of channel.timers) cancel();
    for (const playback of [...this.playbacks.values()])
      if (playback.channel === id) this.#finishPlayback(playback, false);
    this.#leaveBridge(channel);
    for (const [name, recording] of [...this.recordingsLive])
      if (recording.channel === id) this.#finishRecording(name);
    this.channels.delete(id);
    if (channel.inStasis) this.#emit({ type: 'StasisEnd', channel: id });
    if (channel.watched && channel.farEnd === undefined)
      this.#emit({ type: 'ChannelHangupRequest', channel: id, cause: 16 });
    for (const other of [...this.channels.values()])
      if (other.snoopOf === id) this.#destroy(other, 16, 0);
    if (channel.watched) this.#emit({ type: 'ChannelDestroyed', channel: id, cause, techCause });
    for (const wake of this.#blocked.get(id) ?? []) wake();
  }

  #leaveBridge(channel: FakeChannel): void {
    if (channel.bridge === undefined) return;
    this.bridges.get(channel.bridge)?.channels.delete(channel.id);
    this.#emit({ type: 'ChannelLeftBridge', channel: channel.id, bridge: channel.bridge });
    channel.bridge = undefined;
  }

  // ---- playbacks and recordings -----------------------------------------------------------------------------------

  #playing(channel: ChannelId): FakePlayback | undefined {
    for (const playback of this.playbacks.values())
      if (playback.channel === channel) return playback;
    return undefined;
  }

  #startPlayback(playback: FakePlayback): void {
    let total = 0;
    for (const media of playback.media) {
      const ms = this.media.get(media) ?? (media.startsWith('tone:') ? Infinity : 1000);
      if (ms === 'missing') {
        playback.cancelTimer = after(this.clock, 0, () => {
          this.#finishPlayback(playback, true);
        });
        return;
      }
      total += ms;
    }
    if (Number.isFinite(total))
      playback.cancelTimer = after(this.clock, total, () => {
        this.#finishPlayback(playback, false);
      });
  }

  #finishPlayback(playback: FakePlayback, failed: boolean): void {
    const { channel, id } = playback;
    const wasFirst = this.#playing(channel) === playback;
    playback.cancelTimer?.();
    this.playbacks.delete(id);
    this.#emit({ type: 'PlaybackFinished', channel, playback: id, failed });
    if (!this.channels.has(channel)) return;
    const next = this.#playing(channel);
    if (next === undefined) for (const wake of this.#blocked.get(channel) ?? []) wake();
    else if (wasFirst) this.#startPlayback(next);
  }

  /** Asterisk holds bridging and variables of a channel back until its playbacks have ended. */
  async #playbacksEnded(command: string, channel: ChannelId): Promise<void> {
    while (this.#playing(channel)) {
      const waiting = this.#blocked.get(channel) ?? new Set();
      this.#blocked.set(channel, waiting);
      await new Promise<void>((resolve, reject) => {
        const done = (finish: () => void) => (): void => {
          waiting.delete(wake);
          cancelTimer();
          if (waiting.size === 0) this.#blocked.delete(channel);
          finish();
        };
        const wake = done(resolve);
        const cancelTimer = after(
          this.clock,
          COMMAND_TIMEOUT_MS,
          done(() => {
            reject(this.#error(command, 'timeout'));
          }),
        );
        waiting.add(wake);
      });
    }
  }

  #timeRecording(name: string, recording: FakeRecording): void {
    recording.cancelTimer?.();
    const { maxDurationMs, maxSilenceMs } = recording.options;
    const now = this.clock.now();
    const lastWord = this.#speech(recording).at(-1)?.until ?? recording.startedAt;
    const ends = Math.min(
      maxDurationMs === undefined ? Infinity : recording.startedAt + maxDurationMs,
      maxSilenceMs === undefined
        ? Infinity
        : Math.max(lastWord, recording.startedAt) + maxSilenceMs,
    );
    if (Number.isFinite(ends))
      recording.cancelTimer = after(this.clock, ends - now, () => {
        this.#finishRecording(name);
      });
  }

  #speech(recording: FakeRecording): FakeChannel['speech'] {
    return (recording.channel && this.channels.get(recording.channel)?.speech) ?? [];
  }

  #finishRecording(name: string): void {
    const recording = this.recordingsLive.get(name);
    if (!recording) return;
    this.recordingsLive.delete(name);
    recording.cancelTimer?.();
    const now = this.clock.now();
    const whole = now - recording.startedAt;
    let durationMs = whole;
    let talkingMs = whole;
    const { maxSilenceMs } = recording.options;
    if (maxSilenceMs !== undefined) {
      const spoken = this.#speech(recording).map(({ from, until }) => ({
        from: Math.max(from, recording.startedAt),
        until: Math.min(until, now),
      }));
      talkingMs = spoken.reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0);
      const lastWord = spoken.at(-1)?.until ?? recording.startedAt;
      if (now - lastWord >= maxSilenceMs) durationMs = Math.max(0, lastWord - recording.startedAt);
    }
    this.stored.set(name, silentWav(durationMs));
    if (recording.channel === undefined) return;
    this.#emit({
      type: 'RecordingFinished',
      channel: recording.channel,
      name,
      failed: false,
      durationMs,
      talkingMs,
    });
  }

  // ---- the rest ---------------------------------------------------------------------------------------------------

  #timer(channel: FakeChannel, ms: number, run: () => void): void {
    const cancel = after(this.clock, ms, () => {
      channel.timers.delete(cancel);
      run();
    });
    channel.timers.add(cancel);
  }

  /** Events come after the command was accepted, in the order in which they were caused. */
  #emit(event: AriEvent): void {
    queueMicrotask(() => {
      if (!this.#down && !this.lostEventsOf.has(event.channel)) this.events.publish(event);
    });
  }

  #error(command: string, failure: AriFailure): AriError {
    return new AriError(failure, command, HTTP[failure], 'by the fake');
  }

  #enter(command: string, ...words: readonly string[]): void {
    this.log.push([command, ...words].join(' '));
    if (this.#down) throw this.#error(command, 'unavailable');
    const index = this.#failures.findIndex((failure) => failure.command === command);
    const [planned] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (planned) throw this.#error(command, planned.failure);
  }

  #channel(command: string, id: ChannelId): FakeChannel {
    const channel = this.channels.get(id);
    if (!channel) throw this.#error(command, 'gone');
    return channel;
  }

  #command(command: string, id: ChannelId, ...words: readonly string[]): FakeChannel {
    this.#enter(command, id, ...words);
    return this.#channel(command, id);
  }

  #inStasis(command: string, id: ChannelId): FakeChannel {
    const channel = this.#channel(command, id);
    if (!channel.inStasis) throw this.#error(command, 'refused');
    return channel;
  }

  #stasis(command: string, id: ChannelId, ...words: readonly string[]): FakeChannel {
    this.#enter(command, id, ...words);
    return this.#inStasis(command, id);
  }

  #bridge(command: string, id: BridgeId, ...words: readonly string[]): FakeBridge {
    this.#enter(command, id, ...words);
    const bridge = this.bridges.get(id);
    if (!bridge) throw this.#error(command, 'gone');
    return bridge;
  }
}

function snapshotOf(channel: FakeChannel): ChannelSnapshot {
  return {
    id: channel.id,
    name: channel.name,
    state: channel.state,
    callerNumber: channel.callerNumber,
    callerName: channel.callerName,
    exten: channel.exten,
    createdAt: channel.createdAt,
    ...(channel.inStasis ? { stasisArgs: channel.appArgs } : {}),
    ...(channel.mark === undefined ? {} : { mark: channel.mark }),
  };
}
