import {
  derivedId,
  type CallId,
  type ChannelId,
  type EventId,
  type RecordingId,
} from '../../kernel/ids.js';
import type { CallEventBody, CallResult, Ledger } from '../../kernel/call-event.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { AriEventOf } from '../ari/events.js';
import type { AriPort } from '../ari/port.js';
import type { CallServices } from './services.js';

/** First argument of the channel that hands over a note; see `asterisk/etc/extensions.conf`. */
export const FALLBACK_NOTE = 'fallback-note';

/** A call that the node's dialplan served alone while the program was away. */
export interface FallbackNote {
  readonly startedAt: number;
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly outcome: string;
  readonly durationMs: number;
  readonly recording: string;
  readonly source: string;
}

/** `epoch|from|to|name|outcome|seconds|recording|source|endpoint`; undefined where it is something else. */
export function parseFallbackNote(text: string): FallbackNote | undefined {
  const [
    epoch = '',
    from = '',
    to = '',
    name = '',
    outcome = '',
    seconds = '',
    recording = '',
    source = '',
  ] = text.split('|');
  const startedAt = Number(epoch) * 1000;
  if (!Number.isFinite(startedAt) || startedAt <= 0 || outcome === '') return undefined;
  const durationMs = Math.max(0, Number(seconds) || 0) * 1000;
  return { startedAt, from, to, name, outcome, durationMs, recording, source };
}

/** Asks the node for its notes; each comes as a channel of its own. */
export async function askForFallbackNotes(ari: AriPort): Promise<void> {
  await ari.runDialplan('Local/idle@fallback-notes/n', 'fallback-notes', 'read');
}

/** Writes a kept call into the ledger, then lets the node forget it. A note that comes twice is written once. */
export async function takeFallbackNote(
  ari: AriPort,
  event: AriEventOf<'StasisStart'>,
  deps: { readonly ledger: Ledger; readonly services: CallServices },
): Promise<void> {
  const [, key = '', text = ''] = event.args;
  const note = parseFallbackNote(decode(text));
  if (note === undefined)
    deps.services.log.warn({ node: ari.node, key }, 'a note of a kept call cannot be read');
  else append(ari.node, key, note, deps);
  await ari.continueInDialplan(event.channel);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // Not our encoding: parsed as it is, it will be reported as unreadable.
    if (error instanceof URIError) return text;
    throw error;
  }
}

const RESULTS: Readonly<Record<string, CallResult>> = {
  message: 'voicemail',
  'no-message': 'abandoned',
  abandoned: 'abandoned',
  congestion: 'failed',
};

function append(
  node: string,
  key: string,
  note: FallbackNote,
  { ledger, services }: Parameters<typeof takeFallbackNote>[2],
): void {
  const id = (what: string): string => derivedId(note.startedAt, `${node}/${key}/${what}`);
  const callId = id('call') as CallId;
  bodies(node, key, note, services, id('recording') as RecordingId).forEach((body, seq) => {
    const at = seq < 2 ? note.startedAt : note.startedAt + note.durationMs;
    ledger.append({ ...body, id: id(String(seq)) as EventId, callId, seq, at });
  });
}

function bodies(
  node: string,
  key: string,
  note: FallbackNote,
  { directory, country }: CallServices,
  recordingId: RecordingId,
): readonly CallEventBody[] {
  const to = normaliseNumber(note.to, country);
  const from = normaliseNumber(note.from, country);
  const did = directory.current.didsByNumber.get(to);
  const leg = `kept-${key}` as ChannelId;
  const message: CallEventBody = {
    kind: 'voicemail-left',
    recordingId,
    file: note.recording,
    node,
    // Known when the file has been fetched.
    durationMs: 0,
  };
  return [
    {
      kind: 'call-arrived',
      direction: note.source === 'phone' ? 'internal' : 'inbound',
      from,
      fromName: note.name,
      to,
      node,
      ...(did === undefined ? {} : { didId: did.id }),
    },
    { kind: 'leg-started', leg, role: 'caller', number: from, name: note.name },
    ...(note.outcome === 'message' && note.recording !== '' ? [message] : []),
    { kind: 'leg-ended', leg, cause: 16 },
    {
      kind: 'call-ended',
      result: RESULTS[note.outcome] ?? 'abandoned',
      endedBy: 'caller',
      cause: 16,
      reason: 'program-away',
    },
  ];
}
