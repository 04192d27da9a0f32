import type { Knex } from 'knex';
import type { AgentId, SkillId } from '../../kernel/ids.js';
import type { LevelChange, Levels } from './level.js';
import type { SkillOption } from './skill.js';

interface LevelRow {
  readonly agent_id: AgentId;
  readonly skill_id: SkillId;
  readonly level: number;
}
const ROWS_A_STATEMENT = 1_000;

/** Levels of agents in skills in use. Agents without any are absent. */
export async function readLevels(
  db: Knex,
  agents: readonly AgentId[],
): Promise<ReadonlyMap<AgentId, Levels>> {
  const rows = await db('agent_skills')
    .join('skills', 'skills.id', 'agent_skills.skill_id')
    .whereNull('skills.archived_at')
    .whereIn('agent_id', agents)
    .orderBy('skill_id')
    .select<LevelRow[]>('agent_id', 'skill_id', 'level');
  const found = new Map<AgentId, Map<SkillId, number>>();
  for (const { agent_id, skill_id, level } of rows) {
    const levels = found.get(agent_id) ?? new Map<SkillId, number>();
    found.set(agent_id, levels.set(skill_id, level));
  }
  return found;
}

/** Skills in use, by name. */
export const readSkillOptions = (db: Knex): Promise<readonly SkillOption[]> =>
  db('skills')
    .whereNull('archived_at')
    .orderBy('name')
    .orderBy('id')
    .select<SkillOption[]>('id', 'name');

/** Those of the skills that are in use; they stay so until the transaction ends. Lock agents first. */
export const lockSkills = (tx: Knex, ids: readonly SkillId[]): Promise<readonly SkillOption[]> =>
  tx('skills')
    .whereIn('id', ids)
    .whereNull('archived_at')
    .orderBy('name')
    .forShare()
    .select<SkillOption[]>('id', 'name');

/** Writes levels; a level of 0 takes the skill away. Agents and skills must be locked. */
export async function writeLevels(tx: Knex, changes: readonly LevelChange[]): Promise<void> {
  const rows = changes
    .filter(({ after }) => after > 0)
    .map(({ agent, skill, after }) => ({ agent_id: agent, skill_id: skill, level: after }));
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
    await tx('agent_skills')
      .insert(rows.slice(at, at + ROWS_A_STATEMENT))
      .onConflict(['agent_id', 'skill_id'])
      .merge(['level']);
  const gone = changes.filter(({ after }) => after === 0);
  for (let at = 0; at < gone.length; at += ROWS_A_STATEMENT)
    await tx('agent_skills')
      .whereIn(
        ['agent_id', 'skill_id'],
        gone.slice(at, at + ROWS_A_STATEMENT).map(({ agent, skill }) => [agent, skill]),
      )
      .delete();
}
