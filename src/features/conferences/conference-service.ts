import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { ConferenceId } from '../../kernel/ids.js';
import { RowService, type SecretBox } from '../configuration/index.js';
import type { ConferenceStore } from './conference-store.js';
import type {
  ConferenceDraft,
  ConferenceSort,
  ConferenceValues,
  StoredConference,
} from './conference.js';

/** Conference rooms. PINs go in and are never given out again, except to the calls. */
export class ConferenceService extends RowService<
  ConferenceId,
  ConferenceDraft,
  StoredConference,
  ConferenceSort
> {
  constructor(
    store: ConferenceStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
  ) {
    super(store, announcer, {
      permission: 'extensions.edit',
      objectKind: 'conference',
      announces: 'conferences',
      nameOf: (draft) => draft.name,
      describe: ({ name, number, announcesJoin }) => ({ name, number, announcesJoin }),
      secrets: (draft) => (draft.pinSealed === undefined ? [] : ['pin']),
    });
  }

  async createRoom(actor: Actor, values: ConferenceValues): Promise<ConferenceId> {
    requirePermission(actor, 'extensions.edit');
    return this.create(actor, this.#draft(values));
  }

  /** An empty PIN keeps the stored one, unless the room is to have none. */
  async saveRoom(
    actor: Actor,
    id: ConferenceId,
    version: number,
    values: ConferenceValues,
  ): Promise<void> {
    await this.save(actor, id, version, this.#draft(values));
  }

  #draft({ name, number, announcesJoin, pin, withoutPin }: ConferenceValues): ConferenceDraft {
    const room = { name, number, announcesJoin };
    if (withoutPin) return { ...room, pinSealed: '' };
    return pin === '' ? room : { ...room, pinSealed: this.secrets.seal(pin) };
  }
}
