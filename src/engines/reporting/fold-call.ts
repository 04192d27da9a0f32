import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, ExtensionId, QueueId, RecordingId } from '../../kernel/ids.js';
import type {
  CallRow,
  FoldedCall,
  LegRow,
  RecordingRow,
  RoomRecordingRow,
  VoicemailRow,
} from './call-rows.js';
import { foldLegs } from './fold-legs.js';
import { foldPath } from './fold-path.js';
import { foldQueueVisits } from './fold-queue-visits.js';
import { foldSurveys } from './fold-surveys.js';
import { foldTalks } from './fold-talks.js';
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
  const roomRecordings = foldRoomRecordings(ordered);
  return {
    call: foldCallRow(ordered, legs, [
      ...recordings.filter(({ kind }) => kind === 'call'),
      ...roomRecordings,
    ]),
    legs,
    recordings,
    roomRecordings,
    voicemails: foldVoicemails(ordered),
    visits: foldVisits(ordered),
    queueVisits: foldQueueVisits(ordered),
    surveys: foldSurveys(ordered),
    ...foldTalks(ordered),
  };
}

function foldCallRow(
  ordered: readonly CallEvent[],
  legs: readonly LegRow[],
  recordings: readonly { readonly durationMs: number }[],
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
    queueId: foldQueue(ordered),
    agentId: foldAgent(ordered, legs),
    extensionId: arrived.extensionId ?? foldExtension(ordered, legs),
    language: ofKind(ordered, 'language-chosen').at(-1)?.language,
    path: foldPath(ordered),
    waitMs: times.waitMs,
    talkMs: times.talkMs,
    holdMs: times.holdMs,
    recordedMs: recordings.reduce((sum, recording) => sum + recording.durationMs, 0),
    test: arrived.test ?? false,
  };
}

/** A call that was answered in one queue and given up in another counts where it was answered, as its result does. */
function foldQueue(ordered: readonly CallEvent[]): QueueId | undefined {
  const answered = ofKind(ordered, 'queue-left').findLast(({ outcome }) => outcome === 'answered');
  return answered?.queueId ?? ofKind(ordered, 'queue-entered').at(-1)?.queueId;
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
        kind: event.conferenceId === undefined ? 'call' : 'conference',
        node: event.node,
        nodeFiles: event.files,
        durationMs: event.recordedMs,
        createdAt: event.at,
      });
    else if (event.kind === 'voicemail-left' || event.kind === 'survey-comment')
      rows.set(event.recordingId, {
        id: event.recordingId,
        callId: event.callId,
        kind: event.kind === 'voicemail-left' ? 'voicemail' : 'comment',
        node: event.node,
        nodeFiles: [event.file],
        durationMs: event.durationMs,
        createdAt: event.at,
      });
  }
  return [...rows.values()];
}

/** A caller who comes and goes is in the recording of a room more than once. */
function foldRoomRecordings(ordered: readonly CallEvent[]): readonly RoomRecordingRow[] {
  const rows = new Map<RecordingId, RoomRecordingRow>();
  for (const { callId, recordingId, conferenceId, recordedMs } of ofKind(
    ordered,
    'conference-recorded',
  )) {
    const before = rows.get(recordingId)?.durationMs ?? 0;
    rows.set(recordingId, { callId, recordingId, conferenceId, durationMs: before + recordedMs });
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
