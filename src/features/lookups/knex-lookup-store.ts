import type { Knex } from 'knex';
import type { LookupId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { LookupStore } from './lookup-store.js';
import type { LookupDraft, LookupSort, StoredLookup } from './lookup.js';

interface LookupRow {
  readonly id: LookupId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database_name: string;
  readonly user: string;
  readonly password_sealed: string;
}

const MAPPING: TableMapping<LookupId, LookupDraft, StoredLookup, LookupSort> = {
  table: 'lookup_connections',
  searched: ['name', 'host', 'database_name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  defaults: { password_sealed: '' },
  columns: ({ name, host, port, database, user, passwordSealed }) => ({
    ...{ name, host, port, database_name: database, user },
    ...(passwordSealed === undefined ? {} : { password_sealed: passwordSealed }),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly LookupRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        host: row.host,
        port: row.port,
        database: row.database_name,
        user: row.user,
        hasPassword: row.password_sealed !== '',
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofConnection(id),
};

/** Connections of flows in MariaDB. */
export class KnexLookupStore
  extends KnexVersionedStore<LookupId, LookupDraft, StoredLookup, LookupSort>
  implements LookupStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async passwordOf(id: LookupId): Promise<string> {
    const row = await this.db('lookup_connections')
      .where({ id })
      .first<{ password_sealed: string } | undefined>('password_sealed');
    return row?.password_sealed ?? '';
  }
}
