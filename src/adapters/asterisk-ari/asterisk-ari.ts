import type { LegSound } from '../../kernel/call-event.js';
import type { BridgeId, ChannelId, PlaybackId } from '../../kernel/ids.js';
import { AriEvents } from '../../telephony/ari/events.js';
import {
  type BridgeHolds,
  AriError,
  type AriPort,
  type BridgeSnapshot,
  type ChannelSnapshot,
  type OriginateOptions,
  type PbxAdmin,
  type RecordOptions,
  type TransferProgress,
} from '../../telephony/ari/port.js';
import type { Logger } from '../log/logger.js';
import {
  AS_THEY_ARE,
  appArgs,
  callerId,
  connectedLine,
  goneWhen,
  seconds,
  unlessGone,
} from './arguments.js';
import { detectMachine, detectTalking, detectTone } from './detection.js';
import { countUnread, newCounters, type AriCounters } from './counters.js';
import {
  MARK_VARIABLE,
  type ParsedMessage,
  WANTED_ENDPOINT_EVENTS,
  WANTED_EVENTS,
  parseBridge,
  parseChannel,
  parseEndpointSubscriptions,
  parseList,
  parseLegSound,
  parsePacketsReceived,
} from './event-parser.js';
import { EnteringChannels } from './entering.js';
import { EventSocket } from './event-socket.js';
import { GuardedAriClient } from './guarded-ari-client.js';
import {
  DEFAULT_COMMAND_TIMEOUT_MS,
  HttpCommands,
  path,
  type AriAddress,
} from './http-commands.js';
import { NodeCommands } from './node-commands.js';
import { AsteriskPbxAdmin, isReader } from './pbx-admin.js';
import { checkedName, HttpRecordings } from './recordings.js';

export interface AsteriskAriOptions extends AriAddress {
  /** Stasis application of this product; the dialplan hands calls to it. */
  readonly app: string;
  /** The node's name, for ledger and log. */
  readonly node: string;
  readonly logger: Logger;
  readonly commandTimeoutMs?: number;
}

/**
 * One Asterisk node over ARI. `start` begins to connect and never fails; `events` says when it is up. Until then, and
 * whenever the connection is lost, commands reject with {@link AriError} `unavailable`.
 */
export class AsteriskAri implements AriPort {
  readonly node: string;
  readonly counters: AriCounters = newCounters();
  readonly events: AriEvents;
  readonly recordings: HttpRecordings;
  readonly #admin: AsteriskPbxAdmin;
  readonly #commands: NodeCommands;
  readonly #client: GuardedAriClient;
  readonly #socket: EventSocket;
  readonly #endpointSocket: EventSocket;
  readonly #entering: EnteringChannels;

  constructor(private readonly options: AsteriskAriOptions) {
    const { logger, app, node } = options;
    this.node = node;
    const timeoutMs = options.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS;
    this.#entering = new EnteringChannels(timeoutMs);
    this.events = new AriEvents((error) => {
      logger.error({ err: error, node }, 'a listener of Asterisk events failed');
    });
    const http = new HttpCommands(options, this.counters, timeoutMs);
    this.#commands = new NodeCommands(http, () => this.isUp);
    this.#client = new GuardedAriClient(options, this.counters, timeoutMs);
    this.#admin = new AsteriskPbxAdmin(this.#client, http, app);
    this.recordings = new HttpRecordings(http);
    this.#socket = new EventSocket({
      address: options,
      app,
      counters: this.counters,
      prepare: () => this.#prepare(),
      onUp: () => {
        logger.info({ node }, 'connected to Asterisk');
        this.events.publishConnection({ type: 'up' });
      },
      onDown: (reason) => {
        logger.warn({ node, reason }, 'connection to Asterisk lost');
        this.#client.abandon(reason);
        this.events.publishConnection({ type: 'down', reason });
      },
      onReplaced: () => {
        logger.error({ node, app }, 'another process took the application at Asterisk');
        this.events.publishConnection({ type: 'replaced' });
      },
      onMessage: (message) => {
        this.#publish(message);
      },
    });
    this.#endpointSocket = this.#watchEndpoints(`${app}-endpoints`);
  }

  get admin(): PbxAdmin {
    return this.#admin;
  }

  /** True between `up` and `down`. */
  get isUp(): boolean {
    return this.#socket.isUp;
  }

  /** Begins to connect, and goes on for ever. */
  start(): void {
    this.#socket.start();
    this.#endpointSocket.start();
  }

  /** Ends connections and running commands. Calls at Asterisk go on. */
  async close(): Promise<void> {
    await Promise.all([this.#socket.close(), this.#endpointSocket.close()]);
    this.#client.abandon('closed');
    this.#commands.close();
  }

  // ---- channels

  async answer(channel: ChannelId): Promise<void> {
    await this.#commands.post('answer', path`channels/${channel}/answer`, {}, true);
  }

  async ring(channel: ChannelId): Promise<void> {
    await this.#commands.post('ring', path`channels/${channel}/ring`);
  }

  async hangup(channel: ChannelId, cause = 16): Promise<void> {
    const query = { reason_code: String(cause) };
    await this.#commands.end('hangup', channel, path`channels/${channel}`, query);
  }

  async originate(options: OriginateOptions): Promise<void> {
    const { channel, originator, callerName, callerNumber } = options;
    await this.#commands.create('originate', 'channels', {
      endpoint: options.endpoint,
      app: this.options.app,
      appArgs: appArgs(options),
      channelId: channel,
      callerId: callerId(callerName, callerNumber),
      timeout: Math.max(1, Math.ceil(options.timeoutMs / 1000)),
      ...(originator === undefined ? {} : { originator }),
      variables: options.variables ?? {},
    });
  }

  async createChannel(options: OriginateOptions): Promise<void> {
    const { channel, originator, otherChannel } = options;
    await this.#entering.made('createChannel', channel, () =>
      this.#commands.create('createChannel', 'channels/create', {
        endpoint: options.endpoint,
        app: this.options.app,
        appArgs: appArgs(options),
        channelId: channel,
        ...(otherChannel === undefined ? {} : { otherChannelId: otherChannel }),
        ...(originator === undefined ? {} : { originator }),
        variables: { ...options.variables, ...connectedLine(options) },
      }),
    );
  }

  /** Without `caller`: with it Asterisk would show the caller's own number instead of the one that was given. */
  async dial(channel: ChannelId, timeoutMs: number): Promise<void> {
    await this.#commands.post('dial', path`channels/${channel}/dial`, {
      timeout: String(Math.max(1, Math.ceil(timeoutMs / 1000))),
    });
  }

  async snoop(
    channel: ChannelId,
    snoop: ChannelId,
    spy: 'in' | 'out' | 'both',
    whisper: 'none' | 'out' | 'both' = 'none',
  ): Promise<void> {
    await this.#entering.made('snoop', snoop, () =>
      this.#commands.post('snoop', path`channels/${channel}/snoop/${snoop}`, {
        spy,
        whisper,
        app: this.options.app,
        appArgs: 'snoop',
      }),
    );
  }

  async sendDtmf(channel: ChannelId, digits: string): Promise<void> {
    await this.#commands.post('sendDtmf', path`channels/${channel}/dtmf`, { dtmf: digits });
  }

  async transferProgress(channel: ChannelId, progress: TransferProgress): Promise<void> {
    await this.#commands.post('transferProgress', path`channels/${channel}/transfer_progress`, {
      states: `channel_${progress}`,
    });
  }

  async continueInDialplan(channel: ChannelId): Promise<void> {
    await this.#commands.post('continueInDialplan', path`channels/${channel}/continue`);
  }

  async runDialplan(endpoint: string, context: string, extension: string): Promise<void> {
    await this.#commands.send('runDialplan', 'channels', {
      endpoint,
      context,
      extension,
      priority: 1,
    });
  }

  async setVariable(channel: ChannelId, name: string, value: string): Promise<void> {
    await this.#commands.variable('setVariable', channel, { variable: name, value });
  }

  async markChannel(channel: ChannelId, mark: string): Promise<void> {
    await this.#commands.variable('markChannel', channel, {
      variable: MARK_VARIABLE,
      value: mark,
      report_events: true,
    });
  }

  async watchChannel(channel: ChannelId): Promise<void> {
    try {
      await this.#commands.post(
        'watchChannel',
        path`applications/${this.options.app}/subscription`,
        {
          eventSource: `channel:${channel}`,
        },
      );
    } catch (error) {
      throw goneWhen(error, 422);
    }
  }

  async listChannels(): Promise<readonly ChannelSnapshot[]> {
    const answer = await this.#commands.get('listChannels', 'channels');
    return parseList(answer, parseChannel).filter(({ id }) => !isReader(id));
  }

  // ---- sound

  async play(
    channel: ChannelId,
    playback: PlaybackId,
    media: readonly string[],
    language?: string,
  ): Promise<void> {
    await this.#commands.send('play', path`channels/${channel}/play/${playback}`, {
      media,
      ...(language === undefined ? {} : { lang: language }),
    });
  }

  async stopPlayback(playback: PlaybackId): Promise<void> {
    await this.#commands.delete('stopPlayback', path`playbacks/${playback}`);
  }

  async startMusic(channel: ChannelId, musicClass: string): Promise<void> {
    await this.#commands.post('startMusic', path`channels/${channel}/moh`, {
      mohClass: musicClass,
    });
  }

  async stopMusic(channel: ChannelId): Promise<void> {
    await this.#commands.delete('stopMusic', path`channels/${channel}/moh`);
  }

  async mute(channel: ChannelId): Promise<void> {
    await this.#commands.post('mute', path`channels/${channel}/mute`, { direction: 'in' });
  }

  async unmute(channel: ChannelId): Promise<void> {
    await this.#commands.delete('unmute', path`channels/${channel}/mute`, { direction: 'in' });
  }

  readonly detectTone: AriPort['detectTone'] = (...of) => detectTone(this.#commands, ...of);
  readonly detectMachine: AriPort['detectMachine'] = (of) => detectMachine(this.#commands, of);
  readonly detectTalking: AriPort['detectTalking'] = (...of) =>
    detectTalking(this.#commands, ...of);

  async record(channel: ChannelId, options: RecordOptions): Promise<void> {
    const { maxDurationMs, maxSilenceMs, terminateOn } = options;
    await this.#commands.send('record', path`channels/${channel}/record`, {
      name: checkedName('record', options.name),
      format: options.format,
      ifExists: 'fail',
      ...(maxDurationMs === undefined ? {} : { maxDurationSeconds: seconds(maxDurationMs) }),
      ...(maxSilenceMs === undefined ? {} : { maxSilenceSeconds: seconds(maxSilenceMs) }),
      ...(terminateOn === undefined ? {} : { terminateOn }),
    });
  }

  async stopRecording(name: string): Promise<void> {
    await this.#commands.post(
      'stopRecording',
      path`recordings/live/${checkedName('stopRecording', name)}/stop`,
      {},
      true,
    );
  }

  readonly isRecording = (name: string): Promise<boolean> => this.recordings.isRunning(name);

  // ---- bridges

  async createBridge(bridge: BridgeId, name: string, holds: BridgeHolds = 'two'): Promise<void> {
    this.#commands.owed.forget(bridge);
    const made = this.#commands.post('createBridge', path`bridges/${bridge}`, {
      // There is no video: a bridge with a selective forwarding unit is the one that mixes sound whoever comes and goes.
      type: holds === 'many' ? 'mixing,video_sfu' : 'mixing',
      name,
    });
    // Asterisk says 409 where it is there already.
    await made.catch((error: unknown) => {
      if (!(error instanceof AriError && error.status === 409)) throw error;
    });
  }

  async destroyBridge(bridge: BridgeId): Promise<void> {
    await this.#commands.end('destroyBridge', bridge, path`bridges/${bridge}`);
  }

  /**
   * Without presenting the members to each other: what each side is shown was said when its channel was made. Else a call
   * to outside that is bridged before it is answered would show the desk's own number and name there.
   */
  async addToBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#commands.members(
      'addToBridge',
      path`bridges/${bridge}/addChannel`,
      channels,
      AS_THEY_ARE,
    );
  }

  async addListeners(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#commands.members('addListeners', path`bridges/${bridge}/addChannel`, channels, {
      ...AS_THEY_ARE,
      mute: 'true',
    });
  }

  async soundOf(channel: ChannelId): Promise<LegSound | undefined> {
    return parseLegSound(await this.#commands.statistics('soundOf', channel));
  }

  async packetsFrom(channel: ChannelId): Promise<number> {
    return parsePacketsReceived(await this.#commands.statistics('packetsFrom', channel));
  }

  async addToConference(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#commands.members('addToConference', path`bridges/${bridge}/addChannel`, channels, {
      ...AS_THEY_ARE,
      absorbDTMF: 'true',
    });
  }

  recordBridge(
    bridge: BridgeId,
    { name, format }: Pick<RecordOptions, 'name' | 'format'>,
  ): Promise<void> {
    return this.#commands.send('recordBridge', path`bridges/${bridge}/record`, {
      name: checkedName('recordBridge', name),
      format,
      ifExists: 'fail',
    });
  }

  playToBridge(bridge: BridgeId, playback: PlaybackId, media: readonly string[]): Promise<void> {
    return this.#commands.send('playToBridge', path`bridges/${bridge}/play/${playback}`, { media });
  }

  async removeFromBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#commands.members(
      'removeFromBridge',
      path`bridges/${bridge}/removeChannel`,
      channels,
    );
  }

  async listBridges(): Promise<readonly BridgeSnapshot[]> {
    const answer = await this.#commands.get('listBridges', 'bridges');
    return parseList(answer, parseBridge);
  }

  // ---- events

  #publish(message: ParsedMessage): void {
    const { counters } = this;
    switch (message.kind) {
      case 'event': {
        const { event } = message;
        counters.events++;
        if (isReader(event.channel)) return;
        if (!this.#entering.takes(event)) this.events.publish(event);
        return;
      }
      case 'malformed':
      case 'ignored':
        countUnread(counters, message);
        return;
      case 'endpoint-changed':
      case 'replaced':
        return;
    }
    message satisfies never;
  }

  /** On each new connection: each wanted event once; no reader channel that an earlier process left behind. */
  async #prepare(): Promise<void> {
    await this.#filter(this.options.app, WANTED_EVENTS);
    await this.#unsubscribeEndpoints(this.options.app);
    const answer = await this.#commands.get('prepare', 'channels');
    for (const { id } of parseList(answer, parseChannel))
      if (isReader(id)) await unlessGone(this.hangup(id));
  }

  /**
   * Registrations of phones and reachability of trunks come over a socket of their own: an application that is
   * subscribed to endpoints hears every event of their channels a second time.
   */
  #watchEndpoints(app: string): EventSocket {
    const changed = (): void => {
      this.#admin.endpointChanged();
    };
    return new EventSocket({
      address: this.options,
      app,
      counters: newCounters(),
      prepare: async () => {
        await this.#filter(app, WANTED_ENDPOINT_EVENTS);
        await this.#commands.post('watchEndpoints', path`applications/${app}/subscription`, {
          eventSource: 'endpoint:PJSIP',
        });
      },
      onUp: changed,
      onDown: changed,
      onReplaced: changed,
      onMessage: changed,
    });
  }

  /**
   * An application keeps its subscriptions as long as Asterisk runs. One to endpoints, made by whomever, would tell every
   * event of their channels twice, and each key would count double.
   */
  async #unsubscribeEndpoints(app: string): Promise<void> {
    const answer = await this.#commands.get('prepare', path`applications/${app}`);
    for (const endpoint of parseEndpointSubscriptions(answer))
      await this.#commands.delete('prepare', path`applications/${app}/subscription`, {
        eventSource: `endpoint:${endpoint}`,
      });
  }

  async #filter(app: string, types: readonly string[]): Promise<void> {
    await this.#commands.run({
      command: 'eventFilter',
      method: 'PUT',
      path: path`applications/${app}/eventFilter`,
      body: { allowed: types.map((type) => ({ type })) },
    });
  }
}
