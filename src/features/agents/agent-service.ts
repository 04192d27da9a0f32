import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, UserId } from '../../kernel/ids.js';
import { newPassword, RowService, type SecretBox, type Usage } from '../configuration/index.js';
import { describeLevels } from '../skills/index.js';
import type {
  AccountCredentials,
  AgentDraft,
  AgentSort,
  AgentValues,
  StoredAgent,
} from './agent.js';
import type { AgentStore } from './agent-store.js';

/** What an agent's account needs of the users feature. */
export interface Accounts {
  hashPassword(password: string): Promise<string>;
  /** Signs somebody out everywhere. */
  endSessions(id: UserId): Promise<void>;
}

async function describe(
  store: AgentStore,
  draft: AgentDraft,
): Promise<Readonly<Record<string, unknown>>> {
  const [extensions, queues, skills] = await Promise.all([
    store.extensionOptions(),
    store.queueOptions(),
    store.skillOptions(),
  ]);
  return {
    name: draft.name,
    number: draft.number,
    extension: extensions.find((extension) => extension.id === draft.extensionId)?.number ?? '',
    queues: queues.filter((queue) => draft.queues.includes(queue.id)).map((queue) => queue.name),
    levels: describeLevels(skills, draft.levels),
    login: draft.login,
    role: draft.role,
    language: draft.language,
  };
}

/** Agents and their accounts. Passwords leave this service once: when they are made. */
export class AgentService extends RowService<AgentId, AgentDraft, StoredAgent, AgentSort> {
  constructor(
    private readonly agents: AgentStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
    private readonly accounts: Accounts,
  ) {
    super(agents, announcer, {
      permission: 'agents.edit',
      objectKind: 'agent',
      announces: 'agents',
      nameOf: (draft) => draft.name,
      describe: (draft) => describe(agents, draft),
      secrets: (draft) => [
        ...(draft.pinSealed === undefined ? [] : ['pin']),
        ...(draft.passwordHash === undefined ? [] : ['password']),
      ],
    });
  }

  /** A new agent with an account; the password must be changed at the first sign-in. */
  async createAgent(
    actor: Actor,
    values: AgentValues,
  ): Promise<AccountCredentials & { readonly id: AgentId }> {
    requirePermission(actor, 'agents.edit');
    const password = newPassword();
    const draft = this.#draft(values, undefined);
    const passwordHash = await this.accounts.hashPassword(password);
    const id = await this.create(actor, { ...draft, passwordHash });
    return { id, login: draft.login, password };
  }

  /** Saves the form. Gives credentials where the agent had no account before. */
  async saveAgent(
    actor: Actor,
    id: AgentId,
    version: number,
    values: AgentValues,
  ): Promise<AccountCredentials | undefined> {
    const before = await this.get(actor, id);
    const draft = this.#draft(values, before);
    if (before.userId !== undefined) {
      await this.save(actor, id, version, draft);
      return undefined;
    }
    const password = newPassword();
    const passwordHash = await this.accounts.hashPassword(password);
    await this.save(actor, id, version, { ...draft, passwordHash });
    return { login: draft.login, password };
  }

  /** A new password for the account; whoever is signed in with the old one is signed out. */
  async renewPassword(actor: Actor, id: AgentId): Promise<AccountCredentials> {
    const stored = await this.get(actor, id);
    if (stored.userId === undefined) throw new AppError('not-found', 'the agent has no account');
    const password = newPassword();
    const passwordHash = await this.accounts.hashPassword(password);
    await this.save(actor, id, stored.version, { ...stored, passwordHash });
    await this.accounts.endSessions(stored.userId);
    return { login: stored.login, password };
  }

  /** Archives the account with the agent and signs it out. */
  override async archive(actor: Actor, id: AgentId): Promise<readonly Usage[]> {
    const uses = await super.archive(actor, id);
    if (uses.length > 0) return uses;
    const { userId, role } = await this.get(actor, id);
    if (userId !== undefined && role !== 'administrator') await this.accounts.endSessions(userId);
    return uses;
  }

  #draft(values: AgentValues, before: StoredAgent | undefined): AgentDraft {
    const { pin, removePin, ...rest } = values;
    if (values.role === 'administrator' && before?.role !== 'administrator')
      throw refused('role', 'agents.problem.role');
    if (values.role !== 'administrator' && before?.role === 'administrator')
      throw refused('role', 'agents.problem.role-administrator');
    const known = before?.hasPin === true;
    if (pin !== '') return { ...rest, pinSealed: this.secrets.seal(pin) };
    return known && removePin ? { ...rest, pinSealed: '' } : rest;
  }
}

const refused = (field: string, message: string): AppError =>
  new AppError('invalid-fields', message, [{ field, message }]);
