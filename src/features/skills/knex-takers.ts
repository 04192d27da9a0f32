import type { Knex } from 'knex';
import { readRelax } from '../../engines/acd/queue-schema.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { AgentId, QueueId, SkillId } from '../../kernel/ids.js';
import { readLevels } from './knex-levels.js';
import type { Levels } from './level.js';
import { takenAfterMs } from './takers.js';

/** A queue by its name. */
export interface NamedQueue {
  readonly id: QueueId;
  readonly name: string;
}

interface AskedRow extends NamedQueue {
  readonly skill_id: SkillId;
  readonly min_level: number;
  readonly relax: unknown;
}

const NO_LEVELS: Levels = new Map();

const requirementOf = (row: AskedRow): SkillRequirement => ({
  skill: row.skill_id,
  minLevel: row.min_level,
  isRequired: true,
  relax: readRelax(row.relax),
});

/** Queues that ask for skills which no member has, however long a call waits; by name. Those without members are absent. */
export async function readQueuesNobodyTakes(db: Knex): Promise<readonly NamedQueue[]> {
  const asked = await db('queue_skills')
    .join('queues', 'queues.id', 'queue_skills.queue_id')
    .join('skills', 'skills.id', 'queue_skills.skill_id')
    .whereNull('queues.archived_at')
    .whereNull('skills.archived_at')
    .where('required', 1)
    .orderBy(['queues.name', 'queues.id'])
    .select<AskedRow[]>('queues.id', 'queues.name', 'skill_id', 'min_level', 'relax');
  const ids = [...new Set(asked.map((row) => row.id))];
  const members = await db('queue_members')
    .join('agents', 'agents.id', 'queue_members.agent_id')
    .whereNull('agents.archived_at')
    .whereIn('queue_id', ids)
    .select<{ queue_id: QueueId; agent_id: AgentId }[]>('queue_id', 'agent_id');
  const levels = await readLevels(db, [...new Set(members.map((member) => member.agent_id))]);
  return ids.flatMap((id) => {
    const rows = asked.filter((row) => row.id === id);
    const takers = members
      .filter((member) => member.queue_id === id)
      .map((member) => levels.get(member.agent_id) ?? NO_LEVELS);
    if (takers.length === 0 || takenAfterMs(rows.map(requirementOf), takers) !== undefined)
      return [];
    return rows.slice(0, 1).map(({ name }) => ({ id, name }));
  });
}
