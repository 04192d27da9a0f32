import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { TrunkId } from '../../kernel/ids.js';
import {
  describeTarget,
  RowService,
  type SecretBox,
  type TargetStore,
} from '../configuration/index.js';
import { rangeText } from './pbx-trunk.js';
import type { TrunkStore } from './trunk-store.js';
import type { SipTrunkValues, StoredTrunk, TrunkDraft, TrunkSort } from './trunk.js';

const describe = async (
  targets: TargetStore,
  draft: TrunkDraft,
): Promise<Readonly<Record<string, unknown>>> => {
  const { settings, pbx } = draft;
  return {
    name: draft.name,
    enabled: draft.enabled,
    priority: draft.priority,
    maxChannels: draft.maxChannels,
    maxIncoming: draft.maxIncoming,
    callerId: draft.callerId,
    allowedCallerIds: draft.allowedCallerIds,
    mayWithhold: draft.mayWithhold,
    recording: draft.recording,
    recordingNotice: draft.recordingNotice,
    ...settings,
    ...(pbx && {
      ranges: pbx.ranges.map(rangeText).join(', '),
      permission: pbx.permission,
      elsewhere: await describeTarget(targets, pbx.elsewhere),
    }),
  };
};

/** Trunks. Passwords go in and are never given out again, except to the telephone server. */
export class TrunkService extends RowService<TrunkId, TrunkDraft, StoredTrunk, TrunkSort> {
  constructor(
    store: TrunkStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
    targets: TargetStore,
  ) {
    super(store, announcer, {
      permission: 'trunks.edit',
      objectKind: 'trunk',
      announces: 'trunks',
      nameOf: (draft) => draft.name,
      describe: (draft) => describe(targets, draft),
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
      maxIncoming: values.maxIncoming,
      callerId: values.callerId,
      allowedCallerIds: values.allowedCallerIds,
      mayWithhold: values.mayWithhold,
      recording: values.recording,
      recordingNotice: values.recordingNotice,
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
        dtmf: values.dtmf ?? 'auto',
      },
      ...(values.pbx === undefined ? {} : { pbx: values.pbx }),
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
