import type { Knex } from 'knex';
import type { SettledEstimate } from '../../engines/reporting/estimate-error.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { LiveQueueReports, PriorityOrigin } from './live-queue-reports.js';
import { AUDIT_PRIORITY, OUTCOME_DONE } from './steering.js';

/** Reads the ledger, the calls and the audit log. Rejects while the database is away. */
export class KnexLiveQueueReports implements LiveQueueReports {
  constructor(private readonly db: Knex) {}

  async callsSince(from: Date): Promise<ReadonlyMap<AgentId, number>> {
    const rows: readonly { agent_id: AgentId; total: number }[] = await this.db('calls')
      .where('started_at', '>=', from)
      .where('test', false)
      .whereNotNull('agent_id')
      .groupBy('agent_id')
      .select('agent_id', this.db.raw('COUNT(*) AS total'));
    return new Map(rows.map((row) => [row.agent_id, row.total]));
  }

  async priorityOrigins(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, PriorityOrigin>> {
    const [routed, set] = await Promise.all([
      this.db('call_events')
        .whereIn('call_id', calls)
        .where('kind', 'routed')
        .orderBy(['call_id', 'seq'])
        .select<{ call_id: CallId; body: string }[]>('call_id', 'body'),
      this.db('audit_entries')
        .where('object_kind', 'call')
        .whereIn('object_id', calls)
        .where('action', AUDIT_PRIORITY)
        .whereRaw(`JSON_VALUE(changes, '$.outcome[1]') = ?`, [OUTCOME_DONE])
        .orderBy('id')
        .select<{ object_id: CallId; user_name: string }[]>('object_id', 'user_name'),
    ]);
    // The last line of each call counts.
    const names = new Map(set.map((row) => [row.object_id, row.user_name]));
    const reasons = new Map(routed.map((row) => [row.call_id, reasonsIn(row.body)]));
    return new Map(
      calls.map((call): [CallId, PriorityOrigin] => {
        const setBy = names.get(call);
        return [
          call,
          { reasons: reasons.get(call) ?? [], ...(setBy === undefined ? {} : { setBy }) },
        ];
      }),
    );
  }

  async estimates(queue: QueueId, from: Date, to: Date): Promise<readonly SettledEstimate[]> {
    const rows = await this.db('call_events as entered')
      .join('call_events as left_line', (join) => {
        join
          .on('left_line.call_id', 'entered.call_id')
          .andOn('left_line.queue_id', 'entered.queue_id')
          .andOnVal('left_line.kind', 'queue-left')
          .andOnVal('left_line.outcome', 'answered')
          .andOn('left_line.seq', '>', 'entered.seq');
      })
      .where('entered.queue_id', queue)
      .where('entered.kind', 'queue-entered')
      .where('entered.at', '>=', from)
      .where('entered.at', '<', to)
      .whereNotNull('entered.expected_ms')
      .where('left_line.queue_id', queue)
      .where('left_line.at', '>=', from)
      .select<{ at: Date; expected_ms: number; waited_ms: number }[]>(
        'entered.at',
        'entered.expected_ms',
        'left_line.waited_ms',
      );
    return rows.map((row) => ({
      at: row.at.getTime(),
      expectedMs: row.expected_ms,
      waitedMs: row.waited_ms,
    }));
  }
}

function reasonsIn(body: unknown): readonly string[] {
  const event = (typeof body === 'string' ? JSON.parse(body) : body) as {
    readonly reasons?: readonly string[];
  };
  return event.reasons ?? [];
}
