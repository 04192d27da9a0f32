import type { Knex } from 'knex';
import type { CallResult } from '../../kernel/call-event.js';
import type { CallbackId, CallId, QueueId } from '../../kernel/ids.js';
import type { CallbackState } from '../../telephony/callbacks.js';
import type { CallbackFile, CallbackTry } from './call.js';

interface FileRow {
  readonly id: CallbackId;
  readonly number: string;
  readonly state: CallbackState;
  readonly queue_id: QueueId;
  readonly queue_name: string;
  readonly asked_at: Date;
  readonly closed_at: Date | null;
  readonly call_id: CallId;
  readonly note: string | null;
}

interface TryRow {
  readonly id: CallId;
  readonly started_at: Date;
  readonly result: CallResult | null;
  readonly agent_name: string | null;
  readonly body: unknown;
}

/** Reads callbacks with the calls that tried them. */
export async function readCallbackFiles(
  db: Knex,
  ids: readonly CallbackId[],
): Promise<readonly CallbackFile[]> {
  if (ids.length === 0) return [];
  const rows = await db('callbacks as b')
    .join('queues as q', 'q.id', 'b.queue_id')
    .whereIn('b.id', [...ids])
    .orderBy('b.id')
    .select<FileRow[]>('b.*', 'q.name as queue_name');
  return Promise.all(
    rows.map(async (row) => ({
      id: row.id,
      number: row.number,
      state: row.state,
      queueId: row.queue_id,
      queueName: row.queue_name,
      askedAt: row.asked_at,
      callId: row.call_id,
      note: row.note ?? '',
      tries: await triesOf(db, row),
    })),
  );
}

/** Looked for among the calls to its number, of which there are few; the ledger has no index of callbacks. */
async function triesOf(db: Knex, file: FileRow): Promise<readonly CallbackTry[]> {
  const calls = db('calls as c')
    .join('call_events as e', (on) => {
      on.on('e.call_id', 'c.id').andOnVal('e.kind', 'callback-tried');
    })
    .leftJoin('agents as a', 'a.id', 'c.agent_id')
    .where('c.to_number', file.number)
    .where('c.started_at', '>=', file.asked_at)
    .orderBy('c.started_at')
    .select<TryRow[]>('c.id', 'c.started_at', 'c.result', 'a.name as agent_name', 'e.body');
  if (file.closed_at !== null) void calls.where('c.started_at', '<=', file.closed_at);
  return (await calls).flatMap(({ body, ...call }) => {
    // MariaDB gives JSON as text, MySQL as an object.
    const told = (typeof body === 'string' ? JSON.parse(body) : body) as {
      callbackId: CallbackId;
      attempt: number;
    };
    if (told.callbackId !== file.id) return [];
    return {
      callId: call.id,
      attempt: told.attempt,
      at: call.started_at,
      agentName: call.agent_name ?? '',
      result: call.result ?? undefined,
    };
  });
}
