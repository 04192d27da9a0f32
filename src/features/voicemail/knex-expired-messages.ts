import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { RecordingId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { ExpiredMessage, ExpiredMessages, LeftSound } from './voicemail-retention.js';

const AT_ONCE = 100;

interface ExpiredRow {
  readonly recording_id: RecordingId;
  readonly from_number: string | null;
  readonly retention_days: number;
}

/** In MariaDB. */
export class KnexExpiredMessages implements ExpiredMessages {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async next(now: Date): Promise<readonly ExpiredMessage[]> {
    const rows = await this.db('voicemails as v')
      .join('mailboxes as m', (on) => {
        on.on('m.extension_id', 'v.extension_id').orOn('m.queue_id', 'v.queue_id');
      })
      .leftJoin('recordings as r', 'r.id', 'v.recording_id')
      .leftJoin('calls as c', 'c.id', 'v.call_id')
      .where('m.retention_days', '>', 0)
      .whereNull('v.kept_at')
      .whereRaw('v.left_at < date_sub(?, interval m.retention_days day)', [now])
      // What still lies on a node is brought in first, so that it does not stay there for ever.
      .where((either) => {
        void either.whereNull('r.id').orWhere('r.on_node', false);
      })
      .orderBy('v.left_at')
      .limit(AT_ONCE)
      .select<ExpiredRow[]>('v.recording_id', 'c.from_number', 'm.retention_days');
    return rows.map((row) => ({
      id: row.recording_id,
      from: row.from_number ?? '',
      days: row.retention_days,
    }));
  }

  async forget({ id, from, days }: ExpiredMessage, actor: Actor): Promise<void> {
    await this.db.transaction(async (tx) => {
      const removed = await tx('voicemails').where('recording_id', id).whereNull('kept_at').del();
      if (removed === 0) return;
      await tx('recordings')
        .where({ id })
        .update({ state: 'missing', problem: 'expired', peaks: null });
      await this.auditLog(tx).record(actor, {
        action: 'voicemail.expire',
        objectKind: 'voicemail',
        objectId: id,
        objectName: from,
        changes: { retentionDays: [days, ''] },
      });
    });
  }

  leftSounds(): Promise<readonly LeftSound[]> {
    return this.db('recordings')
      .where({ kind: 'voicemail', state: 'missing', problem: 'expired' })
      .whereNot('path', '')
      .limit(AT_ONCE)
      .select<LeftSound[]>('id', 'path');
  }

  async noteRemoved(id: RecordingId): Promise<void> {
    await this.db('recordings').where({ id }).update({ path: '', sha256: '', bytes: 0 });
  }
}
