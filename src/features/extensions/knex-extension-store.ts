import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { PermissionClass } from '../../telephony/directory.js';
import type { AuditLog } from '../audit/audit.js';
import {
  inTransaction,
  isDuplicate,
  KnexUsageReports,
  KnexVersionedStore,
  type TableMapping,
  type Usage,
} from '../configuration/index.js';
import type { ExtensionStore, SealedSecret } from './extension-store.js';
import type { ExtensionDraft, ExtensionSort, StoredExtension } from './extension.js';

interface ExtensionRow {
  readonly id: ExtensionId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly number: string;
  readonly name: string;
  readonly permission: PermissionClass;
  readonly caller_id: string;
  readonly record_internal: number;
  readonly voicemail: number;
  readonly ring_timeout_s: number;
  readonly language: Language;
}

const stored = (row: ExtensionRow): StoredExtension => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  number: row.number,
  name: row.name,
  permission: row.permission,
  callerId: row.caller_id,
  recordInternal: row.record_internal === 1,
  voicemail: row.voicemail === 1,
  ringTimeoutS: row.ring_timeout_s,
  language: row.language,
});

const MAPPING: TableMapping<ExtensionId, ExtensionDraft, StoredExtension, ExtensionSort> = {
  table: 'extensions',
  searched: ['number', 'name'],
  searchedNumbers: ['caller_id'],
  sorts: { number: 'number', name: 'name', permission: 'permission', updated: 'updated_at' },
  filters: { permission: (query, value) => void query.where('permission', value) },
  uniques: { number: 'number' },
  columns: (draft) => ({
    number: draft.number,
    name: draft.name,
    permission: draft.permission,
    caller_id: draft.callerId,
    record_internal: draft.recordInternal,
    voicemail: draft.voicemail,
    ring_timeout_s: draft.ringTimeoutS,
    language: draft.language,
    ...(draft.secretSealed === undefined ? {} : { secret_sealed: draft.secretSealed }),
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly ExtensionRow[]).map(stored)),
  check: async (tx, { number }) => {
    const room: unknown = await tx('conferences')
      .where({ number })
      .whereNull('archived_at')
      .forShare()
      .first('id');
    if (room !== undefined)
      throw new AppError('invalid-fields', 'the number is a conference room', [
        { field: 'number', message: 'extensions.problem.conference' },
      ]);
  },
  uses: (db, id) => new KnexUsageReports(db).ofExtension(id),
};

const ROWS_A_STATEMENT = 500;

/** Extensions in MariaDB. */
export class KnexExtensionStore
  extends KnexVersionedStore<ExtensionId, ExtensionDraft, StoredExtension, ExtensionSort>
  implements ExtensionStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async insertAll(
    drafts: readonly ExtensionDraft[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      try {
        await tx.batchInsert(
          'extensions',
          drafts.map((draft) => MAPPING.columns(draft)),
          ROWS_A_STATEMENT,
        );
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const message = 'configuration.problem.taken';
        throw new AppError('invalid-fields', 'a number is taken', [{ field: 'number', message }]);
      }
      await record(this.auditLog(tx));
    });
  }

  async secrets(): Promise<readonly SealedSecret[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .select<SealedSecret[]>({ id: 'id', secretSealed: 'secret_sealed' });
  }

  usesOfMailbox(id: ExtensionId): Promise<readonly Usage[]> {
    return new KnexUsageReports(this.db).ofMailbox(id);
  }

  async taken(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db('extensions')
      .whereIn('number', numbers)
      .select<{ number: string }[]>('number');
    return new Set(rows.map((row) => row.number));
  }
}
