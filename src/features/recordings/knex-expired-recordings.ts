import type { Knex } from 'knex';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { RecordingId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { ExpiredRecordings, RetentionTimes } from './retention.js';

const AT_ONCE = 100;
const DAY_MS = 86_400_000;
/** Messages are deleted by their mailbox's rule. */
const KINDS = ['call', 'conference', 'comment'] as const;

/** The queue of a recording's call. */
const QUEUE = '(SELECT c.queue_id FROM calls c WHERE c.id = recordings.call_id)';
const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

interface Row {
  readonly call_id: string;
  readonly kind: (typeof KINDS)[number];
  readonly queue_id: number | null;
}

const daysOf = (
  times: RetentionTimes,
  { kind, queue_id }: Pick<Row, 'kind' | 'queue_id'>,
): number | undefined =>
  (kind === 'call' ? times.queueDays[String(queue_id ?? '')] : undefined) ?? times[`${kind}Days`];

/** In MariaDB. */
export class KnexExpiredRecordings implements ExpiredRecordings {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  expire(times: RetentionTimes, now: Date): Promise<number> {
    const days = KINDS.map((kind) => ({ kind, days: times[`${kind}Days`] }));
    const limits = days.filter((one) => one.days > 0);
    const own = Object.entries(times.queueDays).map(([id, kept]) => ({ id: Number(id), kept }));
    const before = (kept: number): Date => new Date(now.getTime() - kept * DAY_MS);
    if (limits.length === 0 && own.every(({ kept }) => kept === 0)) return Promise.resolve(0);
    return this.db.transaction(async (tx) => {
      const rows: readonly (Row & { readonly id: RecordingId })[] = await tx('recordings')
        .where('state', 'stored')
        // What still lies on a node is brought in first, so that it does not stay there for ever.
        .where('on_node', false)
        .whereNull('held_at')
        .where((any) => {
          for (const { kind, days: kept } of limits)
            void any.orWhere((old) => {
              void old.where({ kind }).where('created_at', '<', before(kept));
              if (kind === 'call' && own.length > 0)
                void old.whereRaw(`COALESCE(${QUEUE}, 0) NOT IN (${marks(own.length)})`, [
                  ...own.map(({ id }) => id),
                ]);
            });
          for (const { id, kept } of own)
            if (kept > 0)
              void any.orWhere((old) => {
                void old
                  .where({ kind: 'call' })
                  .where('created_at', '<', before(kept))
                  .whereRaw(`${QUEUE} = ?`, [id]);
              });
        })
        .orderBy('created_at')
        .limit(AT_ONCE)
        .forUpdate()
        .skipLocked()
        .select('id', 'call_id', 'kind', { queue_id: tx.raw(QUEUE) });
      for (const { id, call_id, kind, queue_id } of rows) {
        await tx('recordings')
          .where({ id })
          .update({ state: 'missing', problem: 'expired', peaks: null });
        await tx('recording_remarks').where('recording_id', id).delete();
        await this.auditLog(tx).record(SYSTEM_ACTOR, {
          ...{ action: 'recording.expire', objectKind: 'recording', objectId: id },
          objectName: call_id,
          changes: { days: ['', daysOf(times, { kind, queue_id })] },
        });
      }
      return rows.length;
    });
  }

  leftFiles(): Promise<readonly { readonly id: RecordingId; readonly path: string }[]> {
    return this.db('recordings')
      .whereIn('kind', [...KINDS])
      .where({ state: 'missing', problem: 'expired' })
      .whereNot('path', '')
      .limit(AT_ONCE)
      .select<{ id: RecordingId; path: string }[]>('id', 'path');
  }

  async noteRemoved(id: RecordingId): Promise<void> {
    await this.db('recordings').where({ id }).update({ path: '' });
  }
}

/** Queues in use, by name. */
export const namedQueues = (
  db: Knex,
): Promise<readonly { readonly id: number; readonly name: string }[]> =>
  db('queues')
    .whereNull('archived_at')
    .orderBy('name')
    .select<{ id: number; name: string }[]>('id', 'name');
