import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, ExtensionId, MailboxId, QueueId } from '../../kernel/ids.js';
import { likePattern, type ListQuery, type ListResult } from '../../kernel/list.js';
import type { BoxOwner } from '../../telephony/mailboxes.js';
import type { AuditLog } from '../audit/audit.js';
import { changesBetween, inTransaction, SECRET_CHANGED } from '../configuration/index.js';
import type { Greeting, MailboxSort, MailSound, StoredMailbox } from './mailbox.js';
import type { MailboxChange, MailboxStore } from './mailbox-store.js';

interface MailboxRow {
  readonly id: MailboxId;
  readonly version: number;
  readonly updated_at: Date;
  readonly extension_id: ExtensionId | null;
  readonly queue_id: QueueId | null;
  readonly number: string | null;
  readonly pin_hash: string;
  readonly greeting_hash: string;
  readonly greeting_ms: number;
  readonly max_message_s: number;
  readonly max_messages: number;
  readonly retention_days: number;
  readonly members_hear: number;
  readonly lights_lamps: number;
  readonly mail_to: string;
  readonly mail_sound: MailSound;
  readonly extension_number: string | null;
  readonly owner_name: string;
  readonly messages: number;
  readonly new_messages: number;
}

const SORTS: Readonly<Record<MailboxSort, string>> = {
  owner: 'coalesce(x.number, q.name)',
  messages: 'messages',
};

/** Boxes in MariaDB. */
export class KnexMailboxStore implements MailboxStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async list(query: ListQuery<MailboxSort>): Promise<ListResult<StoredMailbox>> {
    await this.#ensureAll();
    const matching = () => {
      const rows = owned(this.db);
      const pattern = likePattern(query.search);
      if (query.search !== '')
        void rows.where((either) => {
          for (const column of ['x.number', 'x.name', 'q.name', 'm.number', 'm.mail_to'])
            void either.orWhereILike(column, pattern);
        });
      return rows;
    };
    const counted = await matching().count({ n: '*' }).first<{ n: number | string }>();
    const direction = query.descending ? 'desc' : 'asc';
    const rows = (await withColumns(this.db, matching())
      .orderByRaw(`m.extension_id is null, ${SORTS[query.sortBy]} ${direction}, m.id`)
      .limit(query.limit)
      .offset(query.offset)) as MailboxRow[];
    return { rows: await this.#read(this.db, rows), total: Number(counted.n) };
  }

  async find(id: MailboxId): Promise<StoredMailbox | undefined> {
    return this.#first(this.db, (query) => query.where('m.id', id));
  }

  of({ kind, id }: BoxOwner): Promise<StoredMailbox | undefined> {
    return this.#ensured((query) => query.where(`m.${kind}_id`, id));
  }

  numbered(number: string): Promise<StoredMailbox | undefined> {
    return this.#ensured((query) =>
      query.where((either) => {
        void either.where('x.number', number).orWhere('m.number', number);
      }),
    );
  }

  async save(actor: Actor, id: MailboxId, version: number, change: MailboxChange): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const before = await this.#locked(tx, id);
      if (before.version !== version)
        throw new AppError('conflict', `mailbox ${String(id)} was saved meanwhile`);
      await refuseTaken(tx, change.number);
      const greeting = change.greeting === undefined ? before.greeting : change.greeting;
      const changes = {
        ...changesBetween(
          describe(before, await names(tx, before.listeners)),
          describe(
            { ...change, greeting: greeting ?? undefined },
            await names(tx, change.listeners),
          ),
        ),
        ...(change.pinHash === undefined || change.pinHash === before.pinHash
          ? {}
          : { pin: SECRET_CHANGED }),
      };
      if (Object.keys(changes).length === 0) return;
      await this.#write(tx, id, version, change);
      await this.auditLog(tx).record(actor, entry('change', before, changes));
    });
  }

  async setGreeting(actor: Actor, id: MailboxId, greeting: Greeting): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const before = await this.#locked(tx, id);
      await tx('mailboxes')
        .where({ id })
        .update({ ...greetingColumns(greeting), ...raised(tx, before.version) });
      const changes = changesBetween(
        { greeting: told(before.greeting) },
        { greeting: told(greeting) },
      );
      await this.auditLog(tx).record(actor, entry('change', before, changes));
    });
  }

  async #write(tx: Knex, id: MailboxId, version: number, change: MailboxChange): Promise<void> {
    try {
      await tx('mailboxes')
        .where({ id })
        .update({
          number: change.number === '' ? null : change.number,
          max_message_s: change.maxMessageMs / 1_000,
          max_messages: change.maxMessages,
          retention_days: change.retentionDays,
          members_hear: change.membersHear,
          lights_lamps: change.lightsLamps,
          mail_to: change.mailTo.join('\n'),
          mail_sound: change.mailSound,
          ...(change.pinHash === undefined ? {} : { pin_hash: change.pinHash }),
          ...(change.greeting === undefined ? {} : greetingColumns(change.greeting)),
          ...raised(tx, version),
        });
    } catch (error) {
      if (isDuplicate(error)) throw taken('mailboxes.problem.number-box');
      throw error;
    }
    await tx('mailbox_listeners').where({ mailbox_id: id }).del();
    const listeners = change.listeners.map((agent_id) => ({ mailbox_id: id, agent_id }));
    if (listeners.length > 0) await tx('mailbox_listeners').insert(listeners);
  }

  async #locked(tx: Knex, id: MailboxId): Promise<StoredMailbox> {
    await tx('mailboxes').where({ id }).forUpdate().select('id');
    const found = await this.#first(tx, (query) => query.where('m.id', id));
    if (found === undefined) throw new AppError('not-found', `no mailbox ${String(id)}`);
    return found;
  }

  async #ensured(
    narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
  ): Promise<StoredMailbox | undefined> {
    const found = await this.#first(this.db, narrow);
    if (found !== undefined) return found;
    await this.#ensureAll();
    return this.#first(this.db, narrow);
  }

  async #first(
    db: Knex,
    narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
  ): Promise<StoredMailbox | undefined> {
    const rows = (await withColumns(db, narrow(owned(db))).limit(1)) as MailboxRow[];
    return (await this.#read(db, rows))[0];
  }

  /** Boxes for extensions and queues that have none yet. */
  async #ensureAll(): Promise<void> {
    for (const [column, owners] of [
      [
        'extension_id',
        this.db('extensions as o').whereNull('o.archived_at').where('o.voicemail', true),
      ],
      ['queue_id', this.db('queues as o').whereNull('o.archived_at')],
    ] as const) {
      const missing = await owners
        .whereNotExists(this.db('mailboxes as m').whereRaw(`m.${column} = o.id`).select('m.id'))
        .select<{ readonly id: number }[]>('o.id');
      if (missing.length > 0)
        await this.db('mailboxes')
          .insert(missing.map(({ id }) => ({ [column]: id })))
          .onConflict(column)
          .ignore();
    }
  }

  async #read(db: Knex, rows: readonly MailboxRow[]): Promise<readonly StoredMailbox[]> {
    const listeners = await db('mailbox_listeners')
      .whereIn(
        'mailbox_id',
        rows.map((row) => row.id),
      )
      .orderBy('agent_id')
      .select<{ mailbox_id: MailboxId; agent_id: AgentId }[]>('mailbox_id', 'agent_id');
    return rows.map((row) => ({
      id: row.id,
      version: row.version,
      updatedAt: row.updated_at,
      extensionId: row.extension_id ?? undefined,
      queueId: row.queue_id ?? undefined,
      ownerNumber: row.extension_number ?? '',
      ownerName: row.owner_name,
      number: row.number ?? '',
      pinHash: row.pin_hash,
      greeting:
        row.greeting_hash === ''
          ? undefined
          : { hash: row.greeting_hash, durationMs: row.greeting_ms },
      maxMessageMs: row.max_message_s * 1_000,
      maxMessages: row.max_messages,
      retentionDays: row.retention_days,
      membersHear: Boolean(row.members_hear),
      lightsLamps: Boolean(row.lights_lamps),
      listeners: listeners.filter((one) => one.mailbox_id === row.id).map((one) => one.agent_id),
      mailTo: row.mail_to === '' ? [] : row.mail_to.split('\n'),
      mailSound: row.mail_sound,
      messages: row.messages,
      newMessages: row.new_messages,
    }));
  }
}

/** Boxes whose extension or queue is in use. */
const owned = (db: Knex): Knex.QueryBuilder =>
  db('mailboxes as m')
    .leftJoin('extensions as x', 'x.id', 'm.extension_id')
    .leftJoin('queues as q', 'q.id', 'm.queue_id')
    .where((either) => {
      void either
        .where((one) => {
          void one.whereNotNull('x.id').whereNull('x.archived_at').where('x.voicemail', true);
        })
        .orWhere((one) => {
          void one.whereNotNull('q.id').whereNull('q.archived_at');
        });
    });

function withColumns(db: Knex, query: Knex.QueryBuilder): Knex.QueryBuilder {
  const inBox = () =>
    db('voicemails as v')
      .whereNull('v.archived_at')
      .whereRaw('(v.extension_id = m.extension_id or v.queue_id = m.queue_id)')
      .count('*');
  return query.select(
    'm.*',
    'x.number as extension_number',
    db.raw("coalesce(x.name, q.name, '') as owner_name"),
    inBox().as('messages'),
    inBox().whereNull('v.heard_at').as('new_messages'),
  );
}

const raised = (db: Knex, version: number) => ({
  version: version + 1,
  updated_at: db.fn.now(3),
});

const greetingColumns = (greeting: Greeting | null) => ({
  greeting_hash: greeting?.hash ?? '',
  greeting_ms: greeting?.durationMs ?? 0,
});

const taken = (message: string): AppError =>
  new AppError('invalid-fields', 'the number is taken', [{ field: 'number', message }]);

/** A number that a phone or a room answers to never reaches a box. */
async function refuseTaken(tx: Knex, number: string): Promise<void> {
  if (number === '') return;
  for (const [table, message] of [
    ['extensions', 'mailboxes.problem.number-extension'],
    ['conferences', 'mailboxes.problem.number-room'],
  ] as const) {
    const row: unknown = await tx(table)
      .where({ number })
      .whereNull('archived_at')
      .forShare()
      .first('id');
    if (row !== undefined) throw taken(message);
  }
}

async function names(tx: Knex, agents: readonly AgentId[]): Promise<string> {
  const rows = await tx('agents')
    .whereIn('id', [...agents])
    .orderBy('name')
    .select<{ readonly name: string }[]>('name');
  return rows.map((row) => row.name).join(', ');
}

/** For the audit log. */
const describe = (
  box: Omit<MailboxChange, 'greeting'> & { readonly greeting?: Greeting | undefined },
  listeners: string,
): Readonly<Record<string, unknown>> => ({
  number: box.number,
  greeting: told(box.greeting),
  maxMessage: box.maxMessageMs / 1_000,
  maxMessages: box.maxMessages,
  retentionDays: box.retentionDays,
  membersHear: box.membersHear,
  lightsLamps: box.lightsLamps,
  listeners,
  mailTo: box.mailTo.join(', '),
  mailSound: box.mailSound,
});

const told = (greeting: Greeting | null | undefined): string => greeting?.hash.slice(0, 12) ?? '';

const entry = (
  action: string,
  box: StoredMailbox,
  changes: Readonly<Record<string, readonly [unknown, unknown]>>,
) => ({
  action: `mailbox.${action}`,
  objectKind: 'mailbox',
  objectId: String(box.id),
  objectName: [box.ownerNumber, box.ownerName].filter((part) => part !== '').join(' '),
  changes,
});
