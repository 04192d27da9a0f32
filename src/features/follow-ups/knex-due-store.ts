import type { Knex } from 'knex';
import type { AgentId } from '../../kernel/ids.js';
import type { DueStore } from './escalation.js';

const TABLE = 'follow_ups';

/** What is due, in MariaDB. */
export class KnexDueStore implements DueStore {
  constructor(private readonly db: Knex) {}

  escalate(dueBefore: Date, at: Date): Promise<number> {
    return this.db(TABLE)
      .where({ state: 'open' })
      .where('due_at', '<', dueBefore)
      .whereNull('escalated_at')
      .update({ escalated_at: at });
  }

  async lateAgents(dueBefore: Date): Promise<readonly AgentId[]> {
    const rows = await this.#late(dueBefore)
      .whereNotNull('agent_id')
      .distinct<{ agent_id: AgentId }[]>('agent_id');
    return rows.map(({ agent_id }) => agent_id);
  }

  handOn(agents: readonly AgentId[], dueBefore: Date): Promise<number> {
    return this.#late(dueBefore)
      .whereIn('agent_id', agents)
      .where((team) => {
        void team
          .whereNotNull('queue_id')
          .orWhereIn('campaign_id', this.db('campaigns').whereNotNull('queue_id').select('id'));
      })
      .update({ handed_from_id: this.db.ref('agent_id'), agent_id: null });
  }

  #late(dueBefore: Date) {
    return this.db(TABLE).where({ state: 'open' }).where('due_at', '<', dueBefore);
  }
}
