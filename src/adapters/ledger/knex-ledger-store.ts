import type { Knex } from 'knex';
import type { CallEvent } from '../../kernel/call-event.js';
import { foldCall } from '../../engines/reporting/fold-call.js';
import type { FoldedCall } from '../../engines/reporting/call-rows.js';
import { toCallEvent, type EventTableRow } from '../../engines/reporting/table-rows.js';
import type { LedgerRecord } from './record.js';
import type { LedgerStore, WriteOutcome } from './ledger-store.js';
import {
  agentStateColumns,
  callColumns,
  eventColumns,
  legColumns,
  recordingColumns,
  visitColumns,
  voicemailColumns,
} from './ledger-rows.js';

type Row = Readonly<Record<string, unknown>>;

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
        await foldTouched(trx, [...new Set(events.map((event) => event.callId))]);
        return { written, duplicates: records.length - written };
      },
      // Two writers that touch one call must see each other's events: the locking read below waits for the other's
      // insert. Gap locks of the stricter level would only add deadlocks.
      { isolationLevel: 'read committed' },
    );
  }

  isRefusal(error: unknown): boolean {
    // Classes 22 and 23 of SQLSTATE: the data cannot be stored. Everything else may pass: outage, deadlock, full disk.
    const state = (error as { readonly sqlState?: unknown } | undefined)?.sqlState;
    return typeof state === 'string' && /^2[23]/.test(state);
  }
}

/** Inserts rows whose ids are not there yet and says how many. Unlike INSERT IGNORE it lets no other error pass. */
async function insertNew(
  trx: Knex.Transaction,
  table: string,
  rows: readonly (Row & { readonly id: string })[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const ids = [...new Set(rows.map((row) => row.id))];
  const known = (await trx(table).whereIn('id', ids).count({ n: '*' })) as [{ n: number | string }];
  await trx(table).insert(rows).onConflict('id').merge(['id']);
  return ids.length - Number(known[0].n);
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
  await saveFolded(trx, [...byCall.values()].map(foldCall));
}

async function saveFolded(trx: Knex.Transaction, folded: readonly FoldedCall[]): Promise<void> {
  await replace(
    trx,
    'calls',
    'id',
    folded.flatMap(({ call }) => (call === undefined ? [] : [callColumns(call)])),
  );
  await replace(
    trx,
    'call_legs',
    'id',
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
}

/** Inserts rows, or replaces the given columns of those that are there; other columns stay as they are. */
async function replace(
  trx: Knex.Transaction,
  table: string,
  key: string | readonly string[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0) await trx(table)
      .insert(rows)
      .onConflict(key as string)
      .merge();
}
