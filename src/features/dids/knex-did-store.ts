import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import type { DidId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  readTarget,
  requireTarget,
  type TableMapping,
} from '../configuration/index.js';
import type { DidStore } from './did-store.js';
import type { DidDraft, DidSort, StoredDid } from './did.js';

interface DidRow {
  readonly id: DidId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly number: string;
  readonly name: string;
  readonly target: unknown;
  readonly language: Language;
}

const MAPPING: TableMapping<DidId, DidDraft, StoredDid, DidSort> = {
  table: 'dids',
  searched: ['number', 'name'],
  searchedNumbers: ['number'],
  sorts: { number: 'number', name: 'name', language: 'language', updated: 'updated_at' },
  filters: { language: (query, value) => void query.where('language', value) },
  uniques: { number: 'number' },
  columns: (draft) => ({
    number: draft.number,
    name: draft.name,
    target: JSON.stringify(draft.target),
    language: draft.language,
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly DidRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        number: row.number,
        name: row.name,
        target: readTarget(row.target),
        language: row.language,
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofDid(id),
  check: (tx, draft) => requireTarget(tx, draft.target, 'target'),
};

/** DIDs in MariaDB. */
export class KnexDidStore
  extends KnexVersionedStore<DidId, DidDraft, StoredDid, DidSort>
  implements DidStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
