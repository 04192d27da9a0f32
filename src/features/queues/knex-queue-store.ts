import type { Knex } from 'knex';
import { readRelax } from '../../engines/acd/queue-schema.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, PromptId, QueueId, SkillId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  requireRow,
  requireShowable,
  requireTarget,
  type TableMapping,
} from '../configuration/index.js';
import { lockSkills, readQueuesNobodyTakes } from '../skills/index.js';
import { queueColumns, queueOf, type QueueRow } from './knex-queue-columns.js';
import { readQueueOptions } from './knex-queue-options.js';
import type { QueueOptions, QueueStore } from './queue-store.js';
import {
  OVERFLOW_FIELDS,
  type QueueDraft,
  type QueueSkill,
  type QueueSort,
  type StoredQueue,
} from './queue.js';

interface MemberRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
}

interface SkillRow {
  readonly queue_id: QueueId;
  readonly skill_id: SkillId;
  readonly required: number;
  readonly min_level: number;
  readonly relax: unknown;
}

const skillOf = (row: SkillRow): QueueSkill => ({
  skill: row.skill_id,
  isRequired: row.required === 1,
  minLevel: row.min_level,
  relax: readRelax(row.relax).map((step) => ({
    afterS: step.afterMs / 1_000,
    minLevel: step.minLevel,
  })),
});

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredQueue[]> {
  const queues = rows as readonly QueueRow[];
  const ids = queues.map((queue) => queue.id);
  const members = await membersOf(db, ids);
  const skills = (await db('queue_skills')
    .whereIn('queue_id', ids)
    .orderBy('skill_id')
    .select('*')) as SkillRow[];
  const announcements = await db('queue_announcements')
    .whereIn('queue_id', ids)
    .orderBy('position')
    .select<{ queue_id: QueueId; prompt_id: PromptId }[]>('queue_id', 'prompt_id');
  return queues.map((row) => ({
    ...queueOf(row),
    announcements: announcements
      .filter((one) => one.queue_id === row.id)
      .map((one) => one.prompt_id),
    skills: skills.filter((skill) => skill.queue_id === row.id).map(skillOf),
    members: members
      .filter((member) => member.queue_id === row.id)
      .map((member) => member.agent_id),
  }));
}

/** Members in use, in their order; memberships of archived agents are kept, so that restoring an agent restores them. */
const membersOf = (db: Knex, ids: readonly QueueId[]): Promise<MemberRow[]> =>
  db('queue_members')
    .join('agents', 'agents.id', 'queue_members.agent_id')
    .whereIn('queue_id', ids)
    .whereNull('agents.archived_at')
    .orderByRaw('queue_id, position is null, position, agent_id')
    .select<MemberRow[]>('queue_id', 'agent_id');

/** Locks what the queue will lead to, so that it is still there when the queue is saved: agents first, then skills. */
async function check(tx: Knex, draft: QueueDraft): Promise<void> {
  for (const field of OVERFLOW_FIELDS) {
    const target = draft[field];
    if (target !== undefined) await requireTarget(tx, target, field);
  }
  await requireShowable(tx, 'callerId', [draft.callerId]);
  const agents = await tx('agents')
    .whereIn('id', draft.members)
    .whereNull('archived_at')
    .orderBy('id')
    .forUpdate()
    .select<{ id: AgentId }[]>('id');
  if (agents.length < draft.members.length) throw gone('members', 'queues.problem.member-gone');
  const asked = draft.skills.map((one) => one.skill);
  const skills = await lockSkills(tx, asked);
  if (skills.length < asked.length) throw gone('skills', 'queues.problem.skill-gone');
  await requireRow(
    tx,
    'calendars',
    draft.calendar,
    gone('calendar', 'queues.problem.calendar-gone'),
  );
  await requireRow(tx, 'music', draft.music, gone('music', 'queues.problem.music-gone'));
  await requireRow(tx, 'surveys', draft.survey, gone('survey', 'queues.problem.survey-gone'));
  await requireRow(tx, 'scripts', draft.script, gone('script', 'queues.problem.script-gone'));
  const prompts = [
    ['whisper', draft.whisper] as const,
    ...draft.announcements.map((prompt, at) => [`announcements.${String(at)}`, prompt] as const),
  ];
  for (const [field, prompt] of prompts)
    await requireRow(tx, 'prompts', prompt, gone(field, 'queues.problem.announcement-gone'));
}

const gone = (field: string, message: string): AppError =>
  new AppError('invalid-fields', `${field} is not there`, [{ field, message }]);

async function writeMembers(tx: Knex, id: QueueId, draft: QueueDraft): Promise<void> {
  const had = (await membersOf(tx, [id])).map((member) => member.agent_id);
  const added = draft.members.filter((agent) => !had.includes(agent));
  const removed = had.filter((agent) => !draft.members.includes(agent));
  if (removed.length > 0)
    await tx('queue_members').where({ queue_id: id }).whereIn('agent_id', removed).delete();
  if (draft.members.length > 0)
    await tx('queue_members')
      .insert(
        draft.members.map((agent, at) => ({ queue_id: id, agent_id: agent, position: at + 1 })),
      )
      .onConflict(['queue_id', 'agent_id'])
      .merge(['position']);
  await tx('agents')
    .whereIn('id', [...added, ...removed])
    .increment('version', 1);
}

async function writeAnnouncements(tx: Knex, id: QueueId, draft: QueueDraft): Promise<void> {
  await tx('queue_announcements').where({ queue_id: id }).delete();
  const rows = draft.announcements.map((prompt_id, at) => ({
    ...{ queue_id: id, position: at + 1, prompt_id },
  }));
  if (rows.length > 0) await tx('queue_announcements').insert(rows);
}

async function writeSkills(tx: Knex, id: QueueId, { skills }: QueueDraft): Promise<void> {
  await tx('queue_skills').where({ queue_id: id }).delete();
  if (skills.length === 0) return;
  await tx('queue_skills').insert(
    skills.map((one) => ({
      queue_id: id,
      skill_id: one.skill,
      required: one.isRequired,
      min_level: one.minLevel,
      relax: JSON.stringify(
        one.relax.map((step) => ({ afterMs: step.afterS * 1_000, minLevel: step.minLevel })),
      ),
    })),
  );
}

const MAPPING: TableMapping<QueueId, QueueDraft, StoredQueue, QueueSort> = {
  table: 'queues',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: queueColumns,
  read,
  uses: (db, id) => new KnexUsageReports(db).ofQueue(id),
  check,
  writeParts: async (tx, id, draft) => {
    await writeAnnouncements(tx, id, draft);
    await writeSkills(tx, id, draft);
    await writeMembers(tx, id, draft);
  },
};

/** Queues in MariaDB. */
export class KnexQueueStore
  extends KnexVersionedStore<QueueId, QueueDraft, StoredQueue, QueueSort>
  implements QueueStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  options(): Promise<QueueOptions> {
    return readQueueOptions(this.db);
  }

  async nobodyTakes(): Promise<ReadonlySet<QueueId>> {
    return new Set((await readQueuesNobodyTakes(this.db)).map((queue) => queue.id));
  }
}
