import type { Knex } from 'knex';
import type { AgentId, CallId, DispositionId, QueueId } from '../../kernel/ids.js';
import type { CallDisposition, TalkedCall, WrapUpStore } from './wrap-up.js';

const TABLE = 'call_dispositions';
/** Calls of an agent in which the codes used last are looked for. */
const LOOKED_AT = 200;

interface DispositionRow {
  readonly call_id: CallId;
  readonly agent_id: AgentId;
  readonly disposition_id: DispositionId | null;
  readonly note: string;
  readonly at: Date;
}

/** What agents said of their calls, in MariaDB. */
export class KnexWrapUpStore implements WrapUpStore {
  constructor(private readonly db: Knex) {}

  async find(callId: CallId, agentId: AgentId): Promise<CallDisposition | undefined> {
    const row = await this.db(TABLE)
      .where({ call_id: callId, agent_id: agentId })
      .first<DispositionRow | undefined>('*');
    return (
      row && {
        callId,
        agentId,
        dispositionId: row.disposition_id ?? undefined,
        note: row.note,
        at: row.at,
      }
    );
  }

  async put(disposition: CallDisposition): Promise<void> {
    await this.db(TABLE)
      .insert({
        call_id: disposition.callId,
        agent_id: disposition.agentId,
        disposition_id: disposition.dispositionId ?? null,
        note: disposition.note,
        at: disposition.at,
      })
      .onConflict(['call_id', 'agent_id'])
      .merge();
  }

  async lastUsed(agentId: AgentId, limit: number): Promise<readonly DispositionId[]> {
    const rows = await this.db(TABLE)
      .where({ agent_id: agentId })
      .whereNotNull('disposition_id')
      .orderBy('at', 'desc')
      .limit(LOOKED_AT)
      .select<{ disposition_id: DispositionId }[]>('disposition_id');
    return [...new Set(rows.map((row) => row.disposition_id))].slice(0, limit);
  }

  async lastCall(agentId: AgentId): Promise<TalkedCall | undefined> {
    const row = await this.db('calls')
      .where({ agent_id: agentId })
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .first<{ id: CallId; queue_id: QueueId | null } | undefined>('id', 'queue_id');
    return row && { callId: row.id, queueId: row.queue_id ?? undefined };
  }
}
