import type { Clock } from '../../src/kernel/clock.js';
import type { BridgeId, ChannelId, PlaybackId } from '../../src/kernel/ids.js';
import type {
  BridgeHolds,
  ChannelState,
  RecordOptions,
  TransferProgress,
} from '../../src/telephony/ari/port.js';

/** What the far end of an originated channel does. Times run from the moment it is called. */
export type FarEnd =
  /** Rings at once, answers after `afterMs`, and hangs up `talkMs` later where given. */
  | {
      readonly kind: 'answers';
      readonly afterMs?: number;
      readonly talkMs?: number;
      /** What machine detection finds, after two seconds; HUMAN where not given. */
      readonly detected?: 'HUMAN' | 'MACHINE' | 'NOTSURE';
    }
  /** Rings until the caller gives up. */
  | { readonly kind: 'rings' }
  | {
      readonly kind: 'busy' | 'declines' | 'unknown-number' | 'congestion';
      readonly afterMs?: number;
    }
  /** Says nothing at all: the time-out ends it with cause 18. */
  | { readonly kind: 'silent' }
  /** Not registered: the command itself is refused. */
  | { readonly kind: 'unreachable' };

/** How Asterisk reports a far end that says no. */
export const REFUSALS = {
  busy: { progress: 'BUSY', cause: 17, techCause: 486 },
  declines: { progress: 'NOANSWER', cause: 21, techCause: 603 },
  'unknown-number': { progress: 'NOANSWER', cause: 1, techCause: 404 },
  congestion: { progress: 'CONGESTION', cause: 34, techCause: 503 },
} as const;

export interface FakeChannel {
  readonly id: ChannelId;
  readonly name: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly exten: string;
  readonly createdAt: number;
  appArgs: readonly string[];
  readonly variables: Map<string, string>;
  /** Ends with the channel: timers of far end, dialling and talking. */
  readonly timers: Set<() => void>;
  state: ChannelState;
  inStasis: boolean;
  /** ChannelDestroyed is delivered: originated by us, or watched. */
  watched: boolean;
  mark: string | undefined;
  music: string | undefined;
  bridge: BridgeId | undefined;
  snoopOf: ChannelId | undefined;
  /** Ringing (180) was asked for. */
  ringing: boolean;
  isMuted: boolean;
  /** Tells when its person talks. */
  detectsTalking: boolean;
  /** Its phone sends no packets at all. */
  sendsNothing: boolean;
  /** When its person speaks, for recordings that end with silence. */
  readonly speech: { readonly from: number; readonly until: number }[];
  readonly sentDtmf: string[];
  /** How its requests for a transfer were answered. */
  readonly referrals: TransferProgress[];
  farEnd: FarEnd | undefined;
}

export interface FakeBridge {
  readonly id: BridgeId;
  readonly name: string;
  readonly holds: BridgeHolds;
  readonly channels: Set<ChannelId>;
}

export interface FakePlayback {
  readonly id: PlaybackId;
  readonly channel: ChannelId;
  readonly media: readonly string[];
  readonly language: string;
  cancelTimer: (() => void) | undefined;
}

export interface FakeRecording {
  /** Absent for one of a bridge. */
  readonly channel?: ChannelId;
  readonly bridge?: BridgeId;
  readonly options: RecordOptions;
  readonly startedAt: number;
  cancelTimer: (() => void) | undefined;
}

/** Calls back after virtual time; the returned function calls it off. Zero is the next microtask. */
export function after(clock: Clock, ms: number, run: () => void): () => void {
  const controller = new AbortController();
  if (ms <= 0)
    queueMicrotask(() => {
      if (!controller.signal.aborted) run();
    });
  else
    clock.sleep(ms, controller.signal).then(run, (error: unknown) => {
      if (!controller.signal.aborted) throw error;
    });
  return () => {
    controller.abort(new Error('called off'));
  };
}

/** A silent 8 kHz WAV of that length, as Asterisk would have stored it. */
export function silentWav(durationMs: number): Buffer {
  const data = Math.round(durationMs * 8) * 2;
  const wav = Buffer.alloc(44 + data);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + data, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(data, 40);
  return wav;
}
