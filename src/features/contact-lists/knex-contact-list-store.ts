import type { Knex } from 'knex';
import type { ContactId, ContactListId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  type TableMapping,
  type Usage,
} from '../configuration/index.js';
import type {
  ContactListDraft,
  ContactListSort,
  ContactListStore,
  StoredContactList,
} from './contact-list.js';
import { leadsJoin, leadsLeave } from './knex-list-leads.js';

interface ListRow {
  readonly id: ContactListId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly description: string;
  readonly members: number;
  readonly callable: number;
  readonly counted_at: Date | null;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredContactList[]> {
  const lists = rows as readonly ListRow[];
  const imports = await db('contact_imports')
    .whereIn(
      'list_id',
      lists.map(({ id }) => id),
    )
    .whereNotNull('ended_at')
    .groupBy('list_id')
    .select<{ list_id: ContactListId; at: Date }[]>('list_id', db.raw('MAX(ended_at) AS at'));
  const importedAt = new Map(imports.map((row) => [row.list_id, row.at]));
  return lists.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    description: row.description,
    members: row.members,
    callable: row.callable,
    countedAt: row.counted_at ?? undefined,
    importedAt: importedAt.get(row.id),
  }));
}

const MAPPING: TableMapping<ContactListId, ContactListDraft, StoredContactList, ContactListSort> = {
  table: 'contact_lists',
  searched: ['name', 'description'],
  sorts: { name: 'name', members: 'members', newest: 'id' },
  uniques: {},
  columns: ({ name, description }) => ({ name, description }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofContactList(id),
};

/** Lists in MariaDB. */
export class KnexContactListStore
  extends KnexVersionedStore<ContactListId, ContactListDraft, StoredContactList, ContactListSort>
  implements ContactListStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  usesOf(id: ContactListId): Promise<readonly Usage[]> {
    return new KnexUsageReports(this.db).ofContactList(id);
  }

  async add(
    id: ContactListId,
    contact: ContactId,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const person = await tx('contacts')
        .where({ id: contact })
        .whereNull('archived_at')
        .first<object | undefined>('id');
      if (person === undefined) return false;
      const added = await tx('contact_list_members')
        .insert({ list_id: id, contact_id: contact })
        .onConflict()
        .ignore();
      if (added.length === 0) return false;
      await leadsJoin(tx, id, contact);
      await this.#changed(tx, id);
      await record(this.auditLog(tx));
      return true;
    });
  }

  async remove(
    id: ContactListId,
    contact: ContactId,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const removed = await tx('contact_list_members')
        .where({ list_id: id, contact_id: contact })
        .delete();
      if (removed === 0) return false;
      await leadsLeave(tx, id, contact);
      await this.#changed(tx, id);
      await record(this.auditLog(tx));
      return true;
    });
  }

  async #changed(tx: Knex, id: ContactListId): Promise<void> {
    await tx('contact_lists').where({ id }).update({ counted_at: null });
  }
}
