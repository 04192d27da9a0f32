import type { Knex } from 'knex';
import type { QueueId } from '../../kernel/ids.js';

/** A queue to choose. */
export interface QueueOption {
  readonly id: QueueId;
  readonly name: string;
}

/** Queues in use, by name. */
export async function readQueueOptions(db: Knex): Promise<readonly QueueOption[]> {
  return db('queues').whereNull('archived_at').orderBy('name').select<QueueOption[]>('id', 'name');
}
