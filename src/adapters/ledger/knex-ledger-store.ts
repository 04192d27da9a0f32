import type { Knex } from 'knex';
import type { CallEvent } from '../../kernel/call-event.js';
import { foldCall } from '../../engines/reporting/fold-call.js';
import type { QueueVisitRow } from '../../engines/reporting/fold-queue-visits.js';
import type { FoldedCall } from '../../engines/reporting/call-rows.js';
import { toCallEvent, type EventTableRow } from '../../engines/reporting/table-rows.js';
import type { QueueId } from '../../kernel/ids.js';
import { isDuplicate, isRefused } from '../../kernel/sql-error.js';
import { foldAgentSpans } from './knex-agent-spans.js';
import { markReports, touchedBy } from './knex-report-marks.js';
import type { LedgerRecord } from './record.js';
import type { LedgerStore, WriteOutcome } from './ledger-store.js';
import {
  agentStateColumns,
  callColumns,
  eventColumns,
  legColumns,
  queueVisitColumns,
  recordingColumns,
  roomRecordingColumns,
  surveyAnswerColumns,
  surveyRunColumns,
  talkColumns,
  transferColumns,
  visitColumns,
  voicemailColumns,
} from './ledger-rows.js';

type Row = Readonly<Record<string, unknown>>;

interface QueueTargets {
  readonly id: QueueId;
  readonly service_level_s: number;
  readonly short_abandon_s: number;
}
/** Of a queue that is not there: as the table has them by itself. */
const NO_TARGETS = { service_level_s: 20, short_abandon_s: 5 };

/** The ledger's tables in MariaDB or MySQL. */
export class KnexLedgerStore implements LedgerStore {
  constructor(private readonly database: Knex) {}

  async write(records: readonly LedgerRecord[]): Promise<WriteOutcome> {
    const events = records.flatMap((record) =>
      record.kind === 'call-event' ? [record.event] : [],
    );
    const changes = records.flatMap((record) =>
      record.kind === 'agent-state' ? [record.change] : [],
    );
    return this.database.transaction(
      async (trx) => {
        const written =
          (await insertNew(trx, 'call_events', events.map(eventColumns))) +
          (await insertNew(trx, 'agent_state_changes', changes.map(agentStateColumns)));
        await markReports(trx, 'agents', await foldAgentSpans(trx, changes));
        await foldTouched(trx, [...new Set(events.map((event) => event.callId))]);
        return { written, duplicates: records.length - written };
      },
      // Two writers that touch one call must see each other's events: the locking read below waits for the other's
      // insert. Gap locks of the stricter level would only add deadlocks.
      { isolationLevel: 'read committed' },
    );
  }

  isRefusal(error: unknown): boolean {
    return isRefused(error);
  }
}

/**
 * Inserts rows whose ids are not there yet and says how many. Exact also beside another writer that stores the same: who
 * meets its rows waits until it is done with them. Unlike INSERT IGNORE it lets no other error pass.
 */
async function insertNew(
  trx: Knex.Transaction,
  table: string,
  rows: readonly (Row & { readonly id: string })[],
): Promise<number> {
  const missing = new Map(rows.map((row) => [row.id, row]));
  while (missing.size > 0)
    try {
      await trx(table).insert([...missing.values()]);
      break;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const known = (await trx(table)
        .whereIn('id', [...missing.keys()])
        .select('id')
        .forUpdate()) as { readonly id: string }[];
      if (known.length === 0) throw error;
      for (const { id } of known) missing.delete(id);
    }
  return missing.size;
}

async function foldTouched(trx: Knex.Transaction, callIds: readonly string[]): Promise<void> {
  if (callIds.length === 0) return;
  const rows = (await trx('call_events')
    .whereIn('call_id', callIds)
    .select('id', 'call_id', 'seq', 'at', 'kind', 'body')
    .forUpdate()) as EventTableRow[];
  const byCall = new Map<string, CallEvent[]>();
  for (const row of rows) {
    const events = byCall.get(row.call_id);
    if (events === undefined) byCall.set(row.call_id, [toCallEvent(row)]);
    else events.push(toCallEvent(row));
  }
  const calls = [...byCall.values()];
  await saveFolded(trx, calls.map(foldCall));
  await markReports(trx, 'calls', calls.map(touchedBy));
}

async function saveFolded(trx: Knex.Transaction, folded: readonly FoldedCall[]): Promise<void> {
  await replace(
    trx,
    'calls',
    'id',
    folded.flatMap(({ call }) => (call === undefined ? [] : [callColumns(call)])),
  );
  // In the same transaction: whoever works on calls that are over misses none.
  const ended = folded.flatMap(({ call }) =>
    call?.endedAt === undefined ? [] : [{ call_id: call.id }],
  );
  if (ended.length > 0) await trx('ended_calls').insert(ended).onConflict('call_id').ignore();
  await replace(
    trx,
    'call_legs',
    // A phone that joins its two calls takes somebody from one into the other: the channel is a leg of both.
    ['call_id', 'id'],
    folded.flatMap(({ legs }) => legs.map(legColumns)),
  );
  const recordings = folded.flatMap((call) => call.recordings.map(recordingColumns));
  if (recordings.length > 0)
    await trx('recordings')
      .insert(recordings)
      .onConflict('id')
      .merge({
        call_id: trx.raw('VALUES(call_id)'),
        kind: trx.raw('VALUES(kind)'),
        node: trx.raw('VALUES(node)'),
        node_files: trx.raw('VALUES(node_files)'),
        created_at: trx.raw('VALUES(created_at)'),
        // The measured duration of a stored file is better than what the node said.
        duration_ms: trx.raw("IF(state = 'waiting', VALUES(duration_ms), duration_ms)"),
      });
  await replace(
    trx,
    'conference_recordings',
    ['call_id', 'recording_id'],
    folded.flatMap(({ roomRecordings }) => roomRecordings.map(roomRecordingColumns)),
  );
  await replace(
    trx,
    'voicemails',
    'recording_id',
    folded.flatMap(({ voicemails }) => voicemails.map(voicemailColumns)),
  );
  await replace(
    trx,
    'flow_visits',
    ['call_id', 'n'],
    folded.flatMap(({ visits }) => visits.map(visitColumns)),
  );
  await saveQueueVisits(
    trx,
    folded.flatMap(({ queueVisits }) => queueVisits),
  );
  await replace(
    trx,
    'survey_runs',
    'id',
    folded.flatMap(({ surveys }) => surveys.runs.map(surveyRunColumns)),
  );
  await replace(
    trx,
    'survey_answers',
    ['run_id', 'question_id'],
    folded.flatMap(({ surveys }) => surveys.answers.map(surveyAnswerColumns)),
  );
  await replace(
    trx,
    'call_talks',
    ['call_id', 'n'],
    folded.flatMap(({ talks }) => talks.map(talkColumns)),
  );
  await replace(
    trx,
    'call_transfers',
    ['call_id', 'n'],
    folded.flatMap(({ transfers }) => transfers.map(transferColumns)),
  );
}

/**
 * A visit keeps the target and the threshold that its queue had when the visit was first written: later ones do not change what
 * became of it. Only where late events put another queue in its place are they those of that queue.
 */
async function saveQueueVisits(
  trx: Knex.Transaction,
  visits: readonly QueueVisitRow[],
): Promise<void> {
  if (visits.length === 0) return;
  const queues: readonly QueueTargets[] = await trx('queues')
    .whereIn('id', [...new Set(visits.map(({ queueId }) => queueId))])
    .select('id', 'service_level_s', 'short_abandon_s');
  const targets = new Map(queues.map(({ id, ...own }) => [id, own]));
  const rows = visits.map((visit) => ({
    ...(targets.get(visit.queueId) ?? NO_TARGETS),
    ...queueVisitColumns(visit),
  }));
  const kept = (column: string) =>
    trx.raw('IF(queue_id = VALUES(queue_id), ??, VALUES(??))', [column, column]);
  const columns = Object.keys(rows[0] ?? {});
  await trx('queue_visits')
    .insert(rows)
    .onConflict(['call_id', 'n'])
    // In this order: what is kept is decided before the queue is replaced.
    .merge(
      Object.fromEntries(
        columns.map((column) => [
          column,
          column in NO_TARGETS ? kept(column) : trx.raw('VALUES(??)', [column]),
        ]),
      ),
    );
}

/** Inserts rows, or replaces the given columns of those that are there; other columns stay as they are. */
async function replace(
  trx: Knex.Transaction,
  table: string,
  key: string | readonly string[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0)
    await trx(table)
      .insert(rows)
      .onConflict(key as string)
      .merge();
}
