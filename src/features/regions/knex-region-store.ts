import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import type { Region } from '../../engines/routing/region.js';
import { AppError } from '../../kernel/errors.js';
import type { RegionId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  inTransaction,
  KnexUsageReports,
  KnexVersionedStore,
  type TableMapping,
} from '../configuration/index.js';
import type { NamedRegion, PrefixAddition, PrefixOwner, RegionStore } from './region-store.js';
import type { RegionDraft, RegionSort, StoredRegion } from './region.js';

interface RegionRow {
  readonly id: RegionId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
}
interface PrefixRow {
  readonly region_id: RegionId;
  readonly prefix: string;
}
const ROWS_A_STATEMENT = 1_000;

/** Runs work on parts of a list: neither a statement nor a packet grows with the file that somebody imports. */
async function inParts<Item, Result>(
  items: readonly Item[],
  work: (part: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += ROWS_A_STATEMENT)
    results.push(...(await work(items.slice(at, at + ROWS_A_STATEMENT))));
  return results;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredRegion[]> {
  const regions = rows as readonly RegionRow[];
  const prefixes = await db('region_prefixes')
    .whereIn(
      'region_id',
      regions.map((region) => region.id),
    )
    .orderBy('prefix')
    .select<PrefixRow[]>('region_id', 'prefix');
  const ofRegion = new Map(regions.map(({ id }): [RegionId, string[]] => [id, []]));
  for (const row of prefixes) ofRegion.get(row.region_id)?.push(row.prefix);
  return regions.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    prefixes: ofRegion.get(row.id) ?? [],
  }));
}

const ownersOf = (db: Knex, prefixes: readonly string[]): Promise<readonly PrefixOwner[]> =>
  inParts(prefixes, async (part) => {
    const rows = await db('region_prefixes')
      .join('regions', 'regions.id', 'region_prefixes.region_id')
      .whereIn('prefix', part)
      .select<{ prefix: string; name: string; archived_at: Date | null }[]>(
        'prefix',
        'name',
        'archived_at',
      );
    return rows.map((row) => ({
      prefix: row.prefix,
      region: row.name,
      isArchived: row.archived_at !== null,
    }));
  });

/** Names the other region: the prefix must be taken out there first. */
function taken({ prefix, region, isArchived }: PrefixOwner): AppError {
  const message = isArchived ? 'regions.problem.taken-archived' : 'regions.problem.taken';
  const params = { prefix, region };
  return new AppError('invalid-fields', `${prefix} is taken`, [
    { field: 'prefixes', message, params },
  ]);
}

async function insertPrefixes(tx: Knex, id: RegionId, prefixes: readonly string[]): Promise<void> {
  try {
    await inParts(prefixes, async (part) => {
      await tx('region_prefixes').insert(part.map((prefix) => ({ prefix, region_id: id })));
      return [];
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const [owner] = await ownersOf(tx, prefixes);
    throw owner === undefined ? error : taken(owner);
  }
}

async function writePrefixes(tx: Knex, id: RegionId, draft: RegionDraft): Promise<void> {
  const rows = await tx('region_prefixes')
    .where({ region_id: id })
    .select<{ prefix: string }[]>('prefix');
  const had = new Set(rows.map((row) => row.prefix));
  const wanted = new Set(draft.prefixes);
  await inParts(
    [...had].filter((prefix) => !wanted.has(prefix)),
    async (part) => {
      await tx('region_prefixes').whereIn('prefix', part).delete();
      return [];
    },
  );
  const added = draft.prefixes.filter((prefix) => !had.has(prefix));
  const [owner] = await ownersOf(tx, added);
  if (owner) throw taken(owner);
  await insertPrefixes(tx, id, added);
}

const MAPPING: TableMapping<RegionId, RegionDraft, StoredRegion, RegionSort> = {
  table: 'regions',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({ name: draft.name }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofRegion(id),
  writeParts: writePrefixes,
};

/** Regions in MariaDB. */
export class KnexRegionStore
  extends KnexVersionedStore<RegionId, RegionDraft, StoredRegion, RegionSort>
  implements RegionStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  owners(prefixes: readonly string[]): Promise<readonly PrefixOwner[]> {
    return ownersOf(this.db, prefixes);
  }

  async named(): Promise<readonly NamedRegion[]> {
    const rows = await this.db('regions')
      .leftJoin('region_prefixes', 'region_prefixes.region_id', 'regions.id')
      .groupBy('regions.id')
      .select<(RegionRow & { count: number })[]>(
        'regions.id',
        'name',
        'archived_at',
        this.db.raw('COUNT(prefix) AS count'),
      );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      isArchived: row.archived_at !== null,
      count: row.count,
    }));
  }

  async withPrefixes(prefixes: readonly string[]): Promise<readonly Region[]> {
    const rows = await this.db('region_prefixes')
      .join('regions', 'regions.id', 'region_prefixes.region_id')
      .whereIn('prefix', prefixes)
      .whereNull('archived_at')
      .select<{ id: RegionId; name: string; prefix: string }[]>('regions.id', 'name', 'prefix');
    return rows.map(({ id, name, prefix }) => ({ id, name, prefixes: [prefix] }));
  }

  async add(
    additions: readonly PrefixAddition[],
    record: (audit: AuditLog, added: PrefixAddition & { readonly id: RegionId }) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const audit = this.auditLog(tx);
      for (const addition of additions) {
        const id = await raiseOrInsert(tx, addition);
        await insertPrefixes(tx, id, addition.prefixes);
        await record(audit, { ...addition, id });
      }
    });
  }
}

async function raiseOrInsert(tx: Knex, { id, name }: PrefixAddition): Promise<RegionId> {
  if (id === undefined) {
    const [made] = await tx('regions').insert({ name });
    return made as RegionId;
  }
  const raised = await tx('regions')
    .where({ id })
    .whereNull('archived_at')
    .update({ version: tx.raw('version + 1'), updated_at: tx.fn.now(3) });
  if (raised === 0) throw new AppError('conflict', `region ${name} was archived meanwhile`);
  return id;
}
