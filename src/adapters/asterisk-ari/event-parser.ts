import type { LegSound } from '../../kernel/call-event.js';
import type { BridgeId, ChannelId, PlaybackId } from '../../kernel/ids.js';
import type {
  AriEvent,
  BridgeSnapshot,
  ChannelSnapshot,
  ChannelState,
} from '../../telephony/ari/port.js';

/** What a message on the event socket turned out to be. Nothing that Asterisk sends makes the parser throw. */
export type ParsedMessage =
  | { readonly kind: 'event'; readonly event: AriEvent }
  | { readonly kind: 'endpoint-changed' }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'ignored'; readonly type: string }
  | { readonly kind: 'malformed' };

/** The variable that carries our mark; `report_events` puts it into every later event of the channel. */
export const MARK_VARIABLE = 'CB_CALL';

/**
 * The types that are wanted, as the node's event filter names them. Half of all events are ChannelVarset: what is not
 * in this list is not even sent.
 */
export const WANTED_EVENTS = [
  'StasisStart',
  'StasisEnd',
  'ChannelDestroyed',
  'ChannelHangupRequest',
  'ChannelStateChange',
  'ChannelDtmfReceived',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelTalkingStarted',
  'ChannelTalkingFinished',
  'ChannelToneDetected',
  'ChannelTransfer',
  'PlaybackFinished',
  'RecordingFinished',
  'RecordingFailed',
  'Dial',
  'ChannelEnteredBridge',
  'ChannelLeftBridge',
  'ApplicationReplaced',
] as const;

/** What the socket that watches endpoints wants: a phone or a trunk came or went. */
export const WANTED_ENDPOINT_EVENTS = [
  'ContactStatusChange',
  'PeerStatusChange',
  'ApplicationReplaced',
] as const;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const part = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);

const STATES: Readonly<Record<string, ChannelState>> = {
  Down: 'Down',
  Ring: 'Ring',
  Ringing: 'Ringing',
  Up: 'Up',
};
const state = (value: unknown): ChannelState => STATES[text(value)] ?? 'Other';

/** Those of a list that can be read. */
export function parseList<T>(answer: unknown, parse: (entry: unknown) => T | undefined): T[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((entry: unknown) => parse(entry) ?? []);
}

/** A channel of an event or a list; undefined where it has no id. */
export function parseChannel(value: unknown): ChannelSnapshot | undefined {
  const channel = part(value);
  const id = text(channel?.['id']);
  if (channel === undefined || id === '') return undefined;
  const caller = part(channel['caller']);
  const mark = text(part(channel['channelvars'])?.[MARK_VARIABLE]);
  const dialplan = part(channel['dialplan']);
  // `cordboard,trunk,+442079460110`: the application's name, then its arguments.
  const inStasis = text(dialplan?.['app_name']) === 'Stasis';
  const [, ...stasisArgs] = text(dialplan?.['app_data']).split(',');
  return {
    id: id as ChannelId,
    name: text(channel['name']),
    state: state(channel['state']),
    callerNumber: text(caller?.['number']),
    callerName: text(caller?.['name']),
    exten: text(dialplan?.['exten']),
    createdAt: parseInstant(text(channel['creationtime'])),
    ...(inStasis ? { stasisArgs } : {}),
    ...(mark === '' ? {} : { mark }),
  };
}

/** A bridge of a list; undefined where it has no id. */
export function parseBridge(value: unknown): BridgeSnapshot | undefined {
  const bridge = part(value);
  const id = text(bridge?.['id']);
  if (bridge === undefined || id === '') return undefined;
  const channels = Array.isArray(bridge['channels']) ? (bridge['channels'] as unknown[]) : [];
  return {
    id: id as BridgeId,
    channels: channels.filter((channel) => typeof channel === 'string') as ChannelId[],
  };
}

/** Endpoints whose events an application gets, by its description: `PJSIP`, `PJSIP/2001`. */
export function parseEndpointSubscriptions(application: unknown): readonly string[] {
  const ids = part(application)?.['endpoint_ids'];
  return Array.isArray(ids) ? (ids as unknown[]).filter((id) => typeof id === 'string') : [];
}

/** Packets received, of the statistics of a channel's RTP. */
export const parsePacketsReceived = (statistics: unknown): number =>
  number(part(statistics)?.['rxcount']);

/** Asterisk counts jitter and round trips in seconds; with a part of a packet lost nobody is helped. */
export function parseLegSound(statistics: unknown): LegSound {
  const all = part(statistics);
  const count = (name: string): number => Math.max(0, Math.round(number(all?.[name])));
  const ms = (name: string): number => Math.max(0, Math.round(number(all?.[name]) * 10_000) / 10);
  return {
    ...{ received: count('rxcount'), lost: count('rxploss'), jitterMs: ms('rxjitter') },
    ...{ sent: count('txcount'), farLost: count('txploss'), farJitterMs: ms('txjitter') },
    roundTripMs: ms('rtt'),
  };
}

/** Asterisk writes `2026-11-22T01:43:01.898+0000`, which is not quite ISO 8601. 0 where it cannot be read. */
function parseInstant(written: string): number {
  const at = Date.parse(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? 0 : at;
}

type Build = (message: Json, channel: ChannelId) => AriEvent | undefined;

/** Events that are told by the channel in `channel`. */
const BUILDERS: Readonly<Record<string, Build>> = {
  StasisStart: (message, channel) => {
    const snapshot = parseChannel(message['channel']);
    const args = Array.isArray(message['args']) ? (message['args'] as unknown[]).map(text) : [];
    return snapshot && { type: 'StasisStart', channel, snapshot, args };
  },
  StasisEnd: (_, channel) => ({ type: 'StasisEnd', channel }),
  ChannelDestroyed: (message, channel) => ({
    type: 'ChannelDestroyed',
    channel,
    cause: number(message['cause']),
    techCause: number(message['tech_cause']),
  }),
  ChannelHangupRequest: (message, channel) => ({
    type: 'ChannelHangupRequest',
    channel,
    cause: number(message['cause']),
  }),
  ChannelStateChange: (message, channel) => ({
    type: 'ChannelStateChange',
    channel,
    state: state(part(message['channel'])?.['state']),
  }),
  ChannelDtmfReceived: (message, channel) => ({
    type: 'ChannelDtmfReceived',
    channel,
    digit: text(message['digit']),
    durationMs: number(message['duration_ms']),
  }),
  ChannelHold: (_, channel) => ({ type: 'ChannelHold', channel }),
  ChannelUnhold: (_, channel) => ({ type: 'ChannelUnhold', channel }),
  ChannelTalkingStarted: (_, channel) => ({ type: 'ChannelTalkingStarted', channel }),
  ChannelTalkingFinished: (_, channel) => ({ type: 'ChannelTalkingFinished', channel }),
  ChannelToneDetected: (_, channel) => ({ type: 'ChannelToneDetected', channel }),
  ChannelEnteredBridge: (message, channel) => bridged('ChannelEnteredBridge', message, channel),
  ChannelLeftBridge: (message, channel) => bridged('ChannelLeftBridge', message, channel),
};

function bridged(
  type: 'ChannelEnteredBridge' | 'ChannelLeftBridge',
  message: Json,
  channel: ChannelId,
): AriEvent | undefined {
  const bridge = text(part(message['bridge'])?.['id']);
  return bridge === '' ? undefined : { type, channel, bridge: bridge as BridgeId };
}

/** `channel:1795312141.6`; undefined for what plays to or records a bridge. */
function targetChannel(uri: unknown): ChannelId | undefined {
  const written = text(uri);
  return written.startsWith('channel:')
    ? (written.slice('channel:'.length) as ChannelId)
    : undefined;
}

function playbackFinished(message: Json): ParsedMessage {
  const playback = part(message['playback']);
  const id = text(playback?.['id']);
  if (playback === undefined || id === '') return { kind: 'malformed' };
  const channel = targetChannel(playback['target_uri']);
  if (channel === undefined) return { kind: 'ignored', type: 'PlaybackFinished' };
  return {
    kind: 'event',
    event: {
      type: 'PlaybackFinished',
      channel,
      playback: id as PlaybackId,
      failed: playback['state'] === 'failed',
    },
  };
}

/** Asterisk counts whole seconds. */
function recordingFinished(message: Json): ParsedMessage {
  const recording = part(message['recording']);
  const name = text(recording?.['name']);
  if (recording === undefined || name === '') return { kind: 'malformed' };
  const channel = targetChannel(recording['target_uri']);
  if (channel === undefined) return { kind: 'ignored', type: 'RecordingFinished' };
  const durationMs = number(recording['duration']) * 1000;
  const talking = recording['talking_duration'];
  return {
    kind: 'event',
    event: {
      type: 'RecordingFinished',
      channel,
      name,
      failed: message['type'] === 'RecordingFailed' || recording['state'] === 'failed',
      durationMs,
      talkingMs: typeof talking === 'number' ? talking * 1000 : durationMs,
    },
  };
}

function dial(message: Json): ParsedMessage {
  const peer = text(part(message['peer'])?.['id']);
  if (peer === '') return { kind: 'malformed' };
  const progress = text(message['dialstatus']);
  return { kind: 'event', event: { type: 'Dial', channel: peer as ChannelId, progress } };
}

/** What a phone asks for. Asterisk repeats each with a `state` when it is answered: that is no new request. */
function transfer(message: Json): ParsedMessage {
  if (message['state'] !== undefined) return { kind: 'ignored', type: 'ChannelTransfer' };
  const to = part(message['refer_to']);
  const channel = text(part(part(message['referred_by'])?.['source_channel'])?.['id']);
  if (to === undefined || channel === '') return { kind: 'malformed' };
  const destination = part(to['requested_destination']);
  const consult = text(part(to['destination_channel'])?.['id']);
  return {
    kind: 'event',
    event: {
      type: 'ChannelTransfer',
      channel: channel as ChannelId,
      destination: text(destination?.['destination']),
      ...(consult === '' ? {} : { consult: consult as ChannelId }),
    },
  };
}

/** Turns one message of the event socket into what the program understands. */
export function parseMessage(written: string): ParsedMessage {
  let message: unknown;
  try {
    message = JSON.parse(written);
  } catch {
    return { kind: 'malformed' };
  }
  if (!isObject(message)) return { kind: 'malformed' };
  const type = text(message['type']);
  switch (type) {
    case '':
      return { kind: 'malformed' };
    case 'ApplicationReplaced':
      return { kind: 'replaced' };
    case 'ContactStatusChange':
    case 'PeerStatusChange':
      return { kind: 'endpoint-changed' };
    case 'PlaybackFinished':
      return playbackFinished(message);
    case 'RecordingFinished':
    case 'RecordingFailed':
      return recordingFinished(message);
    case 'Dial':
      return dial(message);
    case 'ChannelTransfer':
      return transfer(message);
    default: {
      if (!Object.hasOwn(BUILDERS, type)) return { kind: 'ignored', type };
      const channel = text(part(message['channel'])?.['id']);
      const event = channel === '' ? undefined : BUILDERS[type]?.(message, channel as ChannelId);
      return event === undefined ? { kind: 'malformed' } : { kind: 'event', event };
    }
  }
}
