import type { Knex } from 'knex';
import type { AgentId, UserId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { Preferences, User, UserDraft, UserSort } from './user.js';
import type { UserStore, UserWriter } from './user-store.js';

interface UserRow {
  readonly id: UserId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly login: string;
  readonly name: string;
  readonly role: User['role'];
  readonly language: User['language'];
  readonly theme: User['theme'];
  readonly density: User['density'];
  readonly must_change_password: number;
}

const toUser = (row: UserRow, agentId: AgentId | undefined): User => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  login: row.login,
  name: row.name,
  role: row.role,
  language: row.language,
  theme: row.theme,
  density: row.density,
  mustChangePassword: row.must_change_password === 1,
  agentId,
});

const MAPPING: TableMapping<UserId, UserDraft, User, UserSort> = {
  table: 'users',
  searched: ['name', 'login'],
  sorts: { name: 'name', login: 'login', role: 'role', updated: 'updated_at' },
  filters: { role: (query, role) => void query.where('role', role) },
  uniques: { login: 'login' },
  columns: (draft) => ({
    login: draft.login,
    name: draft.name,
    role: draft.role,
    language: draft.language,
    must_change_password: draft.mustChangePassword,
    ...(draft.passwordHash === undefined ? {} : { password_hash: draft.passwordHash }),
  }),
  read: async (db, rows) => {
    const users = rows as readonly UserRow[];
    const agents = await db('agents')
      .whereIn(
        'user_id',
        users.map((user) => user.id),
      )
      .whereNull('archived_at')
      .select<{ id: AgentId; user_id: UserId }[]>('id', 'user_id');
    return users.map((user) => toUser(user, agents.find((agent) => agent.user_id === user.id)?.id));
  },
};

/** Users in MariaDB. */
export class KnexUserStore
  extends KnexVersionedStore<UserId, UserDraft, User, UserSort>
  implements UserStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  changeUsers<T>(work: (writer: UserWriter) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (tx) => {
      const additions: Pick<UserWriter, 'otherAdministrators' | 'savePassword'> = {
        otherAdministrators: async (id) => {
          const others = (await tx('users')
            .where('role', 'administrator')
            .whereNull('archived_at')
            .whereNot('id', id)
            .forUpdate()
            .select('id')) as unknown[];
          return others.length;
        },
        savePassword: async (id, passwordHash) => {
          await tx('users')
            .where({ id })
            .update({ password_hash: passwordHash, must_change_password: false });
        },
      };
      return work(Object.assign(this.writer(tx), additions));
    });
  }

  async credentials(
    login: string,
  ): Promise<{ readonly id: UserId; readonly hash: string } | undefined> {
    const row = await this.db('users')
      .where('login', login)
      .whereNull('archived_at')
      .first<{ id: UserId; password_hash: string } | undefined>('id', 'password_hash');
    return row && { id: row.id, hash: row.password_hash };
  }

  async passwordHash(id: UserId): Promise<string | undefined> {
    const row = await this.db('users')
      .where({ id })
      .first<{ password_hash: string } | undefined>('password_hash');
    return row?.password_hash;
  }

  async savePreferences(
    id: UserId,
    preferences: Partial<Preferences & { readonly name: string }>,
  ): Promise<void> {
    const columns = Object.fromEntries(
      Object.entries(preferences).filter(([name]) =>
        ['name', 'language', 'theme', 'density'].includes(name),
      ),
    );
    if (Object.keys(columns).length > 0) await this.db('users').where({ id }).update(columns);
  }
}
