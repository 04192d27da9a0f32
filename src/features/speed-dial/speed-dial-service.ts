import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId, SpeedDialId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, DeskAnswer } from '../../telephony/live.js';
import { RowService } from '../configuration/index.js';
import type { OwnSpeedDialStore, SpeedDialStore } from './speed-dial-store.js';
import type { SpeedDialDraft, SpeedDialSort, StoredSpeedDial } from './speed-dial.js';

/** The company's speed dials. */
export class SpeedDialService extends RowService<
  SpeedDialId,
  SpeedDialDraft,
  StoredSpeedDial,
  SpeedDialSort
> {
  constructor(
    private readonly dials: SpeedDialStore,
    announcer: Announcer,
  ) {
    super(dials, announcer, {
      permission: 'extensions.edit',
      objectKind: 'speed-dial',
      announces: 'speed-dials',
      nameOf: ({ code, name }) => `${code} ${name}`,
      describe: ({ code, name, number }) => ({ code, name, number }),
    });
  }

  /** Which of these codes are taken, by archived ones too. */
  taken(actor: Actor, codes: readonly string[]): Promise<ReadonlySet<string>> {
    requirePermission(actor, 'extensions.edit');
    return this.dials.taken(codes);
  }

  /** Creates all or none, with one audit line; throws `invalid-fields` where a code was taken meanwhile. */
  async createAll(actor: Actor, drafts: readonly SpeedDialDraft[]): Promise<void> {
    requirePermission(actor, 'extensions.edit');
    const codes = drafts.map((draft) => draft.code);
    await this.dials.insertAll(drafts, (audit) =>
      audit.record(actor, {
        action: 'speed-dial.import',
        objectKind: 'speed-dial',
        objectId: '',
        objectName: `${codes[0] ?? ''} … ${codes.at(-1) ?? ''}`,
        changes: { code: ['', codes.join(', ')] },
      }),
    );
    await this.announce();
  }
}

interface OwnParts {
  readonly store: OwnSpeedDialStore;
  readonly announcer: Announcer;
  readonly desk: Desk;
  /** The phone that somebody sits at; undefined for users who have none. */
  readonly phoneOf: (actor: Actor) => ExtensionConfig | undefined;
}

/** Speed dials of the phone that somebody sits at. */
export class OwnSpeedDialService {
  constructor(private readonly parts: OwnParts) {}

  phoneOf(actor: Actor): ExtensionConfig | undefined {
    requirePermission(actor, 'workspace.use');
    return this.parts.phoneOf(actor);
  }

  of(actor: Actor): Promise<readonly SpeedDialDraft[]> {
    return this.parts.store.of(this.#phone(actor));
  }

  async set(actor: Actor, { code, name, number }: SpeedDialDraft): Promise<void> {
    await this.parts.store.set(this.#phone(actor), code, { name, number });
    await this.parts.announcer.configurationChanged('speed-dials');
  }

  async remove(actor: Actor, code: string): Promise<void> {
    await this.parts.store.set(this.#phone(actor), code, undefined);
    await this.parts.announcer.configurationChanged('speed-dials');
  }

  /** Rings the own phone; when it is lifted, the number is dialled. */
  call(actor: Actor, number: string): Promise<DeskAnswer> {
    return this.parts.desk.ask({ kind: 'phone-dial', extensionId: this.#phone(actor), number });
  }

  #phone(actor: Actor): ExtensionId {
    const phone = this.phoneOf(actor);
    if (phone === undefined) throw new AppError('not-found', 'the user has no phone');
    return phone.id;
  }
}
