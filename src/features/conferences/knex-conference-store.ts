import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { ConferenceId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
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
  readonly announces_join: number;
}

const MAPPING: TableMapping<ConferenceId, ConferenceDraft, StoredConference, ConferenceSort> = {
  table: 'conferences',
  searched: ['name', 'number'],
  sorts: { number: 'number', name: 'name', updated: 'updated_at' },
  uniques: { name: 'name', number: 'number' },
  defaults: { pin_sealed: '' },
  columns: ({ name, number, announcesJoin, pinSealed }) => ({
    ...{ name, number, announces_join: announcesJoin },
    ...(pinSealed === undefined ? {} : { pin_sealed: pinSealed }),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly ConferenceRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        number: row.number,
        announcesJoin: row.announces_join === 1,
        hasPin: row.pin_sealed !== '',
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofRoom(id),
  check: async (tx, { number }) => {
    const row: unknown = await tx('extensions')
      .where({ number })
      .whereNull('archived_at')
      .forShare()
      .first('id');
    if (row !== undefined)
      throw new AppError('invalid-fields', 'the number is an extension', [
        { field: 'number', message: 'conferences.problem.extension' },
      ]);
  },
};

/** Conference rooms in MariaDB. */
export class KnexConferenceStore
  extends KnexVersionedStore<ConferenceId, ConferenceDraft, StoredConference, ConferenceSort>
  implements ConferenceStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
