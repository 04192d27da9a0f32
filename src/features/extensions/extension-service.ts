import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import { CODECS } from '../../telephony/ari/provisioning.js';
import { newPassword, RowService, type SecretBox } from '../configuration/index.js';
import type { ExtensionStore } from './extension-store.js';
import type {
  ExtensionDraft,
  ExtensionSort,
  PhoneCredentials,
  StoredExtension,
} from './extension.js';

const describe = (draft: ExtensionDraft): Readonly<Record<string, unknown>> => ({
  number: draft.number,
  name: draft.name,
  permission: draft.permission,
  callerId: draft.callerId,
  recordingInbound: draft.recordingInbound,
  recordingOutbound: draft.recordingOutbound,
  recordingInternal: draft.recordingInternal,
  voicemail: draft.voicemail,
  ringTimeoutS: draft.ringTimeoutS,
  language: draft.language,
  department: draft.department ?? '',
  isListed: draft.isListed ?? true,
  codecs: (draft.codecs ?? CODECS).join(', '),
  dtmf: draft.dtmf ?? 'auto',
});

/** Extensions and the passwords of their phones, which leave this service once: when they are made. */
export class ExtensionService extends RowService<
  ExtensionId,
  ExtensionDraft,
  StoredExtension,
  ExtensionSort
> {
  constructor(
    private readonly extensions: ExtensionStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
  ) {
    super(extensions, announcer, {
      permission: 'extensions.edit',
      objectKind: 'extension',
      announces: 'extensions',
      nameOf: (draft) => `${draft.number} ${draft.name}`,
      describe,
      secrets: (draft) => (draft.secretSealed === undefined ? [] : ['password']),
    });
  }

  /** A new extension with a generated password. */
  async createPhone(
    actor: Actor,
    draft: ExtensionDraft,
  ): Promise<PhoneCredentials & { readonly id: ExtensionId }> {
    const password = newPassword();
    const id = await this.create(actor, { ...draft, secretSealed: this.secrets.seal(password) });
    return { id, number: draft.number, password };
  }

  /** From now on a voice speaks the name again. */
  async forgetSpokenName(actor: Actor, id: ExtensionId): Promise<void> {
    const { number, name } = await this.get(actor, id);
    await this.extensions.forgetSpokenName(id, (audit) =>
      audit.record(actor, {
        action: 'extension.forget-name',
        objectKind: 'extension',
        objectId: String(id),
        objectName: `${number} ${name}`,
      }),
    );
    await this.announce();
  }

  /** Refuses to switch the mailbox off while something leads to it. */
  override async save(
    actor: Actor,
    id: ExtensionId,
    version: number,
    draft: ExtensionDraft,
  ): Promise<void> {
    requirePermission(actor, 'extensions.edit');
    if (!draft.voicemail && (await this.extensions.usesOfMailbox(id)).length > 0)
      throw new AppError('invalid-fields', 'the mailbox is used', [
        { field: 'voicemail', message: 'extensions.problem.mailbox-used' },
      ]);
    await super.save(actor, id, version, draft);
  }

  /** Replaces the phone's password. The phone stays registered until it registers again with the old one and fails. */
  async renewPassword(actor: Actor, id: ExtensionId): Promise<PhoneCredentials> {
    const stored = await this.get(actor, id);
    const password = newPassword();
    const secretSealed = this.secrets.seal(password);
    await this.save(actor, id, stored.version, { ...stored, secretSealed });
    return { number: stored.number, password };
  }

  /** Creates all or none, with one audit line for all. Throws `invalid-fields` where a number was taken meanwhile. */
  async createAll(
    actor: Actor,
    drafts: readonly ExtensionDraft[],
  ): Promise<readonly PhoneCredentials[]> {
    requirePermission(actor, 'extensions.edit');
    const phones = drafts.map((draft) => ({ draft, password: newPassword() }));
    const sealed = phones.map(({ draft, password }) => ({
      ...draft,
      secretSealed: this.secrets.seal(password),
    }));
    const numbers = drafts.map((draft) => draft.number);
    await this.extensions.insertAll(sealed, (audit) =>
      audit.record(actor, {
        action: 'extension.import',
        objectKind: 'extension',
        objectId: '',
        objectName: `${numbers[0] ?? ''} … ${numbers.at(-1) ?? ''}`,
        changes: { numbers: ['', numbers.join(', ')] },
      }),
    );
    await this.announce();
    return phones.map(({ draft, password }) => ({ number: draft.number, password }));
  }

  /** Which of these numbers are taken, by archived extensions too. */
  async taken(actor: Actor, numbers: readonly string[]): Promise<ReadonlySet<string>> {
    requirePermission(actor, 'extensions.edit');
    return this.extensions.taken(numbers);
  }
}
