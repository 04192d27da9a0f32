import type { Knex } from 'knex';
import type { AgentId, SkillId } from '../../kernel/ids.js';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction, readQueueOptions } from '../configuration/index.js';
import { lockSkills, readLevels, readSkillOptions, writeLevels } from './knex-levels.js';
import { readQueuesNobodyTakes, type NamedQueue } from './knex-takers.js';
import type { LevelStore, LevelWriter, MatrixQuery } from './level-store.js';
import type { LevelChange, MatrixAgent } from './level.js';
import type { SkillOption } from './skill.js';

interface AgentRow {
  readonly id: AgentId;
  readonly name: string;
  readonly number: string;
}

async function withLevels(db: Knex, agents: readonly AgentRow[]): Promise<readonly MatrixAgent[]> {
  const levels = await readLevels(
    db,
    agents.map((agent) => agent.id),
  );
  return agents.map((agent) => ({ ...agent, levels: levels.get(agent.id) ?? new Map() }));
}

/** The matrix in MariaDB. */
export class KnexLevelStore implements LevelStore {
  readonly audit: AuditLog;

  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {
    this.audit = auditLog(db);
  }

  async agents(query: MatrixQuery): Promise<ListResult<MatrixAgent>> {
    const counted = await this.#matching(query).count<{ total: number }[]>({ total: '*' });
    const rows = await this.#matching(query)
      .orderBy(query.sortBy, query.descending ? 'desc' : 'asc')
      .orderBy('id')
      .offset(query.offset)
      .limit(query.limit)
      .select<AgentRow[]>('id', 'name', 'number');
    return { rows: await withLevels(this.db, rows), total: counted[0]?.total ?? 0 };
  }

  async agentsByNumber(numbers: readonly string[]): Promise<readonly MatrixAgent[]> {
    const rows = await this.db('agents')
      .whereIn('number', numbers)
      .whereNull('archived_at')
      .orderBy('id')
      .select<AgentRow[]>('id', 'name', 'number');
    return withLevels(this.db, rows);
  }

  skills(): Promise<readonly SkillOption[]> {
    return readSkillOptions(this.db);
  }

  queues(): Promise<readonly NamedQueue[]> {
    return readQueueOptions(this.db);
  }

  queuesNobodyTakes(): Promise<readonly NamedQueue[]> {
    return readQueuesNobodyTakes(this.db);
  }

  change<T>(work: (writer: LevelWriter) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (tx) => work(new KnexLevelWriter(tx, this.auditLog(tx))));
  }

  #matching({ search, queue }: MatrixQuery): Knex.QueryBuilder {
    const agents = this.db('agents').whereNull('archived_at');
    if (search !== '')
      void agents.where((either) => {
        const pattern = likePattern(search);
        void either.whereILike('name', pattern).orWhereILike('number', pattern);
      });
    if (queue !== undefined)
      void agents.whereIn('id', (members) => {
        void members.from('queue_members').where('queue_id', queue).select('agent_id');
      });
    return agents;
  }
}

class KnexLevelWriter implements LevelWriter {
  constructor(
    private readonly tx: Knex,
    readonly audit: AuditLog,
  ) {}

  async lockAgents(ids: readonly AgentId[]): Promise<readonly MatrixAgent[]> {
    const rows = await this.tx('agents')
      .whereIn('id', ids)
      .whereNull('archived_at')
      .orderBy('id')
      .forUpdate()
      .select<AgentRow[]>('id', 'name', 'number');
    return withLevels(this.tx, rows);
  }

  lockSkills(ids: readonly SkillId[]): Promise<readonly SkillOption[]> {
    return lockSkills(this.tx, ids);
  }

  async write(changes: readonly LevelChange[]): Promise<void> {
    await writeLevels(this.tx, changes);
    const agents = [...new Set(changes.map((change) => change.agent))];
    await this.tx('agents')
      .whereIn('id', agents)
      .update({ version: this.tx.raw('version + 1'), updated_at: this.tx.fn.now(3) });
  }
}
