import type { Knex } from 'knex';
import type { ContactFieldId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type {
  ContactFieldDraft,
  ContactFieldKind,
  ContactFieldSort,
  StoredContactField,
} from './contact-field.js';
import { fromJson } from './json-column.js';

interface FieldRow {
  readonly id: ContactFieldId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly key: string;
  readonly name: string;
  readonly kind: ContactFieldKind;
  readonly choices: unknown;
}

const MAPPING: TableMapping<
  ContactFieldId,
  ContactFieldDraft,
  StoredContactField,
  ContactFieldSort
> = {
  table: 'contact_fields',
  searched: ['name', 'key'],
  sorts: { name: 'name', key: 'key', updated: 'updated_at' },
  uniques: { key: 'key' },
  columns: (draft) => ({
    key: draft.key,
    name: draft.name,
    kind: draft.kind,
    choices: JSON.stringify(draft.choices),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly FieldRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        key: row.key,
        name: row.name,
        kind: row.kind,
        choices: fromJson<string[]>(row.choices),
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofContactField(id),
};

/** Fields of contacts in MariaDB. */
export class KnexContactFieldStore extends KnexVersionedStore<
  ContactFieldId,
  ContactFieldDraft,
  StoredContactField,
  ContactFieldSort
> {
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
