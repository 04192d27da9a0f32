import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { TrunkId } from '../../kernel/ids.js';
import { RowService, type SecretBox } from '../configuration/index.js';
import type { TrunkStore } from './trunk-store.js';
import type { SipTrunkValues, StoredTrunk, TrunkDraft, TrunkSort } from './trunk.js';

const describe = (draft: TrunkDraft): Readonly<Record<string, unknown>> => {
  const { settings } = draft;
  return {
    name: draft.name,
    enabled: draft.enabled,
    priority: draft.priority,
    maxChannels: draft.maxChannels,
    callerId: draft.callerId,
    ...settings,
  };
};

/** Trunks. Passwords go in and are never given out again, except to the telephone server. */
export class TrunkService extends RowService<TrunkId, TrunkDraft, StoredTrunk, TrunkSort> {
  constructor(
    store: TrunkStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
  ) {
    super(store, announcer, {
      permission: 'trunks.edit',
      objectKind: 'trunk',
      announces: 'trunks',
      nameOf: (draft) => draft.name,
      describe,
      secrets: (draft) => (draft.passwordSealed === undefined ? [] : ['password']),
    });
  }

  /** A new SIP trunk from its form. */
  async createSip(actor: Actor, values: SipTrunkValues): Promise<TrunkId> {
    requirePermission(actor, 'trunks.edit');
    return this.create(actor, this.#draft(values, false));
  }

  /** Saves a SIP trunk's form; an empty password keeps the stored one, an empty user takes it away. */
  async saveSip(actor: Actor, id: TrunkId, version: number, values: SipTrunkValues): Promise<void> {
    const stored = await this.get(actor, id);
    await this.save(actor, id, version, this.#draft(values, stored.hasPassword));
  }

  #draft(values: SipTrunkValues, hasPassword: boolean): TrunkDraft {
    const problem = credentialsProblem(values, hasPassword);
    if (problem !== undefined)
      throw new AppError('invalid-fields', 'credentials are incomplete', [problem]);
    return {
      name: values.name,
      enabled: values.enabled,
      priority: values.priority,
      maxChannels: values.maxChannels,
      callerId: values.callerId,
      settings: {
        technology: 'sip',
        host: values.host,
        port: values.port,
        transport: values.transport,
        username: values.username,
        fromUser: values.fromUser,
        register: values.register,
        addresses: values.addresses,
        codecs: values.codecs,
      },
      ...this.#passwordChange(values, hasPassword),
    };
  }

  #passwordChange(
    values: SipTrunkValues,
    hasPassword: boolean,
  ): Pick<TrunkDraft, 'passwordSealed'> {
    if (values.password !== '') return { passwordSealed: this.secrets.seal(values.password) };
    return values.username === '' && hasPassword ? { passwordSealed: '' } : {};
  }
}

/** A registration needs a user, a user needs a password, a password is of no use without a user. */
function credentialsProblem(values: SipTrunkValues, hasPassword: boolean) {
  if (values.register && values.username === '')
    return { field: 'username', message: 'trunks.problem.register-needs-user' };
  if (values.username !== '' && values.password === '' && !hasPassword)
    return { field: 'password', message: 'trunks.problem.user-needs-password' };
  if (values.username === '' && values.password !== '')
    return { field: 'username', message: 'trunks.problem.password-needs-user' };
  return undefined;
}
