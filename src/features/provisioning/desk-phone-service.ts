import { createHash } from 'node:crypto';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { DeskPhoneId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { newPassword, RowService, type SecretBox } from '../configuration/index.js';
import type { DeskPhoneStore, NewDeskPhone, PhoneFetch } from './desk-phone-store.js';
import type { DeskPhoneDraft, DeskPhoneSort, StoredDeskPhone } from './desk-phone.js';
import type { DeviceMaker, MadeDevice } from './device-maker.js';
import { macText } from './mac.js';
import { modelOf } from './models.js';

export interface DeskPhoneParts {
  readonly store: DeskPhoneStore;
  readonly announcer: Announcer;
  readonly secrets: SecretBox;
  readonly maker: DeviceMaker;
  readonly audit: AuditLog;
}

/** Whether a phone has what it would get now. */
export type PhoneState = 'current' | 'older' | 'never' | 'off';

const PERMISSION = 'extensions.edit';

/** Desk phones, and what they are told. */
export class DeskPhoneService extends RowService<
  DeskPhoneId,
  NewDeskPhone,
  StoredDeskPhone,
  DeskPhoneSort
> {
  constructor(private readonly parts: DeskPhoneParts) {
    const { store, announcer } = parts;
    super(store, announcer, {
      permission: PERMISSION,
      objectKind: 'desk-phone',
      announces: 'desk-phones',
      nameOf: ({ mac, name }) => `${macText(mac)} ${name}`,
      describe: async ({ mac, name, model, lines, keys, isEnabled }) => {
        const numbers = await store.extensions();
        return {
          ...{ mac: macText(mac), name, model: modelOf(model)?.name ?? model, isEnabled, keys },
          lines: lines
            .map((id) => numbers.find((one) => one.id === id)?.number ?? '')
            .filter((number) => number !== '')
            .join(', '),
        };
      },
      secrets: (draft) => (draft.secretHash === undefined ? [] : ['secret', 'adminPassword']),
    });
  }

  createPhone(actor: Actor, draft: DeskPhoneDraft): Promise<DeskPhoneId> {
    return this.create(actor, this.#withSecrets(draft));
  }

  /** All or none, with one audit line. */
  async createAll(actor: Actor, drafts: readonly DeskPhoneDraft[]): Promise<void> {
    requirePermission(actor, PERMISSION);
    const macs = drafts.map(({ mac }) => macText(mac));
    await this.parts.store.insertAll(
      drafts.map((draft) => this.#withSecrets(draft)),
      (audit) =>
        audit.record(actor, {
          action: 'desk-phone.import',
          objectKind: 'desk-phone',
          objectId: '',
          objectName: `${macs[0] ?? ''} … ${macs.at(-1) ?? ''}`,
          changes: { mac: ['', macs.join(', ')] },
        }),
    );
    await this.announce();
  }

  taken(actor: Actor, macs: readonly string[]): Promise<ReadonlySet<string>> {
    requirePermission(actor, PERMISSION);
    return this.parts.store.taken(macs);
  }

  /** New secrets: the phone must be given its new address by hand, and its old one answers no more. */
  async renewSecrets(actor: Actor, id: DeskPhoneId): Promise<void> {
    const phone = await this.get(actor, id);
    await this.save(actor, id, phone.version, this.#withSecrets(phone));
  }

  fetches(actor: Actor, id: DeskPhoneId): Promise<readonly PhoneFetch[]> {
    requirePermission(actor, PERMISSION);
    return this.parts.store.fetches(id);
  }

  /** Whether each phone has what it would get now. */
  async states(
    actor: Actor,
    phones: readonly StoredDeskPhone[],
  ): Promise<ReadonlyMap<DeskPhoneId, PhoneState>> {
    requirePermission(actor, PERMISSION);
    const made = await this.parts.maker.make(phones);
    return new Map(made.map(({ phone, hash }) => [phone.id, stateOf(phone, hash)]));
  }

  /** Everything to be typed by hand, passwords among it; whoever looks is written down. */
  async sheet(actor: Actor, id: DeskPhoneId): Promise<MadeDevice | undefined> {
    const phone = await this.get(actor, id);
    await this.parts.audit.record(actor, {
      action: 'desk-phone.sheet',
      objectKind: 'desk-phone',
      objectId: String(id),
      objectName: `${macText(phone.mac)} ${phone.name}`,
    });
    return (await this.parts.maker.make([phone]))[0];
  }

  #withSecrets(draft: DeskPhoneDraft): NewDeskPhone {
    const { secrets } = this.parts;
    const secret = newPassword();
    return {
      ...draft,
      secretHash: hashOfSecret(secret),
      secretSealed: secrets.seal(secret),
      adminSealed: secrets.seal(newPassword()),
    };
  }
}

/** By which a phone is found. */
export const hashOfSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex');

function stateOf({ isEnabled, fetchedAt, fetchedHash }: StoredDeskPhone, hash: string): PhoneState {
  if (!isEnabled) return 'off';
  if (fetchedAt === undefined) return 'never';
  return fetchedHash === hash ? 'current' : 'older';
}
