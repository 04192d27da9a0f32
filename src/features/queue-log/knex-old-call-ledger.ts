import type { Knex } from 'knex';
import { QUEUE_LOG_NODE } from '../../engines/reporting/queue-log/events.js';
import type { CallId, EventId } from '../../kernel/ids.js';
import type { OldCallLedger } from './queue-log-store.js';

/** Everything that is folded from a call of an old system: it has no recordings, messages, flows or surveys. */
const FOLDED = [
  'call_events',
  'call_legs',
  'call_talks',
  'call_transfers',
  'queue_visits',
] as const;

/** Calls of an old system in MariaDB, beside `write`, which is that of the ledger. */
export class KnexOldCallLedger implements OldCallLedger {
  constructor(
    private readonly db: Knex,
    readonly write: OldCallLedger['write'],
  ) {}

  async known(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, ReadonlySet<EventId>>> {
    const rows = await this.db('call_events')
      .whereIn('call_id', calls)
      .select<{ id: EventId; call_id: CallId }[]>('id', 'call_id');
    const known = new Map<CallId, Set<EventId>>();
    for (const { id, call_id } of rows)
      known.set(call_id, (known.get(call_id) ?? new Set<EventId>()).add(id));
    return known;
  }

  async forget(calls: readonly CallId[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      const rows = await tx('calls')
        .whereIn('id', calls)
        .where({ node: QUEUE_LOG_NODE })
        .select<{ id: CallId }[]>('id');
      const ids = rows.map(({ id }) => id);
      for (const table of FOLDED) await tx(table).whereIn('call_id', ids).delete();
      await tx('calls').whereIn('id', ids).delete();
    });
  }
}
