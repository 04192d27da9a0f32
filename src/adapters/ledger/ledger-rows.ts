import type { AgentStateChange } from '../../kernel/agent-state-change.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type {
  CallRow,
  LegRow,
  RecordingRow,
  RoomRecordingRow,
  VoicemailRow,
} from '../../engines/reporting/call-rows.js';
import type { QueueVisitRow } from '../../engines/reporting/fold-queue-visits.js';
import type { SurveyAnswerRow, SurveyRunRow } from '../../engines/reporting/fold-surveys.js';
import type { TalkRow, TransferRow } from '../../engines/reporting/fold-talks.js';
import type { VisitRow } from '../../engines/reporting/fold-visits.js';

const MAX_UNSIGNED = 4_294_967_295;

/** Cuts to the column's length in characters, as the database counts them. Callers choose their names. */
const cut = (text: string, length: number): string => {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
};
const count = (value: number): number => Math.min(Math.max(0, Math.round(value)), MAX_UNSIGNED);
const countOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : count(value);
const date = (at: number): Date => new Date(at);
const dateOrNull = (at: number | undefined): Date | null =>
  at === undefined ? null : new Date(at);

/** Column values of the tables that the ledger fills; see the migration for their meaning. */
export const eventColumns = ({ id, callId, seq, at, kind, ...body }: CallEvent) => ({
  id,
  call_id: callId,
  seq,
  at: date(at),
  kind,
  body: JSON.stringify(body),
});

export const agentStateColumns = (change: AgentStateChange) => ({
  id: change.id,
  agent_id: change.agentId,
  at: date(change.at),
  state: change.state,
  reason: cut(change.reason, 64),
  note: change.note === undefined ? null : cut(change.note, 300),
  call_id: change.callId ?? null,
});

export const callColumns = (call: CallRow) => ({
  id: call.id,
  started_at: date(call.startedAt),
  answered_at: dateOrNull(call.answeredAt),
  ended_at: dateOrNull(call.endedAt),
  direction: call.direction,
  from_number: cut(call.fromNumber, 64),
  from_name: cut(call.fromName, 120),
  to_number: cut(call.toNumber, 64),
  result: call.result ?? null,
  ended_by: call.endedBy ?? null,
  cause: countOrNull(call.cause),
  reason: cut(call.reason, 120),
  node: cut(call.node, 64),
  trunk_id: call.trunkId ?? null,
  did_id: call.didId ?? null,
  queue_id: call.queueId ?? null,
  agent_id: call.agentId ?? null,
  extension_id: call.extensionId ?? null,
  language: call.language ?? null,
  path: cut(call.path, 255),
  wait_ms: count(call.waitMs),
  talk_ms: count(call.talkMs),
  hold_ms: count(call.holdMs),
  recorded_ms: count(call.recordedMs),
  test: call.test,
});

export const legColumns = (leg: LegRow) => ({
  id: leg.id,
  call_id: leg.callId,
  role: leg.role,
  number: cut(leg.number, 64),
  name: cut(leg.name, 120),
  agent_id: leg.agentId ?? null,
  extension_id: leg.extensionId ?? null,
  trunk_id: leg.trunkId ?? null,
  started_at: date(leg.startedAt),
  answered_at: dateOrNull(leg.answeredAt),
  ended_at: dateOrNull(leg.endedAt),
  cause: countOrNull(leg.cause),
  tech_cause: countOrNull(leg.techCause),
});

export const recordingColumns = (recording: RecordingRow) => ({
  id: recording.id,
  call_id: recording.callId,
  kind: recording.kind,
  state: 'waiting',
  node: cut(recording.node, 64),
  node_files: JSON.stringify(recording.nodeFiles),
  duration_ms: count(recording.durationMs),
  created_at: date(recording.createdAt),
});

export const roomRecordingColumns = (row: RoomRecordingRow) => ({
  call_id: row.callId,
  recording_id: row.recordingId,
  conference_id: row.conferenceId,
  recorded_ms: count(row.durationMs),
});

export const voicemailColumns = (voicemail: VoicemailRow) => ({
  recording_id: voicemail.recordingId,
  call_id: voicemail.callId,
  extension_id: voicemail.extensionId ?? null,
  queue_id: voicemail.queueId ?? null,
  left_at: date(voicemail.leftAt),
});

export const visitColumns = (visit: VisitRow) => ({
  call_id: visit.callId,
  n: visit.n,
  flow_id: visit.flowId,
  version: count(visit.version),
  step: visit.step,
  step_kind: visit.stepKind,
  label: cut(visit.label, 80),
  call_at: date(visit.callAt),
  entered_at: date(visit.enteredAt),
  ms: count(visit.ms),
  outcome: visit.outcome,
  exit_name: visit.exit,
  moved_after_ms: countOrNull(visit.movedAfterMs),
  test: visit.test,
});

export const queueVisitColumns = (visit: QueueVisitRow) => ({
  call_id: visit.callId,
  n: visit.n,
  queue_id: visit.queueId,
  direction: visit.direction,
  entered_at: date(visit.enteredAt),
  left_at: dateOrNull(visit.leftAt),
  outcome: visit.outcome ?? null,
  reason: cut(visit.reason, 120),
  wait_ms: count(visit.waitMs),
  expected_ms: visit.expectedMs === undefined ? null : count(visit.expectedMs),
  agent_id: visit.agentId ?? null,
  test: visit.test,
});

export const surveyRunColumns = (run: SurveyRunRow) => ({
  id: run.id,
  call_id: run.callId,
  survey_id: run.surveyId,
  version: count(run.version),
  queue_id: run.queueId ?? null,
  agent_id: run.agentId ?? null,
  from_number: cut(run.fromNumber, 64),
  call_at: date(run.callAt),
  offered_at: date(run.offeredAt),
  begun_at: dateOrNull(run.begunAt),
  outcome: run.outcome,
  answers: count(run.answers),
  test: run.test,
});

export const surveyAnswerColumns = (answer: SurveyAnswerRow) => ({
  run_id: answer.runId,
  question_id: answer.questionId,
  survey_id: answer.surveyId,
  call_at: date(answer.callAt),
  value: countOrNull(answer.value),
  recording_id: answer.recordingId ?? null,
  answered_at: date(answer.answeredAt),
});

export const talkColumns = (talk: TalkRow) => ({
  call_id: talk.callId,
  n: talk.n,
  leg_id: talk.leg,
  agent_id: talk.agentId ?? null,
  extension_id: talk.extensionId ?? null,
  queue_id: talk.queueId ?? null,
  kind: talk.kind,
  started_at: date(talk.startedAt),
  ended_at: date(talk.endedAt),
  talk_ms: count(talk.talkMs),
  hold_ms: count(talk.holdMs),
  ending: talk.ending,
  test: talk.test,
});

export const transferColumns = (transfer: TransferRow) => ({
  call_id: transfer.callId,
  n: transfer.n,
  at: date(transfer.at),
  how: transfer.how,
  via: transfer.via,
  agent_id: transfer.agentId ?? null,
  extension_id: transfer.extensionId ?? null,
  queue_id: transfer.queueId ?? null,
  to_kind: transfer.to.kind,
  to_id: transfer.to.id ?? null,
  to_number: cut(transfer.to.number, 64),
  to_name: cut(transfer.to.name, 120),
  talked_ms: count(transfer.talkedMs),
  is_returned: transfer.isReturned,
  is_misrouted: transfer.isMisrouted,
  test: transfer.test,
});
