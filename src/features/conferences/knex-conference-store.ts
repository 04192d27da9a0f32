import type { Knex } from 'knex';
import type { RoomRecords } from '../../engines/conference/room.js';
import type { ConferenceId } from '../../kernel/ids.js';
import type { RoomAnnouncement } from '../../telephony/conference-rooms.js';
import type { PermissionClass } from '../../telephony/directory.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  requireFreeNumber,
  type TableMapping,
} from '../configuration/index.js';
import type { ConferenceStore } from './conference-store.js';
import type { ConferenceDraft, ConferenceSort, StoredConference } from './conference.js';

interface ConferenceRow {
  readonly id: ConferenceId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly number: string;
  readonly pin_sealed: string;
  readonly host_pin_sealed: string;
  readonly guests_wait: number;
  readonly ends_with_host: number;
  readonly max_members: number;
  readonly announces: RoomAnnouncement;
  readonly records: RoomRecords;
  readonly invites: PermissionClass;
}

const MAPPING: TableMapping<ConferenceId, ConferenceDraft, StoredConference, ConferenceSort> = {
  table: 'conferences',
  searched: ['name', 'number'],
  sorts: { number: 'number', name: 'name', updated: 'updated_at' },
  uniques: { name: 'name', number: 'number' },
  defaults: { pin_sealed: '', host_pin_sealed: '' },
  columns: (draft) => ({
    ...{ name: draft.name, number: draft.number, max_members: draft.maxMembers },
    ...{ guests_wait: draft.guestsWait, ends_with_host: draft.endsWithHost },
    ...{ announces: draft.announces, records: draft.records, invites: draft.invites },
    ...(draft.guestPinSealed === undefined ? {} : { pin_sealed: draft.guestPinSealed }),
    ...(draft.hostPinSealed === undefined ? {} : { host_pin_sealed: draft.hostPinSealed }),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly ConferenceRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        ...{ name: row.name, number: row.number, maxMembers: row.max_members },
        ...{ announces: row.announces, records: row.records, invites: row.invites },
        guestsWait: row.guests_wait === 1,
        endsWithHost: row.ends_with_host === 1,
        hasHostPin: row.host_pin_sealed !== '',
        hasGuestPin: row.pin_sealed !== '',
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofRoom(id),
  check: (tx, { number }) => requireFreeNumber(tx, 'conference', number),
};

/** Conference rooms in MariaDB. */
export class KnexConferenceStore
  extends KnexVersionedStore<ConferenceId, ConferenceDraft, StoredConference, ConferenceSort>
  implements ConferenceStore
{
  constructor(
    private readonly conferences: Knex,
    auditLog: (db: Knex) => AuditLog,
  ) {
    super(conferences, MAPPING, auditLog);
  }

  async pins(id: ConferenceId): ReturnType<ConferenceStore['pins']> {
    const row = await this.conferences('conferences')
      .where({ id })
      .first<Pick<ConferenceRow, 'pin_sealed' | 'host_pin_sealed'> | undefined>(
        'pin_sealed',
        'host_pin_sealed',
      );
    return { host: row?.host_pin_sealed ?? '', guest: row?.pin_sealed ?? '' };
  }
}
