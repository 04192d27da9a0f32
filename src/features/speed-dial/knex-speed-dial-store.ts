import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId, SpeedDialId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  inTransaction,
  KnexVersionedStore,
  requireNoHelpNumber,
  type TableMapping,
} from '../configuration/index.js';
import type { OwnSpeedDialStore, SpeedDialStore } from './speed-dial-store.js';
import type { SpeedDialDraft, SpeedDialSort, StoredSpeedDial } from './speed-dial.js';

interface SpeedDialRow {
  readonly id: SpeedDialId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly code: string;
  readonly name: string;
  readonly number: string;
}

const MAPPING: TableMapping<SpeedDialId, SpeedDialDraft, StoredSpeedDial, SpeedDialSort> = {
  table: 'speed_dials',
  searched: ['code', 'name', 'number'],
  searchedNumbers: ['number'],
  sorts: { code: 'code', name: 'name', number: 'number', updated: 'updated_at' },
  uniques: { code: 'code' },
  columns: ({ code, name, number }) => ({ code, name, number }),
  check: (tx, { number }) => requireNoHelpNumber(tx, number),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly SpeedDialRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        code: row.code,
        name: row.name,
        number: row.number,
      })),
    ),
};

const ROWS_A_STATEMENT = 500;

/** The company's speed dials in MariaDB. */
export class KnexSpeedDialStore
  extends KnexVersionedStore<SpeedDialId, SpeedDialDraft, StoredSpeedDial, SpeedDialSort>
  implements SpeedDialStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async taken(codes: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db('speed_dials')
      .whereIn('code', codes)
      .select<{ code: string }[]>('code');
    return new Set(rows.map((row) => row.code));
  }

  async insertAll(
    drafts: readonly SpeedDialDraft[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      for (const { number } of drafts) await requireNoHelpNumber(tx, number);
      try {
        await tx.batchInsert(
          'speed_dials',
          drafts.map((draft) => MAPPING.columns(draft)),
          ROWS_A_STATEMENT,
        );
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const message = 'configuration.problem.taken';
        throw new AppError('invalid-fields', 'a code is taken', [{ field: 'code', message }]);
      }
      await record(this.auditLog(tx));
    });
  }
}

/** Speed dials of single extensions, in MariaDB. */
export class KnexOwnSpeedDialStore implements OwnSpeedDialStore {
  constructor(private readonly db: Knex) {}

  of(extension: ExtensionId): Promise<readonly SpeedDialDraft[]> {
    return this.db('own_speed_dials')
      .where({ extension_id: extension })
      .orderBy('code')
      .select<SpeedDialDraft[]>('code', 'name', 'number');
  }

  async set(
    extension: ExtensionId,
    code: string,
    dial: Omit<SpeedDialDraft, 'code'> | undefined,
  ): Promise<void> {
    const key = { extension_id: extension, code };
    if (dial === undefined) {
      await this.db('own_speed_dials').where(key).del();
      return;
    }
    const { name, number } = dial;
    await requireNoHelpNumber(this.db, number);
    await this.db('own_speed_dials')
      .insert({ ...key, name, number })
      .onConflict(['extension_id', 'code'])
      .merge({ name, number });
  }
}
