import type { Knex } from 'knex';
import { Temporal } from 'temporal-polyfill';
import { AppError } from '../../kernel/errors.js';
import type { CallRateId, TrunkId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { RateDraft, RateSort, StoredRate } from './call-rate.js';

interface RateRow {
  readonly id: CallRateId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly trunk_id: TrunkId | null;
  readonly direction: RateDraft['direction'];
  readonly prefix: string;
  readonly currency: string;
  readonly per_minute: number;
  readonly per_call: number;
  readonly minimum_s: number;
  readonly increment_s: number;
  readonly valid_from: string;
}

const toRate = (row: RateRow): StoredRate => ({
  ...{ id: row.id, version: row.version, updatedAt: row.updated_at, name: row.name },
  ...{ archivedAt: row.archived_at ?? undefined, trunkId: row.trunk_id ?? undefined },
  ...{ direction: row.direction, prefix: row.prefix, currency: row.currency },
  ...{ perMinute: row.per_minute, perCall: row.per_call },
  ...{ minimumS: row.minimum_s, incrementS: row.increment_s, validFrom: row.valid_from },
});

/** The instant at which a day of the site begins, as the database writes it. */
const beginOf = (day: string, zone: string): string =>
  Temporal.PlainDate.from(day)
    .toZonedDateTime(zone)
    .toInstant()
    .toString()
    .slice(0, 19)
    .replace('T', ' ');

/** Sums of money of two currencies are no money. */
async function checkCurrency(tx: Knex, { currency }: RateDraft, id?: CallRateId): Promise<void> {
  const others = tx('call_rates').whereNull('archived_at').whereNot({ currency }).forShare();
  if (id !== undefined) void others.whereNot({ id });
  const other = await others.first<Pick<RateRow, 'name' | 'currency'> | undefined>(
    'name',
    'currency',
  );
  if (other === undefined) return;
  const params = { currency: other.currency, name: other.name };
  throw new AppError('invalid-fields', 'another currency is in use', [
    { field: 'currency', message: 'rates.problem.other-currency', params },
  ]);
}

/** A trunk that is out of use has no new calls, and keeps its rates for the old ones; one that never was has none. */
async function checkTrunk(tx: Knex, { trunkId }: RateDraft): Promise<void> {
  if (trunkId === undefined) return;
  const row = await tx('trunks').where({ id: trunkId }).forShare().first<object | undefined>('id');
  if (row === undefined)
    throw new AppError('invalid-fields', 'no such trunk', [
      { field: 'trunkId', message: 'form.problem.choose' },
    ]);
}

const mappingOf = (zone: string): TableMapping<CallRateId, RateDraft, StoredRate, RateSort> => ({
  table: 'call_rates',
  searched: ['name', 'prefix'],
  sorts: { name: 'name', prefix: 'prefix', updated: 'updated_at' },
  uniques: {},
  columns: (draft) => ({
    ...{ name: draft.name, trunk_id: draft.trunkId ?? null, direction: draft.direction },
    ...{ prefix: draft.prefix, currency: draft.currency, per_minute: draft.perMinute },
    ...{ per_call: draft.perCall, minimum_s: draft.minimumS, increment_s: draft.incrementS },
    ...{ valid_from: draft.validFrom, valid_at: beginOf(draft.validFrom, zone) },
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly RateRow[]).map(toRate)),
  check: async (tx, draft, id) => {
    await checkTrunk(tx, draft);
    await checkCurrency(tx, draft, id);
  },
});

/** Rates in MariaDB. */
export class KnexCallRateStore extends KnexVersionedStore<
  CallRateId,
  RateDraft,
  StoredRate,
  RateSort
> {
  /** `zone`: that of the site, whose midnight a day begins with. */
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog, zone: string) {
    super(db, mappingOf(zone), auditLog);
  }
}

/** Trunks by name, for choosing; `name (archived)` has its own mark. */
export const trunksOfRates = async (
  db: Knex,
): Promise<readonly { readonly id: TrunkId; readonly name: string }[]> =>
  db('trunks').orderBy('name').select<{ id: TrunkId; name: string }[]>('id', 'name');
