import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId, PagingGroupId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexVersionedStore,
  requireFreeNumber,
  type TableMapping,
} from '../configuration/index.js';
import type { PagedPhone, PagingGroupStore } from './paging-group-store.js';
import type { PagingGroupDraft, PagingGroupSort, StoredPagingGroup } from './paging-group.js';

interface PagingGroupRow {
  readonly id: PagingGroupId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly number: string;
}

/** Phones of each group; those of archived extensions are left out. */
export async function readPagedPhones(
  db: Knex,
  groups: readonly PagingGroupId[],
): Promise<ReadonlyMap<PagingGroupId, readonly ExtensionId[]>> {
  const rows = await db('paging_group_members as m')
    .join('extensions as e', 'e.id', 'm.extension_id')
    .whereNull('e.archived_at')
    .whereIn('m.group_id', groups)
    .orderBy('e.number')
    .select<{ group_id: PagingGroupId; extension_id: ExtensionId }[]>(
      'm.group_id',
      'm.extension_id',
    );
  const phones = new Map<PagingGroupId, ExtensionId[]>();
  for (const { group_id, extension_id } of rows)
    phones.set(group_id, [...(phones.get(group_id) ?? []), extension_id]);
  return phones;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredPagingGroup[]> {
  const all = rows as readonly PagingGroupRow[];
  const phones = await readPagedPhones(
    db,
    all.map((row) => row.id),
  );
  return all.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    number: row.number,
    members: phones.get(row.id) ?? [],
  }));
}

/** Locks the extensions, so that they are still there when the group is saved. */
async function check(tx: Knex, { number, members }: PagingGroupDraft): Promise<void> {
  await requireFreeNumber(tx, 'paging-group', number);
  const found = await tx('extensions')
    .whereIn('id', members)
    .whereNull('archived_at')
    .orderBy('id')
    .forShare()
    .select<{ id: ExtensionId }[]>('id');
  if (found.length < members.length)
    throw new AppError('invalid-fields', 'an extension is not there', [
      { field: 'members', message: 'paging-groups.problem.gone' },
    ]);
}

async function writeMembers(
  tx: Knex,
  id: PagingGroupId,
  { members }: PagingGroupDraft,
): Promise<void> {
  await tx('paging_group_members').where({ group_id: id }).del();
  if (members.length > 0)
    await tx('paging_group_members').insert(
      members.map((extension) => ({ group_id: id, extension_id: extension })),
    );
}

const MAPPING: TableMapping<PagingGroupId, PagingGroupDraft, StoredPagingGroup, PagingGroupSort> = {
  table: 'paging_groups',
  searched: ['name', 'number'],
  sorts: { number: 'number', name: 'name', updated: 'updated_at' },
  uniques: { name: 'name', number: 'number' },
  columns: ({ name, number }) => ({ name, number }),
  read,
  check,
  writeParts: writeMembers,
};

/** Paging groups in MariaDB. */
export class KnexPagingGroupStore
  extends KnexVersionedStore<PagingGroupId, PagingGroupDraft, StoredPagingGroup, PagingGroupSort>
  implements PagingGroupStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  phones(): Promise<readonly PagedPhone[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .orderBy('number')
      .select<PagedPhone[]>('id', 'number', 'name');
  }
}
