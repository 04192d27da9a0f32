import { expect } from 'chai';
import type { CallEvent } from '../../src/kernel/call-event.js';
import { foldCall } from '../../src/engines/reporting/fold-call.js';
import {
  callColumns,
  legColumns,
  recordingColumns,
  roomRecordingColumns,
  surveyAnswerColumns,
  surveyRunColumns,
  voicemailColumns,
} from '../../src/adapters/ledger/ledger-rows.js';
import { toCallEvent, type EventTableRow } from '../../src/engines/reporting/table-rows.js';
import type { Database } from '../../src/adapters/mysql/database.js';

type Row = Record<string, unknown>;
/** As the driver gives it back: flags as 0 and 1, JSON parsed. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value;
};

async function expectRows(
  database: Database,
  table: string,
  key: string,
  expected: readonly Row[],
): Promise<void> {
  const columns = Object.keys(expected[0] ?? { [key]: '' });
  const rows = await database(table).select<Row[]>(columns);
  const byKey = (list: readonly Row[]): Row[] =>
    [...list].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
  const normal = expected.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
  );
  expect(byKey(rows), table).to.deep.equal(byKey(normal));
}

/** Exact equality of what was appended with every table that the ledger fills: nothing lost, nothing doubled. */
export async function expectLedger(
  database: Database,
  appended: readonly CallEvent[],
): Promise<void> {
  const rows = await database('call_events').select<EventTableRow[]>('*');
  const sorted = (events: readonly CallEvent[]): CallEvent[] =>
    [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(sorted(rows.map(toCallEvent)), 'call_events').to.deep.equal(sorted(appended));

  const folded = [...new Set(appended.map((event) => event.callId))].map((callId) =>
    foldCall(appended.filter((event) => event.callId === callId)),
  );
  const calls = folded.flatMap(({ call }) => (call === undefined ? [] : [callColumns(call)]));
  await expectRows(database, 'calls', 'id', calls);
  const legs = folded.flatMap((call) => call.legs.map(legColumns));
  await expectRows(database, 'call_legs', 'id', legs);
  const recordings = folded.flatMap((call) => call.recordings.map(recordingColumns));
  await expectRows(database, 'recordings', 'id', recordings);
  const rooms = folded.flatMap((call) => call.roomRecordings.map(roomRecordingColumns));
  await expectRows(database, 'conference_recordings', 'recording_id', rooms);
  const voicemails = folded.flatMap((call) => call.voicemails.map(voicemailColumns));
  await expectRows(database, 'voicemails', 'recording_id', voicemails);
  const runs = folded.flatMap(({ surveys }) => surveys.runs.map(surveyRunColumns));
  await expectRows(database, 'survey_runs', 'id', runs);
  const answers = folded.flatMap(({ surveys }) => surveys.answers.map(surveyAnswerColumns));
  await expectRows(database, 'survey_answers', 'run_id', answers);
}

/** Empties the tables that the ledger fills. */
export async function clearLedger(database: Database): Promise<void> {
  for (const table of [
    'call_events',
    'calls',
    'call_legs',
    'call_talks',
    'call_transfers',
    'queue_visits',
    'recordings',
    'conference_recordings',
    'voicemails',
    'survey_runs',
    'survey_answers',
    'agent_state_changes',
    'agent_spans',
    'ended_calls',
    'missed_callers',
    'missed_caller_calls',
  ])
    await database(table).del();
}
