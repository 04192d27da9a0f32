import type { Knex } from 'knex';
import { newMailId, type MailId } from '../../kernel/ids.js';
import {
  MAX_ANSWER,
  MAX_SUBJECT,
  type MailAttachment,
  type MailLine,
  type MailState,
  type NewMail,
  type WaitingMail,
} from './mail.js';
import type { MailQueue } from './mail-store.js';

interface MailRow {
  readonly id: MailId;
  readonly created_at: Date;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly state: MailState;
  readonly tries: number;
  readonly next_try_at: Date;
  readonly answer: string;
  readonly sent_at: Date | null;
}

/** The queue in MariaDB. Given a transaction, what is added is there when that is committed, or never. */
export class KnexMailQueue implements MailQueue {
  constructor(private readonly db: Knex) {}

  async add(at: Date, mails: readonly NewMail[]): Promise<void> {
    for (const { recipient, subject, text, attachments = [] } of mails) {
      const id = newMailId();
      await this.db('mails').insert({
        ...{ id, recipient, body: text, created_at: at, next_try_at: at },
        subject: subject.slice(0, MAX_SUBJECT),
      });
      for (const [position, { name, type, content }] of attachments.entries())
        await this.db('mail_attachments').insert({ mail_id: id, position, name, type, content });
    }
  }

  async due(now: Date, limit: number): Promise<readonly WaitingMail[]> {
    const rows = (await this.db('mails')
      .where('state', 'waiting')
      .where('next_try_at', '<=', now)
      .orderBy(['next_try_at', 'id'])
      .limit(limit)) as MailRow[];
    return Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        createdAt: row.created_at,
        recipient: row.recipient,
        subject: row.subject,
        text: row.body,
        tries: row.tries,
        attachments: await this.db('mail_attachments')
          .where('mail_id', row.id)
          .orderBy('position')
          .select<MailAttachment[]>('name', 'type', 'content'),
      })),
    );
  }

  async noteSent(id: MailId, at: Date, answer: string): Promise<void> {
    await this.db('mails')
      .where({ id })
      .update({
        state: 'sent',
        sent_at: at,
        answer: answer.slice(0, MAX_ANSWER),
        tries: this.db.raw('tries + 1'),
      });
    await this.db('mail_attachments').where('mail_id', id).del();
  }

  async noteFailed(id: MailId, answer: string, nextTryAt: Date | undefined): Promise<void> {
    await this.db('mails')
      .where({ id })
      .update({
        ...(nextTryAt === undefined ? { state: 'failed' } : { next_try_at: nextTryAt }),
        answer: answer.slice(0, MAX_ANSWER),
        tries: this.db.raw('tries + 1'),
      });
  }

  async giveUpBefore(before: Date, answer: string): Promise<void> {
    await this.db('mails')
      .where('state', 'waiting')
      .where('created_at', '<', before)
      .where('tries', 0)
      .update({ state: 'failed', answer });
  }

  async forget(sentBefore: Date, failedBefore: Date): Promise<void> {
    for (const [state, before] of [
      ['sent', sentBefore],
      ['failed', failedBefore],
    ] as const)
      await this.db('mails').where({ state }).where('created_at', '<', before).del();
  }

  async latest(limit: number): Promise<readonly MailLine[]> {
    const rows = (await this.db('mails').orderBy('id', 'desc').limit(limit)) as MailRow[];
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      recipient: row.recipient,
      subject: row.subject,
      state: row.state,
      tries: row.tries,
      nextTryAt: row.next_try_at,
      answer: row.answer,
      sentAt: row.sent_at ?? undefined,
    }));
  }

  async counts(): Promise<Readonly<Record<MailState, number>>> {
    const rows = await this.db('mails')
      .groupBy('state')
      .select<{ state: MailState; n: number | string }[]>('state', this.db.raw('count(*) as n'));
    const of = (state: MailState): number =>
      Number(rows.find((row) => row.state === state)?.n ?? 0);
    return { waiting: of('waiting'), sent: of('sent'), failed: of('failed') };
  }

  async again(id: string, at: Date): Promise<boolean> {
    const changed = await this.db('mails')
      .where({ id, state: 'failed' })
      .update({ state: 'waiting', tries: 0, next_try_at: at, created_at: at });
    return changed > 0;
  }
}
