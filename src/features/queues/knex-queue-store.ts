import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, PromptId, QueueId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  readTarget,
  requireTarget,
  type TableMapping,
} from '../configuration/index.js';
import type { AnnouncementOption, MemberOption, QueueStore } from './queue-store.js';
import type { QueueDraft, QueueSort, StoredQueue } from './queue.js';

interface QueueRow {
  readonly id: QueueId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly ring_timeout_s: number;
  readonly wrap_up_s: number;
  readonly max_wait_s: number;
  readonly max_length: number;
  readonly overflow: unknown;
  readonly leave_when_empty: number;
  readonly announcement_prompt_id: PromptId | null;
  readonly announce_every_s: number;
  readonly record: number;
  readonly service_level_s: number;
}

interface MemberRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
}

const stored = (row: QueueRow, members: readonly MemberRow[]): StoredQueue => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  name: row.name,
  ringTimeoutS: row.ring_timeout_s,
  wrapUpS: row.wrap_up_s,
  maxWaitS: row.max_wait_s,
  maxLength: row.max_length,
  overflow: readTarget(row.overflow),
  leaveWhenEmpty: row.leave_when_empty === 1,
  announcement: row.announcement_prompt_id ?? undefined,
  announceEveryS: row.announce_every_s,
  record: row.record === 1,
  serviceLevelS: row.service_level_s,
  members: members.filter((member) => member.queue_id === row.id).map((member) => member.agent_id),
});

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredQueue[]> {
  const queues = rows as readonly QueueRow[];
  const members = await db('queue_members')
    .join('agents', 'agents.id', 'queue_members.agent_id')
    .whereIn(
      'queue_id',
      queues.map((queue) => queue.id),
    )
    .whereNull('agents.archived_at')
    .orderBy('agent_id')
    .select<MemberRow[]>('queue_id', 'agent_id');
  return queues.map((queue) => stored(queue, members));
}

/** Locks what the queue will lead to, so that it is still there when the queue is saved. */
async function check(tx: Knex, draft: QueueDraft): Promise<void> {
  await requireTarget(tx, draft.overflow, 'overflow');
  const agents = await tx('agents')
    .whereIn('id', draft.members)
    .whereNull('archived_at')
    .orderBy('id')
    .forUpdate()
    .select<{ id: AgentId }[]>('id');
  if (agents.length < draft.members.length) throw gone('members', 'queues.problem.member-gone');
  if (draft.announcement === undefined) return;
  const prompt = await tx('prompts')
    .where({ id: draft.announcement })
    .whereNull('archived_at')
    .forShare()
    .first<{ id: PromptId } | undefined>('id');
  if (prompt === undefined) throw gone('announcement', 'queues.problem.announcement-gone');
}

const gone = (field: string, message: string): AppError =>
  new AppError('invalid-fields', `${field} is not there`, [{ field, message }]);

async function writeMembers(tx: Knex, id: QueueId, draft: QueueDraft): Promise<void> {
  // Memberships of archived agents stay, so that restoring an agent restores them.
  const before = await tx('queue_members')
    .join('agents', 'agents.id', 'queue_members.agent_id')
    .where({ queue_id: id })
    .whereNull('agents.archived_at')
    .select<MemberRow[]>('agent_id');
  const had = new Set(before.map((member) => member.agent_id));
  const added = draft.members.filter((agent) => !had.has(agent));
  const removed = [...had].filter((agent) => !draft.members.includes(agent));
  if (removed.length > 0)
    await tx('queue_members').where({ queue_id: id }).whereIn('agent_id', removed).delete();
  if (added.length > 0)
    await tx('queue_members').insert(added.map((agent) => ({ queue_id: id, agent_id: agent })));
  await tx('agents')
    .whereIn('id', [...added, ...removed])
    .increment('version', 1);
}

const MAPPING: TableMapping<QueueId, QueueDraft, StoredQueue, QueueSort> = {
  table: 'queues',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({
    name: draft.name,
    ring_timeout_s: draft.ringTimeoutS,
    wrap_up_s: draft.wrapUpS,
    max_wait_s: draft.maxWaitS,
    max_length: draft.maxLength,
    overflow: JSON.stringify(draft.overflow),
    leave_when_empty: draft.leaveWhenEmpty,
    announcement_prompt_id: draft.announcement ?? null,
    announce_every_s: draft.announceEveryS,
    record: draft.record,
    service_level_s: draft.serviceLevelS,
  }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofQueue(id),
  check,
  writeParts: writeMembers,
};

/** Queues in MariaDB. */
export class KnexQueueStore
  extends KnexVersionedStore<QueueId, QueueDraft, StoredQueue, QueueSort>
  implements QueueStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async memberOptions(): Promise<readonly MemberOption[]> {
    return this.db('agents')
      .whereNull('archived_at')
      .orderBy('name')
      .orderBy('id')
      .select<MemberOption[]>('id', 'name', 'number');
  }

  async announcementOptions(): Promise<readonly AnnouncementOption[]> {
    const prompts = await this.db('prompts')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: PromptId; name: string }[]>('id', 'name');
    const files = await this.db('prompt_files').select<
      { prompt_id: PromptId; language: Language }[]
    >('prompt_id', 'language');
    return prompts.map((prompt) => ({
      ...prompt,
      languages: files.filter((file) => file.prompt_id === prompt.id).map((file) => file.language),
    }));
  }
}
