import type { Knex } from 'knex';
import type { QueueId } from '../../kernel/ids.js';
import type { OverdueCallers } from './readings.js';

/** A day that does not add up is an alarm for so long, unless it is counted again and does. */
const LOOK_BACK_MS = 14 * 86_400_000;
/** So long ago calls ended that count for the share of those that fail. */
const WINDOW_MS = 15 * 60_000;
/** Of fewer calls a share says nothing. */
const FEWEST_CALLS = 10;

/** How many percent of the calls of the last quarter of an hour failed; undefined where there are too few. */
export async function failedPercent(db: Knex, now: number): Promise<number | undefined> {
  const row = await db('calls')
    .where('ended_at', '>=', new Date(now - WINDOW_MS))
    .where('started_at', '>=', new Date(now - WINDOW_MS - 3_600_000))
    .where('test', false)
    .first<{ total: number | string; failed: number | string | null }>(
      db.raw('COUNT(*) AS total'),
      db.raw("SUM(result = 'failed') AS failed"),
    );
  const total = Number(row.total);
  return total < FEWEST_CALLS ? undefined : (100 * Number(row.failed)) / total;
}

/** Whole days that were counted anew lately and in which reports and ledger differ. */
export async function differingDays(db: Knex, now: number): Promise<readonly string[]> {
  const rows: readonly { readonly day: string }[] = await db('reconciliation_days')
    .where('is_whole', true)
    .where('differences', '>', 0)
    .where('checked_at', '>=', new Date(now - LOOK_BACK_MS))
    .orderBy('day')
    .select('day');
  return rows.map(({ day }) => day);
}

/** Queues of whose missed callers some are overdue, and since when the first of each is; callers of no queue stand together. */
export async function overdueCallers(db: Knex, now: number): Promise<readonly OverdueCallers[]> {
  const rows: readonly { queue_id: QueueId | null; name: string | null; since: Date }[] = await db(
    'missed_callers',
  )
    .leftJoin('queues', 'queues.id', 'missed_callers.queue_id')
    .where('missed_callers.state', 'open')
    .where('missed_callers.due_at', '<', new Date(now))
    .groupBy('missed_callers.queue_id', 'queues.name')
    .select('missed_callers.queue_id', 'queues.name')
    .min({ since: 'missed_callers.due_at' });
  return rows.map(({ queue_id, name, since }) => ({
    queueId: queue_id ?? undefined,
    name: name ?? '',
    since: since.getTime(),
  }));
}
