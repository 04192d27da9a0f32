import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import type { RecordingRule } from '../../engines/recording/policy.js';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { PermissionClass } from '../../telephony/directory.js';
import type { AuditLog } from '../audit/audit.js';
import {
  codecsOfColumn,
  inTransaction,
  KnexUsageReports,
  KnexVersionedStore,
  knownDtmf,
  numbersOfOthers,
  requireFreeNumber,
  requireShowable,
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
  readonly recording_inbound: RecordingRule;
  readonly recording_outbound: RecordingRule;
  readonly recording_internal: RecordingRule;
  readonly voicemail: number;
  readonly ring_timeout_s: number;
  readonly language: Language;
  readonly department: string;
  readonly listed: number;
  readonly name_hash: string;
  readonly name_said: string;
  /** JSON or null. */
  readonly codecs: unknown;
  readonly dtmf: string;
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
  recordingInbound: row.recording_inbound,
  recordingOutbound: row.recording_outbound,
  recordingInternal: row.recording_internal,
  voicemail: row.voicemail === 1,
  ringTimeoutS: row.ring_timeout_s,
  language: row.language,
  department: row.department,
  isListed: row.listed === 1,
  hasSpokenName: row.name_hash !== '' && row.name_said === row.name,
  codecs: codecsOfColumn(row.codecs),
  dtmf: knownDtmf(row.dtmf),
});

const MAPPING: TableMapping<ExtensionId, ExtensionDraft, StoredExtension, ExtensionSort> = {
  table: 'extensions',
  searched: ['number', 'name', 'department'],
  searchedNumbers: ['caller_id'],
  sorts: { number: 'number', name: 'name', permission: 'permission', updated: 'updated_at' },
  filters: { permission: (query, value) => void query.where('permission', value) },
  uniques: { number: 'number' },
  columns: (draft) => ({
    number: draft.number,
    name: draft.name,
    permission: draft.permission,
    caller_id: draft.callerId,
    recording_inbound: draft.recordingInbound,
    recording_outbound: draft.recordingOutbound,
    recording_internal: draft.recordingInternal,
    voicemail: draft.voicemail,
    ring_timeout_s: draft.ringTimeoutS,
    language: draft.language,
    department: draft.department ?? '',
    listed: draft.isListed ?? true,
    codecs: draft.codecs === undefined ? null : JSON.stringify(draft.codecs),
    dtmf: draft.dtmf ?? 'auto',
    ...(draft.secretSealed === undefined ? {} : { secret_sealed: draft.secretSealed }),
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly ExtensionRow[]).map(stored)),
  check: async (tx, { number, callerId }) => {
    await requireFreeNumber(tx, 'extension', number);
    await requireShowable(tx, 'callerId', [callerId]);
  },
  uses: (db, id) => new KnexUsageReports(db).ofExtension(id),
};

const ROWS_A_STATEMENT = 500;

const taken = (): AppError =>
  new AppError('invalid-fields', 'a number is taken', [
    { field: 'number', message: 'configuration.problem.taken' },
  ]);

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
      const numbers = drafts.map((draft) => draft.number);
      if ((await numbersOfOthers(tx, 'extension', numbers)).size > 0) throw taken();
      try {
        await tx.batchInsert(
          'extensions',
          drafts.map((draft) => MAPPING.columns(draft)),
          ROWS_A_STATEMENT,
        );
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        throw taken();
      }
      await record(this.auditLog(tx));
    });
  }

  async secrets(): Promise<readonly SealedSecret[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .select<SealedSecret[]>({ id: 'id', secretSealed: 'secret_sealed' });
  }

  forgetSpokenName(id: ExtensionId, record: (audit: AuditLog) => Promise<void>): Promise<void> {
    return inTransaction(this.db, async (tx) => {
      const changed = await tx('extensions')
        .where({ id })
        .whereNot('name_hash', '')
        .update({ name_hash: '', name_said: '' });
      if (changed > 0) await record(this.auditLog(tx));
    });
  }

  usesOfMailbox(id: ExtensionId): Promise<readonly Usage[]> {
    return new KnexUsageReports(this.db).ofMailbox(id);
  }

  async taken(numbers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db('extensions')
      .whereIn('number', numbers)
      .select<{ number: string }[]>('number');
    const others = await numbersOfOthers(this.db, 'extension', numbers);
    return new Set([...rows.map((row) => row.number), ...others.keys()]);
  }
}
