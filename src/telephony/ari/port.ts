import type { LegSound } from '../../kernel/call-event.js';
import type { BridgeId, ChannelId, PlaybackId } from '../../kernel/ids.js';
import type { AriEvents } from './events.js';

export type ChannelState = 'Down' | 'Ring' | 'Ringing' | 'Up' | 'Other';

/** What Asterisk says of a channel in events and lists. */
export interface ChannelSnapshot {
  readonly id: ChannelId;
  /** `PJSIP/2001-0000001a` */
  readonly name: string;
  readonly state: ChannelState;
  /** Caller's number and name as received, unescaped, not yet normalised: user input. */
  readonly callerNumber: string;
  readonly callerName: string;
  /** The dialled extension in the dialplan. */
  readonly exten: string;
  /** Seconds since the epoch at which Asterisk made the channel, in ms. */
  readonly createdAt: number;
  /** The arguments with which it stands in a Stasis application; absent where it stands elsewhere in the dialplan. */
  readonly stasisArgs?: readonly string[];
  /** Our mark on the channel (`CB_CALL`), where one was set with `markChannel`. */
  readonly mark?: string;
}

export interface BridgeSnapshot {
  readonly id: BridgeId;
  readonly channels: readonly ChannelId[];
}

/** The ARI events that the product understands; the adapter drops and counts every other type. */
export type AriEvent =
  | {
      readonly type: 'StasisStart';
      readonly channel: ChannelId;
      readonly snapshot: ChannelSnapshot;
      readonly args: readonly string[];
    }
  | { readonly type: 'StasisEnd'; readonly channel: ChannelId }
  | {
      readonly type: 'ChannelDestroyed';
      readonly channel: ChannelId;
      /** Q.850 cause. */
      readonly cause: number;
      /** SIP status of the far end's last word, 0 where there is none. */
      readonly techCause: number;
    }
  | { readonly type: 'ChannelHangupRequest'; readonly channel: ChannelId; readonly cause: number }
  | {
      readonly type: 'ChannelStateChange';
      readonly channel: ChannelId;
      readonly state: ChannelState;
    }
  | {
      readonly type: 'ChannelDtmfReceived';
      readonly channel: ChannelId;
      readonly digit: string;
      readonly durationMs: number;
    }
  | { readonly type: 'ChannelHold'; readonly channel: ChannelId }
  /** Only of channels with `detectTalking`. A muted channel's speech is told, too: nobody hears it. */
  | {
      readonly type: 'ChannelTalkingStarted' | 'ChannelTalkingFinished';
      readonly channel: ChannelId;
    }
  /** Only of channels with `detectTone`. */
  | { readonly type: 'ChannelToneDetected'; readonly channel: ChannelId }
  | { readonly type: 'ChannelUnhold'; readonly channel: ChannelId }
  | {
      readonly type: 'PlaybackFinished';
      readonly channel: ChannelId;
      readonly playback: PlaybackId;
      readonly failed: boolean;
    }
  | {
      readonly type: 'RecordingFinished';
      readonly channel: ChannelId;
      readonly name: string;
      readonly failed: boolean;
      readonly durationMs: number;
      /** Only with `maxSilenceMs`; else the whole duration. */
      readonly talkingMs: number;
    }
  /** `progress` is what the far end said: '' dialling, RINGING, PROGRESS, ANSWER, BUSY, NOANSWER, CONGESTION ... */
  | { readonly type: 'Dial'; readonly channel: ChannelId; readonly progress: string }
  /** Ours, not Asterisk's: the connection was away and events of this channel may be missing. */
  | {
      readonly type: 'Resync';
      readonly channel: ChannelId;
      /** As it is now. */
      readonly state: ChannelState;
      readonly isInApplication: boolean;
    }
  | {
      readonly type: 'ChannelEnteredBridge';
      readonly channel: ChannelId;
      readonly bridge: BridgeId;
    }
  | {
      readonly type: 'ChannelLeftBridge';
      readonly channel: ChannelId;
      readonly bridge: BridgeId;
    }
  /**
   * The phone behind the channel asks for a transfer (SIP REFER), and nothing has happened yet: see `transferProgress`.
   * `destination`: the user part of the address that it gave.
   */
  | {
      readonly type: 'ChannelTransfer';
      readonly channel: ChannelId;
      readonly destination: string;
      /** The phone's other call, where it is to be joined with this one (REFER with Replaces). */
      readonly consult?: ChannelId;
    };

/** What a phone that asked for a transfer is told: NOTIFY 200, 603 or 503. */
export type TransferProgress = 'answered' | 'declined' | 'unavailable';

export interface OriginateOptions {
  readonly channel: ChannelId;
  /** `PJSIP/2001` or `PJSIP/+442079460123@trunk-1` */
  readonly endpoint: string;
  /** Arguments of its StasisStart, which comes when the far end answers. */
  readonly appArgs: readonly string[];
  readonly callerNumber: string;
  readonly callerName: string;
  readonly timeoutMs: number;
  /** The channel that it is made for: codecs are chosen alike. */
  readonly originator?: ChannelId;
  /** The id of the far half, where the endpoint leads back into the dialplan (`Local/...`). */
  readonly otherChannel?: ChannelId;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface RecordOptions {
  readonly name: string;
  readonly format: 'wav';
  readonly maxDurationMs?: number;
  /** Ends after this much silence, which is cut off. */
  readonly maxSilenceMs?: number;
  /** A key that ends it, `#` for a message; none where not given. */
  readonly terminateOn?: '#' | '*' | 'any';
}

/** How many a bridge may ever hold at once: `two` (the default) are passed through, `many` are mixed from first to last. */
export type BridgeHolds = 'two' | 'many';

/**
 * What call flows may ask of one Asterisk node. Every command resolves when Asterisk has accepted it, which is before it
 * has happened: the event is the truth. Rejects with {@link AriError}.
 * Stop a playback and wait for PlaybackFinished before bridging or setting a variable: those block until it ends.
 */
export interface AriPort {
  /** The node's name, for ledger and log. */
  readonly node: string;
  readonly events: AriEvents;
  answer(channel: ChannelId): Promise<void>;
  /** Ringing indication (180) to a channel that has not been answered; one that has hears the tone of the country. */
  ring(channel: ChannelId): Promise<void>;
  /** `cause`: Q.850. 16 normal, 17 busy, 19 no answer, 21 rejected, 26 answered elsewhere, 34 congestion, 1 unallocated. */
  hangup(channel: ChannelId, cause?: number): Promise<void>;
  play(
    channel: ChannelId,
    playback: PlaybackId,
    media: readonly string[],
    language?: string,
  ): Promise<void>;
  stopPlayback(playback: PlaybackId): Promise<void>;
  startMusic(channel: ChannelId, musicClass: string): Promise<void>;
  stopMusic(channel: ChannelId): Promise<void>;
  /** Rings an endpoint. Failure to start (unregistered, unknown) rejects with kind `refused`. */
  originate(options: OriginateOptions): Promise<void>;
  /** A channel to an endpoint that is already ours, state Down, so that early media can be bridged; then `dial`. */
  createChannel(options: OriginateOptions): Promise<void>;
  dial(channel: ChannelId, timeoutMs: number): Promise<void>;
  /**
   * One that is there already stays as it is. A bridge for two must never hold a third: Asterisk would mix the three in another
   * way and go back to the former with two, and on the way back the sound between them is lost in one direction, for good, in
   * one case of five on a busy machine.
   */
  createBridge(bridge: BridgeId, name: string, holds?: BridgeHolds): Promise<void>;
  destroyBridge(bridge: BridgeId): Promise<void>;
  addToBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void>;
  /** The same for those who only listen: nobody hears them. */
  addListeners(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void>;
  /** The same for those in a conference: they hear nothing of each other's keys. */
  addToConference(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void>;
  /** Nothing that is said at the channel is heard any more; what is heard there stays. Twice does nothing twice. */
  mute(channel: ChannelId): Promise<void>;
  unmute(channel: ChannelId): Promise<void>;
  /**
   * From now on it is told when somebody at the channel begins to talk, and after `silenceMs` without a word that it is over.
   * Lasts as long as the channel.
   */
  detectTalking(channel: ChannelId, silenceMs: number): Promise<void>;
  /** From now on it is told when somebody at the channel sends a tone of this frequency for at least so long. */
  detectTone(channel: ChannelId, hz: number, ms: number): Promise<void>;
  /**
   * Has the node listen whether a person or a machine has answered: the channel leaves the application (StasisEnd) and comes
   * back with a StasisStart whose arguments are `amd`, HUMAN, MACHINE, NOTSURE or HANGUP, and why.
   */
  detectMachine(channel: ChannelId): Promise<void>;
  /** How the channel has sounded so far; undefined where nothing is known of it. Fails with `gone` where it has no RTP. */
  soundOf(channel: ChannelId): Promise<LegSound | undefined>;
  /** Packets of sound that have come from the far end so far: some phones send none while nobody speaks. */
  packetsFrom(channel: ChannelId): Promise<number>;
  /** Records what is heard in a bridge, mixed, silence too; ends with `stopRecording`, or with the bridge. */
  recordBridge(bridge: BridgeId, options: Pick<RecordOptions, 'name' | 'format'>): Promise<void>;
  /** Heard by everybody in the bridge, over their talk. Its end is reported to nobody. */
  playToBridge(bridge: BridgeId, playback: PlaybackId, media: readonly string[]): Promise<void>;
  removeFromBridge(bridge: BridgeId, channels: readonly ChannelId[]): Promise<void>;
  /**
   * A listener on one direction of a channel, or both: silent, or heard by the channel's person (`out`) or by everybody (`both`).
   * Resolves when it is in Stasis and can record.
   */
  snoop(
    channel: ChannelId,
    snoop: ChannelId,
    spy: 'in' | 'out' | 'both',
    whisper?: 'none' | 'out' | 'both',
  ): Promise<void>;
  record(channel: ChannelId, options: RecordOptions): Promise<void>;
  stopRecording(name: string): Promise<void>;
  /** True while a recording runs; false once it is over, and where there never was one. */
  isRecording(name: string): Promise<boolean>;
  sendDtmf(channel: ChannelId, digits: string): Promise<void>;
  /** Answers a phone that asked for a transfer. The phone then most often hangs up by itself. */
  transferProgress(channel: ChannelId, progress: TransferProgress): Promise<void>;
  /** Gives the channel back to the dialplan, behind the place where it entered the application. */
  continueInDialplan(channel: ChannelId): Promise<void>;
  /** Makes a channel that runs a context of the node's own dialplan. */
  runDialplan(endpoint: string, context: string, extension: string): Promise<void>;
  setVariable(channel: ChannelId, name: string, value: string): Promise<void>;
  /** Writes our mark on the channel; it comes back in every later snapshot of it, also to another process. */
  markChannel(channel: ChannelId, mark: string): Promise<void>;
  /** Delivers ChannelDestroyed also for channels that we did not originate. */
  watchChannel(channel: ChannelId): Promise<void>;
  listChannels(): Promise<readonly ChannelSnapshot[]>;
  listBridges(): Promise<readonly BridgeSnapshot[]>;
  readonly recordings: StoredRecordings;
  readonly admin: PbxAdmin;
}

/** Finished recordings on a node. Names are our own ids, never user text: Asterisk lets `..` escape its folder. */
export interface StoredRecordings {
  list(): Promise<readonly string[]>;
  /** The whole file; rejects with kind `gone` where there is none. */
  fetch(name: string): Promise<Buffer>;
  remove(name: string): Promise<void>;
}

export type PjsipType = 'auth' | 'aor' | 'endpoint' | 'identify' | 'registration';

export interface EndpointState {
  /** `2001`, `trunk-1` */
  readonly name: string;
  readonly online: boolean;
  readonly channels: number;
}

/** What became of our registration at a carrier. */
export interface RegistrationState {
  /** As pushed: `sip:account@carrier.example`. */
  readonly clientUri: string;
  readonly serverUri: string;
  /** rejected: the carrier said no (wrong password, unknown account). unregistered: not tried yet, or no answer. */
  readonly status: 'registered' | 'unregistered' | 'rejected';
}

/** How something is that phones watch with a lamp key, in Asterisk's words for devices. */
export type LampState = 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'RINGING' | 'UNAVAILABLE';

/** Configuration and inventory of a node: the slow path, apart from calls. */
export interface PbxAdmin {
  putObject(type: PjsipType, id: string, fields: Readonly<Record<string, string>>): Promise<void>;
  /** Absent objects are no error. */
  deleteObject(type: PjsipType, id: string): Promise<void>;
  /** Fields of an object, undefined where absent. Contains passwords: never log. */
  getObject(type: PjsipType, id: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Ids of the objects of a type that were pushed to the node, by whomever; those from its files are not among them. */
  listObjects(type: PjsipType): Promise<readonly string[]>;
  endpoints(): Promise<readonly EndpointState[]>;
  /** Registrations that were tried at least once; undefined where the node does not tell (no res_prometheus). */
  registrations(): Promise<readonly RegistrationState[] | undefined>;
  /** What phones can watch with lamp keys, as it was last set; a node keeps it over a restart. */
  lamps(): Promise<ReadonlyMap<string, LampState>>;
  setLamp(name: string, state: LampState): Promise<void>;
  /** Absent ones are no error. */
  removeLamp(name: string): Promise<void>;
  /** Something about phones or trunks changed: ask `endpoints` again. */
  onEndpointChange(listener: () => void): void;
  /**
   * A global variable or dialplan function such as `DB_KEYS(fallback)`; '' where unset. Functions that Asterisk holds
   * for dangerous (`DB`, `FILE`, `SHELL`) are refused from outside the dialplan.
   */
  readGlobal(expression: string): Promise<string>;
  writeGlobal(expression: string, value: string): Promise<void>;
  version(): Promise<string>;
  /** Whether a module is loaded, by its file: `codec_opus.so`. */
  hasModule(file: string): Promise<boolean>;
  /** Changes with each start of Asterisk. */
  startedAt(): Promise<string>;
}

/** Why a command failed. gone: the channel, bridge, playback or recording is no more. */
export type AriFailure = 'gone' | 'refused' | 'timeout' | 'unavailable';

export class AriError extends Error {
  override readonly name = 'AriError';
  constructor(
    readonly failure: AriFailure,
    readonly command: string,
    /** HTTP status, 0 where there was no answer. */
    readonly status: number,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${command}: ${failure} (${String(status)}) ${detail}`, options);
  }
}

/**
 * Runs a command whose failure changes nothing: what it would clear is gone, or its node is away. Other errors, and the end
 * of the scope, go on.
 */
export async function quietly(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
  }
}
