import type { BridgeId, ChannelId, PlaybackId } from '../../kernel/ids.js';
import { AriEvents } from '../../telephony/ari/events.js';
import {
  AriError,
  type AriPort,
  type BridgeSnapshot,
  type ChannelSnapshot,
  type OriginateOptions,
  type PbxAdmin,
  type RecordOptions,
  type StoredRecordings,
} from '../../telephony/ari/port.js';
import type { Logger } from '../log/logger.js';
import { appArgs, callerId, cleanName, cleanNumber, goneWhen, seconds } from './arguments.js';
import { newCounters, type AriCounters } from './counters.js';
import {
  MARK_VARIABLE,
  parseBridge,
  parseChannel,
  parseEndpointSubscriptions,
  WANTED_ENDPOINT_EVENTS,
  WANTED_EVENTS,
  type ParsedMessage,
} from './event-parser.js';
import { EventSocket } from './event-socket.js';
import { GuardedAriClient } from './guarded-ari-client.js';
import {
  DEFAULT_COMMAND_TIMEOUT_MS,
  HttpCommands,
  path,
  type AriAddress,
  type CommandRequest,
} from './http-commands.js';
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

type Query = Readonly<Record<string, string>>;

/**
 * One Asterisk node over ARI. `start` begins to connect and never fails; `events` says when it is up. Until then, and
 * whenever the connection is lost, commands reject with {@link AriError} `unavailable`.
 */
export class AsteriskAri implements AriPort {
  readonly node: string;
  readonly counters: AriCounters = newCounters();
  readonly events: AriEvents;
  readonly recordings: StoredRecordings;
  readonly #admin: AsteriskPbxAdmin;
  readonly #http: HttpCommands;
  readonly #client: GuardedAriClient;
  readonly #socket: EventSocket;
  readonly #endpointSocket: EventSocket;
  /** Channels of which the StasisStart is waited for by the command that makes them. */
  readonly #entering = new Map<ChannelId, () => void>();
  readonly #timeoutMs: number;

  constructor(private readonly options: AsteriskAriOptions) {
    const { logger, app, node } = options;
    this.node = node;
    this.#timeoutMs = options.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS;
    this.events = new AriEvents((error) => {
      logger.error({ err: error, node }, 'a listener of Asterisk events failed');
    });
    this.#http = new HttpCommands(options, this.counters, this.#timeoutMs);
    this.#client = new GuardedAriClient(options, this.counters, this.#timeoutMs);
    this.#admin = new AsteriskPbxAdmin(this.#client, this.#http, app);
    this.recordings = new HttpRecordings(this.#http);
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
    this.#http.close();
  }

  // ---- channels

  async answer(channel: ChannelId): Promise<void> {
    await this.#post('answer', path`channels/${channel}/answer`, {}, true);
  }

  async ring(channel: ChannelId): Promise<void> {
    await this.#post('ring', path`channels/${channel}/ring`);
  }

  async hangup(channel: ChannelId, cause = 16): Promise<void> {
    await this.#delete('hangup', path`channels/${channel}`, { reason_code: String(cause) });
  }

  async originate(options: OriginateOptions): Promise<void> {
    const { channel, originator, callerNumber, callerName } = options;
    await this.#create('originate', 'channels', {
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
    const { channel, originator, callerNumber, callerName } = options;
    await this.#entered('createChannel', channel, () =>
      this.#create('createChannel', 'channels/create', {
        endpoint: options.endpoint,
        app: this.options.app,
        appArgs: appArgs(options),
        channelId: channel,
        ...(originator === undefined ? {} : { originator }),
        variables: {
          ...options.variables,
          'CONNECTEDLINE(name,i)': cleanName(callerName),
          'CONNECTEDLINE(num)': cleanNumber(callerNumber),
        },
      }),
    );
  }

  /** Without `caller`: with it Asterisk would show the caller's own number instead of the one that was given. */
  async dial(channel: ChannelId, timeoutMs: number): Promise<void> {
    await this.#post('dial', path`channels/${channel}/dial`, {
      timeout: String(Math.max(1, Math.ceil(timeoutMs / 1000))),
    });
  }

  async snoop(channel: ChannelId, snoop: ChannelId, spy: 'in' | 'out'): Promise<void> {
    await this.#entered('snoop', snoop, () =>
      this.#post('snoop', path`channels/${channel}/snoop/${snoop}`, {
        spy,
        app: this.options.app,
        appArgs: 'snoop',
      }),
    );
  }

  async sendDtmf(channel: ChannelId, digits: string): Promise<void> {
    await this.#post('sendDtmf', path`channels/${channel}/dtmf`, { dtmf: digits });
  }

  async continueInDialplan(channel: ChannelId): Promise<void> {
    await this.#post('continueInDialplan', path`channels/${channel}/continue`);
  }

  async runDialplan(endpoint: string, context: string, extension: string): Promise<void> {
    await this.#send('runDialplan', 'channels', { endpoint, context, extension, priority: 1 });
  }

  async setVariable(channel: ChannelId, name: string, value: string): Promise<void> {
    await this.#variable('setVariable', channel, { variable: name, value });
  }

  async markChannel(channel: ChannelId, mark: string): Promise<void> {
    await this.#variable('markChannel', channel, {
      variable: MARK_VARIABLE,
      value: mark,
      report_events: true,
    });
  }

  async watchChannel(channel: ChannelId): Promise<void> {
    try {
      await this.#post('watchChannel', path`applications/${this.options.app}/subscription`, {
        eventSource: `channel:${channel}`,
      });
    } catch (error) {
      throw goneWhen(error, 422);
    }
  }

  async listChannels(): Promise<readonly ChannelSnapshot[]> {
    const answer = await this.#http.json({
      command: 'listChannels',
      method: 'GET',
      path: 'channels',
    });
    return list(answer, parseChannel).filter(({ id }) => !isReader(id));
  }

  // ---- sound

  async play(
    channel: ChannelId,
    playback: PlaybackId,
    media: readonly string[],
    language?: string,
  ): Promise<void> {
    await this.#send('play', path`channels/${channel}/play/${playback}`, {
      media,
      ...(language === undefined ? {} : { lang: language }),
    });
  }

  async stopPlayback(playback: PlaybackId): Promise<void> {
    await this.#delete('stopPlayback', path`playbacks/${playback}`);
  }

  async startMusic(channel: ChannelId, musicClass: string): Promise<void> {
    await this.#post('startMusic', path`channels/${channel}/moh`, { mohClass: musicClass });
  }

  async stopMusic(channel: ChannelId): Promise<void> {
    await this.#delete('stopMusic', path`channels/${channel}/moh`);
  }

  async record(channel: ChannelId, options: RecordOptions): Promise<void> {
    const { maxDurationMs, maxSilenceMs, terminateOn } = options;
    await this.#send('record', path`channels/${channel}/record`, {
      name: checkedName('record', options.name),
      format: options.format,
      ifExists: 'fail',
      ...(maxDurationMs === undefined ? {} : { maxDurationSeconds: seconds(maxDurationMs) }),
      ...(maxSilenceMs === undefined ? {} : { maxSilenceSeconds: seconds(maxSilenceMs) }),
      ...(terminateOn === undefined ? {} : { terminateOn }),
    });
  }

  async stopRecording(name: string): Promise<void> {
    await this.#post(
      'stopRecording',
      path`recordings/live/${checkedName('stopRecording', name)}/stop`,
      {},
      true,
    );
  }

  // ---- bridges

  async createBridge(bridge: BridgeId, name: string): Promise<void> {
    await this.#post('createBridge', path`bridges/${bridge}`, { type: 'mixing', name });
  }

  async destroyBridge(bridge: BridgeId): Promise<void> {
    await this.#delete('destroyBridge', path`bridges/${bridge}`);
  }

  /**
   * Without presenting the members to each other: what each side is shown was said when its channel was made. Else a call
   * to outside that is bridged before it is answered would show the desk's own number and name there.
   */
  async addToBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#members('addToBridge', path`bridges/${bridge}/addChannel`, channels, {
      inhibitConnectedLineUpdates: 'true',
    });
  }

  playToBridge(bridge: BridgeId, playback: PlaybackId, media: readonly string[]): Promise<void> {
    return this.#send('playToBridge', path`bridges/${bridge}/play/${playback}`, { media });
  }

  async removeFromBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void> {
    await this.#members('removeFromBridge', path`bridges/${bridge}/removeChannel`, channels);
  }

  async listBridges(): Promise<readonly BridgeSnapshot[]> {
    const answer = await this.#http.json({
      command: 'listBridges',
      method: 'GET',
      path: 'bridges',
    });
    return list(answer, parseBridge);
  }

  // ---- how commands are sent

  async #run(command: CommandRequest): Promise<void> {
    await this.#http.run(command);
  }

  #post(command: string, to: string, query: Query = {}, waits = false): Promise<void> {
    return this.#run({ command, method: 'POST', path: to, query, waits });
  }

  #send(command: string, to: string, body: unknown, waits = false): Promise<void> {
    return this.#run({ command, method: 'POST', path: to, body, waits });
  }

  #delete(command: string, at: string, query: Query = {}): Promise<void> {
    return this.#run({ command, method: 'DELETE', path: at, query });
  }

  #variable(
    command: string,
    channel: ChannelId,
    body: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.#send(command, path`channels/${channel}/variable`, body, true);
  }

  /** Asterisk says 400 where the channel is gone that it is made for. */
  async #create(command: string, to: string, body: unknown): Promise<void> {
    try {
      await this.#send(command, to, body);
    } catch (error) {
      const originatorGone = error instanceof AriError && error.message.includes('originator');
      throw originatorGone ? goneWhen(error, 400) : error;
    }
  }

  /** Asterisk says 400 where one of the channels is gone, 404 where the bridge is. */
  async #members(
    command: string,
    to: string,
    channels: readonly ChannelId[],
    more: Query = {},
  ): Promise<void> {
    try {
      await this.#post(command, to, { channel: channels.join(','), ...more }, true);
    } catch (error) {
      throw goneWhen(error, 400);
    }
  }

  /** Sends a command that makes a channel, and waits until the channel has entered the application. */
  async #entered(command: string, channel: ChannelId, send: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const entered = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, this.#timeoutMs, false);
      this.#entering.set(channel, () => {
        resolve(true);
      });
    });
    try {
      await send();
      if (await entered) return;
      throw new AriError('timeout', command, 0, 'the channel did not enter the application');
    } finally {
      clearTimeout(timer);
      this.#entering.delete(channel);
    }
  }

  // ---- events

  #publish(message: ParsedMessage): void {
    const { counters } = this;
    switch (message.kind) {
      case 'event': {
        const { event } = message;
        counters.events++;
        if (isReader(event.channel)) return;
        const entering =
          event.type === 'StasisStart' ? this.#entering.get(event.channel) : undefined;
        if (entering) entering();
        else this.events.publish(event);
        return;
      }
      case 'malformed':
        counters.malformedEvents++;
        return;
      case 'ignored':
        counters.ignoredEvents.set(
          message.type,
          (counters.ignoredEvents.get(message.type) ?? 0) + 1,
        );
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
    const answer = await this.#http.json({ command: 'prepare', method: 'GET', path: 'channels' });
    for (const { id } of list(answer, parseChannel))
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
        await this.#post('watchEndpoints', path`applications/${app}/subscription`, {
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
    const answer = await this.#http.json({
      command: 'prepare',
      method: 'GET',
      path: path`applications/${app}`,
    });
    for (const endpoint of parseEndpointSubscriptions(answer))
      await this.#delete('prepare', path`applications/${app}/subscription`, {
        eventSource: `endpoint:${endpoint}`,
      });
  }

  async #filter(app: string, types: readonly string[]): Promise<void> {
    await this.#run({
      command: 'eventFilter',
      method: 'PUT',
      path: path`applications/${app}/eventFilter`,
      body: { allowed: types.map((type) => ({ type })) },
    });
  }
}

function list<T>(answer: unknown, parse: (entry: unknown) => T | undefined): T[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((entry: unknown) => parse(entry) ?? []);
}

async function unlessGone(command: Promise<void>): Promise<void> {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof AriError && error.failure === 'gone')) throw error;
  }
}
