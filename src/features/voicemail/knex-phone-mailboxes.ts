import type { Knex } from 'knex';
import { SYSTEM_ACTOR, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { MailboxId, RecordingId } from '../../kernel/ids.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type {
  BoxMark,
  BoxMessage,
  BoxOwner,
  GreetingOutcome,
  Mailbox,
  Mailboxes,
} from '../../telephony/mailboxes.js';
import type { AuditLog } from '../audit/audit.js';
import { greetingOfWav, outcomeOf, type GreetingTools } from './greetings.js';
import type { StoredMailbox } from './mailbox.js';
import type { MailboxStore } from './mailbox-store.js';
import { ADDRESS_MS, messageFile } from './message-address.js';
import type { VoicemailNews } from './voicemail-news.js';

/** Messages that one call goes through; more wait for the next call. */
const MESSAGES_AT_ONCE = 200;

export interface PhoneMailboxesParts {
  readonly database: Knex;
  readonly store: MailboxStore;
  readonly audit: AuditLog;
  readonly greetings: GreetingTools;
  readonly news: VoicemailNews;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
  /** Base address from which nodes fetch sounds, and the key of the addresses below it. */
  readonly mediaUrl: string;
  readonly messageKey: string;
}

interface MessageRow {
  readonly recording_id: RecordingId;
  readonly left_at: Date;
  readonly heard_at: Date | null;
  readonly from_number: string | null;
  readonly state: 'waiting' | 'stored' | 'missing' | null;
  readonly node_files: unknown;
}

/** Boxes for the calls, in MariaDB. */
export class PhoneMailboxes implements Mailboxes {
  constructor(private readonly parts: PhoneMailboxesParts) {}

  of(owner: BoxOwner): Promise<Mailbox | undefined> {
    return this.#safely('a mailbox', undefined, async () =>
      boxOf(await this.parts.store.of(owner)),
    );
  }

  numbered(number: string): Promise<Mailbox | undefined> {
    if (!/^\d{1,10}$/.test(number)) return Promise.resolve(undefined);
    return this.#safely('a mailbox', undefined, async () =>
      boxOf(await this.parts.store.numbered(number)),
    );
  }

  messages(box: MailboxId): Promise<readonly BoxMessage[] | undefined> {
    return this.#safely('messages', undefined, async () => {
      const rows = await this.parts
        .database('voicemails as v')
        .join('mailboxes as m', (on) => {
          on.on('m.extension_id', 'v.extension_id').orOn('m.queue_id', 'v.queue_id');
        })
        .leftJoin('recordings as r', 'r.id', 'v.recording_id')
        .leftJoin('calls as c', 'c.id', 'v.call_id')
        .where('m.id', box)
        .whereNull('v.archived_at')
        .orderByRaw('v.heard_at is not null, v.left_at, v.recording_id')
        .limit(MESSAGES_AT_ONCE)
        .select<MessageRow[]>(
          ...['v.recording_id', 'v.left_at', 'v.heard_at', 'c.from_number'],
          ...['r.state', 'r.node_files'],
        );
      return rows.map((row) => ({
        id: row.recording_id,
        from: row.from_number ?? '',
        leftAt: row.left_at.getTime(),
        isNew: row.heard_at === null,
        media: this.#media(row),
      }));
    });
  }

  mark(message: RecordingId, mark: BoxMark, by: string): Promise<boolean> {
    return this.#safely('a mark on a message', false, async () => {
      const { database, audit, clock, news } = this.parts;
      const now = new Date(clock.now());
      const rows = database('voicemails').where('recording_id', message);
      const heard = { heard_at: database.raw('coalesce(heard_at, ?)', [now]) };
      switch (mark) {
        case 'heard':
          await rows.update(heard);
          break;
        case 'kept':
          await rows.update({ ...heard, kept_at: now });
          break;
        case 'deleted':
          await audit.record(phoneActor(by), {
            action: 'voicemail.archive',
            objectKind: 'voicemail',
            objectId: message,
            objectName: by,
          });
          await rows.update({ ...heard, archived_at: now });
          break;
        case 'handled':
          await this.#handle(message, by, now);
          break;
      }
      news.changed();
      return true;
    });
  }

  /** Who dealt with it first stays. */
  async #handle(message: RecordingId, by: string, now: Date): Promise<void> {
    const { database, audit } = this.parts;
    const changed = await database('voicemails')
      .where('recording_id', message)
      .whereNull('handled_at')
      .update({ handled_at: now });
    if (changed === 0) return;
    await audit.record(phoneActor(by), {
      action: 'voicemail.handle',
      objectKind: 'voicemail',
      objectId: message,
      objectName: by,
    });
  }

  keepGreeting(box: MailboxId, wav: Buffer, by: string): Promise<GreetingOutcome> {
    return this.#safely<GreetingOutcome>('a greeting', 'failed', async () => {
      const made = await greetingOfWav(this.parts.greetings, wav);
      if (!made.ok) return outcomeOf(made.reason);
      const { hash, durationMs } = made.sound;
      await this.parts.store.setGreeting(phoneActor(by), box, { hash, durationMs });
      return 'kept';
    });
  }

  #media({ state, recording_id, node_files }: MessageRow): string {
    const { clock, messageKey, mediaUrl } = this.parts;
    if (state === 'stored')
      return `sound:${mediaUrl}/messages/${messageFile(messageKey, recording_id, clock.now() + ADDRESS_MS)}`;
    const files = (typeof node_files === 'string' ? JSON.parse(node_files) : node_files) as unknown;
    const file: unknown = Array.isArray(files) ? files[0] : undefined;
    return state === 'waiting' && typeof file === 'string' ? `recording:${file}` : '';
  }

  /** Calls go on without what could not be had. */
  async #safely<T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.parts.log.warn({ err: error, what }, 'voicemail could not be reached');
      return otherwise;
    }
  }
}

const phoneActor = (number: string): Actor => ({ ...SYSTEM_ACTOR, name: number });

const boxOf = (stored: StoredMailbox | undefined): Mailbox | undefined =>
  stored && {
    id: stored.id,
    number: stored.ownerNumber === '' ? stored.number : stored.ownerNumber,
    pinHash: stored.pinHash,
    greeting: stored.greeting?.hash ?? '',
    maxMessageMs: stored.maxMessageMs,
    isFull: stored.messages >= stored.maxMessages,
  };
