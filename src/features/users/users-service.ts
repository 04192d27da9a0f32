import { requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { UserId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { changesBetween, SECRET_CHANGED, type RowQuery } from '../configuration/index.js';
import { passwordProblem, type PasswordHasher } from './password.js';
import type { SessionStore } from './session-store.js';
import type { Preferences, User, UserDraft, UserSort, UserValues } from './user.js';
import type { UserStore, UserWriter } from './user-store.js';

/** What an audit line says about a user. */
const described = (user: Pick<User, 'login' | 'name' | 'role' | 'language'>) => ({
  login: user.login,
  name: user.name,
  role: user.role,
  language: user.language,
});

const refused = (field: string, message: string): AppError =>
  new AppError('invalid-fields', message, [{ field, message }]);

/** Managing users. The last administrator cannot be archived or lose the role; changed passwords end sessions. */
export class UsersService {
  constructor(
    private readonly store: UserStore,
    private readonly sessions: SessionStore,
    private readonly hasher: PasswordHasher,
  ) {}

  async list(actor: Actor, query: RowQuery<UserSort>): Promise<ListResult<User>> {
    requirePermission(actor, 'users.edit');
    return this.store.list(query);
  }

  async get(actor: Actor, id: UserId): Promise<User> {
    requirePermission(actor, 'users.edit');
    return this.#find(id);
  }

  /** The signed-in user's own row; `not-signed-in` where it was archived meanwhile. */
  async profile(id: UserId): Promise<User> {
    const user = await this.store.find(id);
    if (!user || user.archivedAt) throw new AppError('not-signed-in', 'the user is archived');
    return user;
  }

  async create(actor: Actor, values: UserValues): Promise<UserId> {
    requirePermission(actor, 'users.edit');
    if (values.password === '') throw refused('password', 'form.problem.needed');
    const draft = await this.#draft(values);
    return this.store.changeUsers(async (writer) => {
      const id = await writer.insert(draft);
      await writer.audit.record(actor, {
        ...about('user.create', id, draft.name),
        changes: changesBetween(undefined, described(draft)),
      });
      return id;
    });
  }

  async change(actor: Actor, id: UserId, version: number, values: UserValues): Promise<void> {
    requirePermission(actor, 'users.edit');
    const draft = await this.#draft(values);
    const hasNewRole = await this.store.changeUsers(async (writer) => {
      const before = await writer.lock(id);
      if (before.role === 'administrator' && draft.role !== 'administrator')
        await keepAnAdministrator(writer, id, 'role');
      await writer.replace(id, version, draft);
      await writer.audit.record(actor, {
        ...about('user.change', id, draft.name),
        changes: {
          ...changesBetween(described(before), described(draft)),
          ...(draft.passwordHash === undefined ? {} : { password: SECRET_CHANGED }),
        },
      });
      return before.role !== draft.role;
    });
    // Open pages and live connections were made for the old role.
    if (hasNewRole || draft.passwordHash !== undefined) await this.sessions.endAll(id);
  }

  async archive(actor: Actor, id: UserId): Promise<void> {
    requirePermission(actor, 'users.edit');
    await this.store.changeUsers(async (writer) => {
      const user = await writer.lock(id);
      if (user.role === 'administrator') await keepAnAdministrator(writer, id, '');
      await writer.setArchived(id, true);
      await writer.audit.record(actor, about('user.archive', id, user.name));
    });
    await this.sessions.endAll(id);
  }

  async restore(actor: Actor, id: UserId): Promise<void> {
    requirePermission(actor, 'users.edit');
    await this.store.changeUsers(async (writer) => {
      const user = await writer.lock(id);
      await writer.setArchived(id, false);
      await writer.audit.record(actor, about('user.restore', id, user.name));
    });
  }

  /** The actor's own name, language, theme, density. */
  async savePreferences(
    actor: Actor,
    preferences: Partial<Preferences & { readonly name: string }>,
  ): Promise<void> {
    await this.store.savePreferences(ownId(actor), preferences);
  }

  /** The actor's own password. Other browsers of the same user are signed out. */
  async changeOwnPassword(
    actor: Actor,
    sessionId: string,
    values: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<void> {
    const user = await this.#find(ownId(actor));
    const stored = await this.store.passwordHash(user.id);
    if (stored === undefined || !(await this.hasher.verify(stored, values.currentPassword)))
      throw refused('currentPassword', 'users.problem.password-wrong');
    if (values.newPassword === values.currentPassword)
      throw refused('newPassword', 'users.problem.password-same');
    const wrong = passwordProblem(values.newPassword, user.login);
    if (wrong !== undefined) throw refused('newPassword', wrong);
    const hash = await this.hasher.hash(values.newPassword);
    await this.store.changeUsers(async (writer) => {
      await writer.savePassword(user.id, hash);
      await writer.audit.record(actor, about('user.change-password', user.id, user.name));
    });
    await this.sessions.endAll(user.id, sessionId);
  }

  async #find(id: UserId): Promise<User> {
    const user = await this.store.find(id);
    if (!user) throw new AppError('not-found', `no user ${String(id)}`);
    return user;
  }

  async #draft(values: UserValues): Promise<UserDraft> {
    const { password, ...rest } = values;
    if (password === '') return rest;
    const wrong = passwordProblem(password, values.login);
    if (wrong !== undefined) throw refused('password', wrong);
    return { ...rest, passwordHash: await this.hasher.hash(password) };
  }
}

const about = (action: string, id: UserId, name: string) => ({
  action,
  objectKind: 'user',
  objectId: String(id),
  objectName: name,
});

async function keepAnAdministrator(writer: UserWriter, id: UserId, field: string): Promise<void> {
  if ((await writer.otherAdministrators(id)) === 0)
    throw refused(field, 'users.problem.last-administrator');
}

function ownId(actor: Actor): UserId {
  if (actor.userId === undefined) throw new AppError('not-signed-in', 'the system has no profile');
  return actor.userId;
}
