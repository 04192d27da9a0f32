import type { Knex } from 'knex';
import type { SkillId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { SkillStore } from './skill-store.js';
import type { SkillDraft, SkillKind, SkillSort, StoredSkill } from './skill.js';

interface SkillRow {
  readonly id: SkillId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly description: string;
  readonly kind: SkillKind;
  readonly language: string | null;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredSkill[]> {
  const skills = rows as readonly SkillRow[];
  const counts = await db('agent_skills')
    .join('agents', 'agents.id', 'agent_skills.agent_id')
    .whereNull('agents.archived_at')
    .whereIn(
      'skill_id',
      skills.map((skill) => skill.id),
    )
    .groupBy('skill_id')
    .select<{ skill_id: SkillId; agents: number }[]>('skill_id', db.raw('COUNT(*) AS agents'));
  const agentsOf = new Map(counts.map((row) => [row.skill_id, row.agents]));
  return skills.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    description: row.description,
    kind: row.kind,
    language: row.language ?? undefined,
    agents: agentsOf.get(row.id) ?? 0,
  }));
}

const MAPPING: TableMapping<SkillId, SkillDraft, StoredSkill, SkillSort> = {
  table: 'skills',
  searched: ['name', 'description', 'language'],
  sorts: { name: 'name', kind: 'kind', updated: 'updated_at' },
  filters: { kind: (query, value) => void query.where('kind', value) },
  uniques: { name: 'name', language: 'language' },
  columns: (draft) => ({
    name: draft.name,
    description: draft.description,
    kind: draft.kind,
    language: draft.language ?? null,
  }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofSkill(id),
};

/** Skills in MariaDB. */
export class KnexSkillStore
  extends KnexVersionedStore<SkillId, SkillDraft, StoredSkill, SkillSort>
  implements SkillStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
