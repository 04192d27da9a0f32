import type { Knex } from 'knex';
import type { StateMark } from '../../engines/reporting/not-ready-time.js';
import type { AgentId } from '../../kernel/ids.js';
import type { AgentStateReports } from './not-ready-today.js';

interface MarkRow {
  readonly agent_id: AgentId;
  readonly at: Date;
  readonly state: string;
  readonly reason: string;
}

/** Stored states of agents in MariaDB. */
export class KnexAgentStateReports implements AgentStateReports {
  constructor(private readonly db: Knex) {}

  async marks(from: Date, to: Date): Promise<ReadonlyMap<AgentId, readonly StateMark[]>> {
    const [before, within] = await Promise.all([this.#lastBefore(from), this.#within(from, to)]);
    const marks = new Map<AgentId, StateMark[]>();
    for (const row of [...before, ...within]) {
      const mark = { at: row.at.getTime(), state: row.state, reason: row.reason };
      const known = marks.get(row.agent_id);
      if (known) known.push(mark);
      else marks.set(row.agent_id, [mark]);
    }
    return marks;
  }

  async #within(from: Date, to: Date): Promise<readonly MarkRow[]> {
    return this.db('agent_state_changes')
      .where('at', '>=', from)
      .where('at', '<', to)
      .whereIn('agent_id', this.db('agents').whereNull('archived_at').select('id'))
      .orderBy(['at', 'id'])
      .select<MarkRow[]>('agent_id', 'at', 'state', 'reason');
  }

  /** One look into the index for each agent. */
  async #lastBefore(from: Date): Promise<readonly MarkRow[]> {
    const last = this.db('agent_state_changes as b')
      .where('b.agent_id', this.db.ref('a.id'))
      .where('b.at', '<', from)
      .orderBy([
        { column: 'b.at', order: 'desc' },
        { column: 'b.id', order: 'desc' },
      ])
      .limit(1)
      .select('b.id');
    return this.db('agents as a')
      .join('agent_state_changes as s', 's.id', this.db.raw('?', [last]))
      .whereNull('a.archived_at')
      .select<MarkRow[]>('s.agent_id', 's.at', 's.state', 's.reason');
  }
}
