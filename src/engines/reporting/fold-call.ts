import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, ExtensionId, RecordingId } from '../../kernel/ids.js';
import type { CallRow, FoldedCall, LegRow, RecordingRow, VoicemailRow } from './call-rows.js';
import { foldLegs } from './fold-legs.js';
import { foldPath } from './fold-path.js';
import { foldTimes } from './fold-times.js';
import { foldVisits } from './fold-visits.js';

/** The event type of one kind. */
export type EventOf<K extends CallEvent['kind']> = Extract<CallEvent, { readonly kind: K }>;

/** Events of a call in the order in which they happened, each once. */
export function orderEvents(events: readonly CallEvent[]): readonly CallEvent[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return [...byId.values()].sort(
    (a, b) => a.seq - b.seq || a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** The events of one kind, in the order given. */
export const ofKind = <K extends CallEvent['kind']>(
  events: readonly CallEvent[],
  kind: K,
): readonly EventOf<K>[] => events.filter((event): event is EventOf<K> => event.kind === kind);

/**
 * Folds all known events of one call into its rows. The same set of events gives the same rows, whatever the order and
 * however often each is given; more events only add rows or complete them. Kinds that it does not know count for nothing.
 */
export function foldCall(events: readonly CallEvent[]): FoldedCall {
  const ordered = orderEvents(events);
  const legs = foldLegs(ordered);
  const recordings = foldRecordings(ordered);
  return {
    call: foldCallRow(ordered, legs, recordings),
    legs,
    recordings,
    voicemails: foldVoicemails(ordered),
    visits: foldVisits(ordered),
  };
}

function foldCallRow(
  ordered: readonly CallEvent[],
  legs: readonly LegRow[],
  recordings: readonly RecordingRow[],
): CallRow | undefined {
  const arrived = ofKind(ordered, 'call-arrived')[0];
  if (arrived === undefined) return undefined;
  const ended = ofKind(ordered, 'call-ended')[0];
  const times = foldTimes(ordered);
  return {
    id: arrived.callId,
    startedAt: arrived.at,
    answeredAt: times.firstConnectedAt,
    endedAt: ended?.at,
    direction: arrived.direction,
    fromNumber: arrived.from,
    fromName: arrived.fromName,
    toNumber: arrived.to,
    result: ended?.result,
    endedBy: ended?.endedBy,
    cause: ended?.cause,
    reason: ended?.reason ?? '',
    node: arrived.node,
    trunkId: arrived.trunkId ?? legs.findLast((leg) => leg.trunkId !== undefined)?.trunkId,
    didId: arrived.didId,
    queueId: ofKind(ordered, 'queue-entered').at(-1)?.queueId,
    agentId: foldAgent(ordered, legs),
    extensionId: arrived.extensionId ?? foldExtension(ordered, legs),
    language: ofKind(ordered, 'language-chosen').at(-1)?.language,
    path: foldPath(ordered),
    waitMs: times.waitMs,
    talkMs: times.talkMs,
    holdMs: times.holdMs,
    recordedMs: recordings
      .filter((recording) => recording.kind === 'call')
      .reduce((sum, recording) => sum + recording.durationMs, 0),
    test: arrived.test ?? false,
  };
}

function foldAgent(ordered: readonly CallEvent[], legs: readonly LegRow[]): AgentId | undefined {
  const connected = ofKind(ordered, 'connected').map(
    (event) => event.agentId ?? legs.find((leg) => leg.id === event.leg)?.agentId,
  );
  return (
    connected.findLast((id) => id !== undefined) ??
    legs.find((leg) => leg.role === 'caller')?.agentId
  );
}

function foldExtension(
  ordered: readonly CallEvent[],
  legs: readonly LegRow[],
): ExtensionId | undefined {
  const talked = ofKind(ordered, 'connected')
    .map((event) => legs.find((leg) => leg.id === event.leg)?.extensionId)
    .findLast((id) => id !== undefined);
  return talked ?? legs.findLast((leg) => leg.extensionId !== undefined)?.extensionId;
}

function foldRecordings(ordered: readonly CallEvent[]): readonly RecordingRow[] {
  const rows = new Map<RecordingId, RecordingRow>();
  for (const event of ordered) {
    if (event.kind === 'recording-ended')
      rows.set(event.recordingId, {
        id: event.recordingId,
        callId: event.callId,
        kind: 'call',
        node: event.node,
        nodeFiles: event.files,
        durationMs: event.recordedMs,
        createdAt: event.at,
      });
    else if (event.kind === 'voicemail-left')
      rows.set(event.recordingId, {
        id: event.recordingId,
        callId: event.callId,
        kind: 'voicemail',
        node: event.node,
        nodeFiles: [event.file],
        durationMs: event.durationMs,
        createdAt: event.at,
      });
  }
  return [...rows.values()];
}

function foldVoicemails(ordered: readonly CallEvent[]): readonly VoicemailRow[] {
  const rows = new Map<RecordingId, VoicemailRow>();
  for (const event of ofKind(ordered, 'voicemail-left'))
    rows.set(event.recordingId, {
      recordingId: event.recordingId,
      callId: event.callId,
      extensionId: event.extensionId,
      queueId: event.queueId,
      leftAt: event.at,
    });
  return [...rows.values()];
}
