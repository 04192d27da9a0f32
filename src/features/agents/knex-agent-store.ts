import type { Knex } from 'knex';
import type { CallerIdPool } from '../../engines/caller-id/choose.js';
import type { RoleName } from '../../kernel/actor.js';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, ExtensionId, QueueId, UserId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  readPhones,
  requireShowable,
  type TableMapping,
  readQueueOptions,
  type QueueOption,
} from '../configuration/index.js';
import {
  levelDifferences,
  lockSkills,
  readLevels,
  readSkillOptions,
  writeLevels,
  type SkillOption,
} from '../skills/index.js';
import { KnexUserStore } from '../users/index.js';
import { levelName, type AgentDraft, type AgentSort, type StoredAgent } from './agent.js';
import type { AgentStore, ExtensionOption } from './agent-store.js';

type Mapping = TableMapping<AgentId, AgentDraft, StoredAgent, AgentSort>;

interface AgentRow {
  readonly id: AgentId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly user_id: UserId | null;
  readonly name: string;
  readonly number: string;
  readonly pin_sealed: string;
  readonly extension_id: ExtensionId | null;
  readonly caller_ids: unknown;
  readonly caller_id_order: CallerIdPool['order'];
  readonly outside_phone: string;
}

interface UserRow {
  readonly id: UserId;
  readonly login: string;
  readonly role: RoleName;
  readonly language: Language;
}

interface MemberRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredAgent[]> {
  const agents = rows as readonly AgentRow[];
  const members = await db('queue_members')
    .join('queues', 'queues.id', 'queue_members.queue_id')
    .whereIn(
      'agent_id',
      agents.map((agent) => agent.id),
    )
    .whereNull('queues.archived_at')
    .orderBy('queue_id')
    .select<MemberRow[]>('queue_id', 'agent_id');
  const users = await db('users')
    .whereIn(
      'id',
      agents.flatMap((agent) => agent.user_id ?? []),
    )
    .select<UserRow[]>('id', 'login', 'role', 'language');
  const levels = await readLevels(
    db,
    agents.map((agent) => agent.id),
  );
  const userOf = new Map(users.map((user) => [user.id, user]));
  return agents.map((agent) => {
    const queues = members.filter((member) => member.agent_id === agent.id);
    return {
      ...stored(agent, queues, agent.user_id === null ? undefined : userOf.get(agent.user_id)),
      levels: levels.get(agent.id) ?? new Map(),
    };
  });
}

const stored = (
  row: AgentRow,
  queues: readonly MemberRow[],
  user: UserRow | undefined,
): Omit<StoredAgent, 'levels'> => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  userId: user?.id,
  name: row.name,
  number: row.number,
  hasPin: row.pin_sealed !== '',
  extensionId: row.extension_id ?? undefined,
  callerIds: readPhones(row.caller_ids),
  callerIdOrder: row.caller_id_order,
  outsidePhone: row.outside_phone,
  queues: queues.map((member) => member.queue_id),
  login: user?.login ?? '',
  role: user?.role ?? 'agent',
  language: user?.language ?? 'en',
});

const gone = (field: string, message: string): AppError =>
  new AppError('invalid-fields', `${field} is not there`, [{ field, message }]);

async function check(tx: Knex, draft: AgentDraft): Promise<void> {
  await requireShowable(tx, 'callerIds', draft.callerIds);
  if (draft.extensionId === undefined) return;
  const extension = await tx('extensions')
    .where({ id: draft.extensionId })
    .whereNull('archived_at')
    .forShare()
    .first<{ id: ExtensionId } | undefined>('id');
  if (extension === undefined) throw gone('extensionId', 'agents.problem.extension-gone');
}

/** Agents are locked before queues, here as where a queue's members are saved. */
async function writeQueues(tx: Knex, id: AgentId, draft: AgentDraft): Promise<void> {
  // Memberships in archived queues stay, so that restoring a queue restores them.
  const before = await tx('queue_members')
    .join('queues', 'queues.id', 'queue_members.queue_id')
    .where({ agent_id: id })
    .whereNull('queues.archived_at')
    .select<MemberRow[]>('queue_id');
  const had = new Set(before.map((member) => member.queue_id));
  const added = draft.queues.filter((queue) => !had.has(queue));
  const removed = [...had].filter((queue) => !draft.queues.includes(queue));
  const raised = await tx('queues')
    .whereIn('id', [...added, ...removed])
    .whereNull('archived_at')
    .increment('version', 1);
  if (raised < added.length + removed.length) throw gone('queues', 'agents.problem.queue-gone');
  if (removed.length > 0)
    await tx('queue_members').where({ agent_id: id }).whereIn('queue_id', removed).delete();
  if (added.length > 0)
    await tx('queue_members').insert(added.map((queue) => ({ queue_id: queue, agent_id: id })));
}

/** Levels in archived skills stay, so that restoring a skill restores them. */
async function writeSkills(tx: Knex, id: AgentId, draft: AgentDraft): Promise<void> {
  const before = (await readLevels(tx, [id])).get(id) ?? new Map();
  const changes = levelDifferences(id, before, draft.levels);
  if (changes.length === 0) return;
  const inUse = await lockSkills(
    tx,
    changes.map((change) => change.skill),
  );
  const lost = changes.find((change) => !inUse.some((skill) => skill.id === change.skill));
  if (lost) throw gone(levelName(lost.skill), 'agents.problem.skill-gone');
  await writeLevels(tx, changes);
}

/** Gives the agent an account, or brings the account's name, login, role and language in line. */
async function writeAccount(
  users: KnexUserStore,
  tx: Knex,
  id: AgentId,
  draft: AgentDraft,
): Promise<void> {
  const { name, login, role, language, passwordHash } = draft;
  const row = await tx('agents').where({ id }).first<{ user_id: UserId | null }>('user_id');
  const writer = users.writer(tx);
  if (row.user_id === null) {
    if (passwordHash === undefined) return;
    const account = { name, login, role, language, mustChangePassword: true, passwordHash };
    await tx('agents')
      .where({ id })
      .update({ user_id: await writer.insert(account) });
    return;
  }
  const user = await writer.lock(row.user_id);
  const isSame =
    passwordHash === undefined &&
    [user.name, user.login, user.role, user.language].join('\n') ===
      [name, login, role, language].join('\n');
  if (isSame) return;
  await writer.replace(user.id, user.version, {
    name,
    login,
    role,
    language,
    mustChangePassword: user.mustChangePassword || passwordHash !== undefined,
    ...(passwordHash === undefined ? {} : { passwordHash }),
  });
}

async function archiveAccount(users: KnexUserStore, tx: Knex, id: AgentId, archived: boolean) {
  const row = await tx('agents').where({ id }).first<{ user_id: UserId | null }>('user_id');
  if (row.user_id === null) return;
  const writer = users.writer(tx);
  const user = await writer.lock(row.user_id);
  if (user.role !== 'administrator') await writer.setArchived(user.id, archived);
}

const mapping = (users: KnexUserStore): Mapping => ({
  table: 'agents',
  searched: ['name', 'number'],
  sorts: { name: 'name', number: 'number', updated: 'updated_at' },
  filters: {
    queue: (query, value) =>
      void query.whereIn('id', (members) => {
        void members.from('queue_members').where('queue_id', value).select('agent_id');
      }),
  },
  uniques: { number: 'number' },
  columns: (draft) => ({
    name: draft.name,
    number: draft.number,
    extension_id: draft.extensionId ?? null,
    caller_ids: JSON.stringify(draft.callerIds),
    caller_id_order: draft.callerIdOrder,
    outside_phone: draft.outsidePhone,
    ...(draft.pinSealed === undefined ? {} : { pin_sealed: draft.pinSealed }),
  }),
  uses: (db, id) => new KnexUsageReports(db).ofAgent(id),
  read,
  check,
  writeParts: async (tx, id, draft) => {
    await writeSkills(tx, id, draft);
    await writeQueues(tx, id, draft);
    await writeAccount(users, tx, id, draft);
  },
  archiveParts: (tx, id, archived) => archiveAccount(users, tx, id, archived),
});

/** Agents in MariaDB. */
export class KnexAgentStore
  extends KnexVersionedStore<AgentId, AgentDraft, StoredAgent, AgentSort>
  implements AgentStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, mapping(new KnexUserStore(db, auditLog)), auditLog);
  }

  async extensionOptions(): Promise<readonly ExtensionOption[]> {
    const extensions = await this.db('extensions')
      .whereNull('archived_at')
      .orderBy('number')
      .select<{ id: ExtensionId; number: string; name: string }[]>('id', 'number', 'name');
    const agents = await this.db('agents')
      .whereNull('archived_at')
      .whereNotNull('extension_id')
      .orderBy('name')
      .select<{ id: AgentId; name: string; extension_id: ExtensionId }[]>(
        'id',
        'name',
        'extension_id',
      );
    return extensions.map((extension) => ({
      ...extension,
      agents: agents
        .filter((agent) => agent.extension_id === extension.id)
        .map(({ id, name }) => ({ id, name })),
    }));
  }

  skillOptions(): Promise<readonly SkillOption[]> {
    return readSkillOptions(this.db);
  }

  queueOptions(): Promise<readonly QueueOption[]> {
    return readQueueOptions(this.db);
  }
}
