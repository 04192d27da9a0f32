import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { ConferenceId } from '../../kernel/ids.js';
import { RowService, type SecretBox } from '../configuration/index.js';
import type { ConferenceStore } from './conference-store.js';
import type {
  ConferenceDraft,
  ConferenceSort,
  ConferenceValues,
  StoredConference,
} from './conference.js';

interface Pins {
  readonly host: string;
  readonly guest: string;
}

/** Conference rooms. PINs go in and are never given out again, except to the calls. */
export class ConferenceService extends RowService<
  ConferenceId,
  ConferenceDraft,
  StoredConference,
  ConferenceSort
> {
  constructor(
    private readonly rooms: ConferenceStore,
    announcer: Announcer,
    private readonly box: SecretBox,
  ) {
    super(rooms, announcer, {
      permission: 'extensions.edit',
      objectKind: 'conference',
      announces: 'conferences',
      nameOf: (draft) => draft.name,
      describe: ({ name, number, guestsWait, endsWithHost, maxMembers, ...draft }) => ({
        ...{ name, number, guestsWait, endsWithHost, maxMembers },
        ...{ announces: draft.announces, records: draft.records, invites: draft.invites },
      }),
      secrets: (draft) => [
        ...(draft.hostPinSealed === undefined ? [] : ['hostPin']),
        ...(draft.guestPinSealed === undefined ? [] : ['guestPin']),
      ],
    });
  }

  /** Throws `invalid-fields` where the PINs are the same, or guests wait for hosts that nobody can be. */
  async createRoom(actor: Actor, values: ConferenceValues): Promise<ConferenceId> {
    requirePermission(actor, 'extensions.edit');
    return this.create(actor, this.#draft(values, { host: '', guest: '' }));
  }

  /** An empty PIN keeps the stored one, unless the room is to have none. The same refusals. */
  async saveRoom(
    actor: Actor,
    id: ConferenceId,
    version: number,
    values: ConferenceValues,
  ): Promise<void> {
    requirePermission(actor, 'extensions.edit');
    const { host, guest } = await this.rooms.pins(id);
    const open = (sealed: string): string => (sealed === '' ? '' : this.box.open(sealed));
    const draft = this.#draft(values, { host: open(host), guest: open(guest) });
    await this.save(actor, id, version, draft);
  }

  #draft(values: ConferenceValues, stored: Pins): ConferenceDraft {
    const { hostPin, withoutHostPin, guestPin, withoutGuestPin, ...room } = values;
    const host = pinAfter(stored.host, hostPin, withoutHostPin);
    const guest = pinAfter(stored.guest, guestPin, withoutGuestPin);
    if (host !== '' && host === guest)
      refuse(hostPin === '' ? 'guestPin' : 'hostPin', 'conferences.problem.same-pin');
    if (host === '' && room.guestsWait) refuse('guestsWait', 'conferences.problem.no-host');
    if (host === '' && room.endsWithHost) refuse('endsWithHost', 'conferences.problem.no-host');
    const sealed = (pin: string): string => (pin === '' ? '' : this.box.seal(pin));
    return {
      ...room,
      ...(host === stored.host ? {} : { hostPinSealed: sealed(host) }),
      ...(guest === stored.guest ? {} : { guestPinSealed: sealed(guest) }),
    };
  }
}

/** Typing a PIN wins over taking it away. */
function pinAfter(stored: string, typed: string, isTakenAway: boolean): string {
  if (typed !== '') return typed;
  return isTakenAway ? '' : stored;
}

function refuse(field: string, message: string): never {
  throw new AppError('invalid-fields', 'the PINs do not fit', [{ field, message }]);
}
