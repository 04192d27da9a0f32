import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { Directory, ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, DeskAnswer } from '../../telephony/live.js';
import { isSlot, type Parking } from '../../telephony/parking.js';
import { SettingService, type SettingStore } from '../configuration/index.js';

export interface ParkingParts {
  readonly store: SettingStore<Parking>;
  readonly announcer: Announcer;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  /** The phone that somebody sits at; undefined for users who have none. */
  readonly phoneOf: (actor: Actor) => ExtensionConfig | undefined;
}

/** Slots for parked calls, and taking calls from them. */
export class ParkingService extends SettingService<Parking> {
  constructor(private readonly parts: ParkingParts) {
    super(parts.store, parts.announcer, { permission: 'extensions.edit', announces: 'parking' });
  }

  phoneOf(actor: Actor): ExtensionConfig | undefined {
    requirePermission(actor, 'workspace.use');
    return this.parts.phoneOf(actor);
  }

  /** Rings the own phone; when it is lifted, it has the call that waits at the slot. */
  async retrieve(actor: Actor, slot: string): Promise<DeskAnswer> {
    const phone = this.phoneOf(actor);
    if (phone === undefined) throw new AppError('not-found', 'the user has no phone');
    if (!isSlot(this.parts.directory.current, slot))
      throw new AppError('not-found', 'there is no such slot');
    return this.parts.desk.ask({ kind: 'phone-dial', extensionId: phone.id, number: slot });
  }
}
