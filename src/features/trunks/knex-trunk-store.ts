import type { Knex } from 'knex';
import { z } from 'zod';
import type { TrunkId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { CODECS, type Codec } from '../../telephony/ari/provisioning.js';
import { KnexVersionedStore, type TableMapping } from '../configuration/index.js';
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
  readonly caller_id: string;
  readonly settings: unknown;
  readonly password_sealed: string;
}

const knownCodecs = (names: readonly string[]): Codec[] =>
  CODECS.filter((codec) => names.includes(codec));

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
});

const settingsOf = (column: unknown): TrunkSettings =>
  settingsSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);

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
    caller_id: draft.callerId,
    settings: JSON.stringify(draft.settings),
    ...(draft.passwordSealed === undefined ? {} : { password_sealed: draft.passwordSealed }),
  }),
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
        callerId: row.caller_id,
        settings: settingsOf(row.settings),
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
