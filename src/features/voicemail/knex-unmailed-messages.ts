import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import type { RecordingId } from '../../kernel/ids.js';
import { KnexMailQueue, type NewMail } from '../mail/index.js';
import type { MailSound } from './mailbox.js';
import type { UnmailedMessage, UnmailedMessages } from './voicemail-mailer.js';

const AT_ONCE = 10;

interface UnmailedRow {
  readonly recording_id: RecordingId;
  readonly left_at: Date;
  readonly from_number: string | null;
  readonly from_name: string | null;
  readonly duration_ms: number | null;
  readonly number: string | null;
  readonly owner_name: string | null;
  readonly language: Language | null;
  readonly mail_to: string | null;
  readonly mail_sound: MailSound | null;
}

/** In MariaDB: the note and the mails are one transaction. */
export class KnexUnmailedMessages implements UnmailedMessages {
  constructor(private readonly db: Knex) {}

  async next(): Promise<readonly UnmailedMessage[]> {
    const rows = await this.db('voicemails as v')
      .join('recordings as r', 'r.id', 'v.recording_id')
      .leftJoin('calls as c', 'c.id', 'v.call_id')
      .leftJoin('mailboxes as m', (on) => {
        on.on('m.extension_id', 'v.extension_id').orOn('m.queue_id', 'v.queue_id');
      })
      .leftJoin('extensions as x', 'x.id', 'v.extension_id')
      .leftJoin('queues as q', 'q.id', 'v.queue_id')
      .whereNull('v.mailed_at')
      .whereIn('r.state', ['stored', 'missing'])
      .orderBy(['v.left_at', 'v.recording_id'])
      .limit(AT_ONCE)
      .select<UnmailedRow[]>(
        ...['v.recording_id', 'v.left_at', 'c.from_number', 'c.from_name', 'r.duration_ms'],
        ...['x.number', 'x.language', 'm.mail_to', 'm.mail_sound'],
        this.db.raw('coalesce(x.name, q.name) as owner_name'),
      );
    return rows.map((row) => ({
      id: row.recording_id,
      leftAt: row.left_at,
      from: row.from_number ?? '',
      fromName: row.from_name ?? '',
      durationMs: row.duration_ms ?? 0,
      boxName: [row.number, row.owner_name].filter((part) => part).join(' '),
      language: row.language ?? 'en',
      mailTo: row.mail_to ? row.mail_to.split('\n') : [],
      mailSound: row.mail_sound ?? 'none',
    }));
  }

  async decide(id: RecordingId, at: Date, mails: readonly NewMail[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      const changed = await tx('voicemails')
        .where('recording_id', id)
        .whereNull('mailed_at')
        .update({ mailed_at: at });
      if (changed > 0) await new KnexMailQueue(tx).add(at, mails);
    });
  }
}
