import type { Knex } from 'knex';
import type { DispositionId, QueueId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { AuditLog } from '../audit/audit.js';
import {
  inTransaction,
  KnexVersionedStore,
  type TableMapping,
  type Usage,
  readQueueOptions,
  type QueueOption,
} from '../configuration/index.js';
import { readDispositions } from '../directory/index.js';
import { requirePlace } from './disposition-place.js';
import type { DispositionStore } from './disposition-store.js';
import type { DispositionDraft, DispositionSort, StoredDisposition } from './disposition.js';

const TABLE = 'dispositions';
const QUEUES = 'disposition_queues';
/** Room between two positions. */
const STEP = 10;

interface DispositionRow {
  readonly id: DispositionId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly parent_id: DispositionId | null;
  readonly name_en: string;
  readonly name_zh: string;
  readonly phone_key: string | null;
  readonly position: number;
  readonly active: number;
  readonly all_queues: number;
  readonly follow_up_queue_id: QueueId | null;
  readonly follow_up_hours: number;
}

interface QueueRow {
  readonly disposition_id: DispositionId;
  readonly queue_id: QueueId;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredDisposition[]> {
  const dispositions = rows as readonly DispositionRow[];
  const queues = await db(QUEUES)
    .whereIn(
      'disposition_id',
      dispositions.map(({ id }) => id),
    )
    .orderBy('queue_id')
    .select<QueueRow[]>('*');
  return dispositions.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    parentId: row.parent_id ?? undefined,
    nameEn: row.name_en,
    nameZh: row.name_zh,
    phoneKey: row.phone_key ?? '',
    active: row.active === 1,
    allQueues: row.all_queues === 1,
    queues: queues.filter((one) => one.disposition_id === row.id).map((one) => one.queue_id),
    followUpQueue: row.follow_up_queue_id ?? undefined,
    followUpHours: row.follow_up_hours,
  }));
}

/** Locks the tree and refuses a place that cannot be. */
async function requirePlaceOf(tx: Knex, id: DispositionId): Promise<readonly DispositionRow[]> {
  const rows = await tx(TABLE).orderBy('id').forUpdate().select<DispositionRow[]>('*');
  const placed = rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id ?? undefined,
    nameEn: row.name_en,
    nameZh: row.name_zh,
    isArchived: row.id !== id && row.archived_at !== null,
  }));
  requirePlace(placed, id);
  return rows;
}

async function writeParts(tx: Knex, id: DispositionId, draft: DispositionDraft): Promise<void> {
  const rows = await requirePlaceOf(tx, id);
  if (rows.find((row) => row.id === id)?.position === 0) {
    const beside = rows.filter((row) => (row.parent_id ?? undefined) === draft.parentId);
    const last = Math.max(0, ...beside.map((row) => row.position));
    await tx(TABLE)
      .where({ id })
      .update({ position: last + STEP });
  }
  await tx(QUEUES).where({ disposition_id: id }).delete();
  if (draft.allQueues || draft.queues.length === 0) return;
  await tx(QUEUES).insert(draft.queues.map((queue) => ({ disposition_id: id, queue_id: queue })));
}

async function uses(db: Knex, id: DispositionId): Promise<readonly Usage[]> {
  const rows = await db(TABLE)
    .where({ parent_id: id })
    .whereNull('archived_at')
    .orderBy('position')
    .select<{ id: number; name: string }[]>('id', 'name_en as name');
  return rows.map((row) => ({ kind: 'disposition', ...row }));
}

const MAPPING: TableMapping<DispositionId, DispositionDraft, StoredDisposition, DispositionSort> = {
  table: TABLE,
  searched: ['name_en', 'name_zh'],
  sorts: { name: 'name_en', updated: 'updated_at' },
  uniques: { phone_key: 'phoneKey' },
  columns: (draft) => ({
    parent_id: draft.parentId ?? null,
    name_en: draft.nameEn,
    name_zh: draft.nameZh,
    phone_key: draft.phoneKey === '' ? null : draft.phoneKey,
    active: draft.active,
    all_queues: draft.allQueues,
    follow_up_queue_id: draft.followUpQueue ?? null,
    follow_up_hours: draft.followUpHours,
  }),
  read,
  uses,
  writeParts,
  archiveParts: async (tx, id, archived) => {
    if (!archived) await requirePlaceOf(tx, id);
  },
};

/** Dispositions in MariaDB. */
export class KnexDispositionStore
  extends KnexVersionedStore<DispositionId, DispositionDraft, StoredDisposition, DispositionSort>
  implements DispositionStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  tree(): Promise<readonly DispositionConfig[]> {
    return readDispositions(this.db);
  }

  queueOptions(): Promise<readonly QueueOption[]> {
    return readQueueOptions(this.db);
  }

  async move(id: DispositionId, direction: 'up' | 'down'): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const rows = await tx(TABLE)
        .whereNull('archived_at')
        .orderBy(['position', 'id'])
        .forUpdate()
        .select<DispositionRow[]>('id', 'parent_id', 'position');
      const own = rows.find((row) => row.id === id);
      const line = rows.filter((row) => row.parent_id === own?.parent_id).map((row) => row.id);
      const at = line.indexOf(id);
      const to = direction === 'up' ? at - 1 : at + 1;
      const other = line[to];
      if (at === -1 || other === undefined) return;
      line[at] = other;
      line[to] = id;
      for (const [place, one] of line.entries())
        await tx(TABLE)
          .where({ id: one })
          .update({ position: (place + 1) * STEP });
    });
  }
}
