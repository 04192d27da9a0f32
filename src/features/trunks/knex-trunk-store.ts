import type { Knex } from 'knex';
import { z } from 'zod';
import type { TrunkId } from '../../kernel/ids.js';
import type { RecordingNotice, RecordingRule } from '../../engines/recording/policy.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  knownCodecs,
  knownDtmf,
  readPhones,
  type TableMapping,
} from '../configuration/index.js';
import type { OtherPbx } from '../../telephony/other-pbx.js';
import { checkPbx, readPbxColumns } from './knex-pbx-ranges.js';
import type { SealedTrunkPassword, TrunkStore } from './trunk-store.js';
import {
  TRANSPORTS,
  type StoredTrunk,
  type TrunkDraft,
  type TrunkSettings,
  type TrunkSort,
} from './trunk.js';

interface TrunkRow {
  readonly id: TrunkId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly enabled: number;
  readonly priority: number;
  readonly max_channels: number;
  readonly max_incoming: number;
  readonly caller_id: string;
  readonly allowed_caller_ids: unknown;
  readonly may_withhold: number;
  readonly recording: RecordingRule;
  readonly recording_notice: RecordingNotice;
  readonly settings: unknown;
  readonly password_sealed: string;
  /** JSON or null, as the next two are null where it is. */
  readonly pbx_ranges: unknown;
  readonly pbx_permission: string | null;
  readonly pbx_elsewhere: unknown;
}

/** The column `settings`. Fields that an older version did not write have the value that it meant. */
const settingsSchema = z.object({
  technology: z.literal('sip').default('sip'),
  host: z.string(),
  port: z.int(),
  transport: z.enum(TRANSPORTS).default('udp'),
  username: z.string().default(''),
  fromUser: z.string().default(''),
  register: z.boolean().default(false),
  addresses: z.array(z.string()).default([]),
  codecs: z.array(z.string()).transform(knownCodecs).default(['alaw', 'ulaw']),
  dtmf: z.string().transform(knownDtmf).default('auto'),
});

const settingsOf = (column: unknown): TrunkSettings =>
  settingsSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);

const pbxOfRow = (row: TrunkRow): { readonly pbx?: OtherPbx } => {
  const pbx = readPbxColumns(row);
  return pbx === undefined ? {} : { pbx };
};

const MAPPING: TableMapping<TrunkId, TrunkDraft, StoredTrunk, TrunkSort> = {
  table: 'trunks',
  searched: ['name', 'settings'],
  sorts: { priority: 'priority', name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  defaults: { password_sealed: '' },
  columns: (draft) => ({
    name: draft.name,
    technology: draft.settings.technology,
    enabled: draft.enabled,
    priority: draft.priority,
    max_channels: draft.maxChannels,
    max_incoming: draft.maxIncoming,
    caller_id: draft.callerId,
    allowed_caller_ids: JSON.stringify(draft.allowedCallerIds),
    may_withhold: draft.mayWithhold,
    recording: draft.recording,
    recording_notice: draft.recordingNotice,
    settings: JSON.stringify(draft.settings),
    pbx_ranges: draft.pbx === undefined ? null : JSON.stringify(draft.pbx.ranges),
    pbx_permission: draft.pbx?.permission ?? null,
    pbx_elsewhere: draft.pbx === undefined ? null : JSON.stringify(draft.pbx.elsewhere),
    ...(draft.passwordSealed === undefined ? {} : { password_sealed: draft.passwordSealed }),
  }),
  check: checkPbx,
  uses: async (db, id) => {
    const row = await db('trunks').where({ id }).first<TrunkRow | undefined>();
    const pbx = row && readPbxColumns(row);
    return pbx === undefined ? [] : new KnexUsageReports(db).ofPbxNumbers(pbx.ranges);
  },
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly TrunkRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        enabled: row.enabled === 1,
        priority: row.priority,
        maxChannels: row.max_channels,
        maxIncoming: row.max_incoming,
        callerId: row.caller_id,
        allowedCallerIds: readPhones(row.allowed_caller_ids),
        mayWithhold: row.may_withhold === 1,
        recording: row.recording,
        recordingNotice: row.recording_notice,
        settings: settingsOf(row.settings),
        ...pbxOfRow(row),
        hasPassword: row.password_sealed !== '',
      })),
    ),
};

/** Trunks in MariaDB. */
export class KnexTrunkStore
  extends KnexVersionedStore<TrunkId, TrunkDraft, StoredTrunk, TrunkSort>
  implements TrunkStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async passwords(): Promise<readonly SealedTrunkPassword[]> {
    return this.db('trunks')
      .whereNull('archived_at')
      .select<SealedTrunkPassword[]>({ id: 'id', passwordSealed: 'password_sealed' });
  }
}
