import type { Knex } from 'knex';
import type { DispositionId, QueueId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';

interface DispositionRow {
  readonly id: DispositionId;
  readonly parent_id: DispositionId | null;
  readonly name_en: string;
  readonly name_zh: string;
  readonly phone_key: string | null;
  readonly position: number;
  readonly active: number;
  readonly all_queues: number;
  readonly archived_at: Date | null;
  readonly follow_up_queue_id: QueueId | null;
  readonly follow_up_hours: number;
}

/** Codes by position, archived ones too: calls of the past name them. */
export async function readDispositions(db: Knex): Promise<readonly DispositionConfig[]> {
  const rows = await db('dispositions').orderBy(['position', 'id']).select<DispositionRow[]>('*');
  const places = await db('disposition_queues')
    .orderBy('queue_id')
    .select<{ disposition_id: DispositionId; queue_id: QueueId }[]>('*');
  return rows.map((row) => ({
    id: row.id,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    names: { en: row.name_en, 'zh-CN': row.name_zh },
    position: row.position,
    isActive: Boolean(row.active) && row.archived_at === null,
    isArchived: row.archived_at !== null,
    queues: row.all_queues
      ? 'all'
      : places.filter((p) => p.disposition_id === row.id).map((p) => p.queue_id),
    ...(row.phone_key === null ? {} : { phoneKey: row.phone_key }),
    ...(row.follow_up_queue_id === null
      ? {}
      : { followUp: { queueId: row.follow_up_queue_id, hours: row.follow_up_hours } }),
  }));
}
