import type { Knex } from 'knex';
import { z } from 'zod';
import type { CallHandling } from '../../engines/reach/reach.js';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { changesBetween, inTransaction } from '../configuration/index.js';
import type { CallHandlingStore } from './call-handling-store.js';
import { describeHandling, NO_HANDLING, type StoredHandling } from './call-handling.js';

/** A row of `call_handling`: booleans are 0 or 1. */
export interface HandlingRow {
  readonly extension_id: ExtensionId;
  readonly version: number;
  readonly do_not_disturb: number;
  readonly call_waiting: number;
  readonly pickup_group: string;
  readonly follow_me_on: number;
  readonly follow_me_confirms: number;
  readonly follow_me: unknown;
  readonly forward_always: string;
  readonly forward_busy: string;
  readonly forward_no_answer: string;
  readonly forward_unregistered: string;
}

const entriesSchema = z.array(
  z.object({ number: z.string(), ringS: z.number(), isTogether: z.boolean() }),
);

/** A column of JSON, which MariaDB gives as text and MySQL as a value; null where nothing was set. */
function readEntries(column: unknown): CallHandling['followMe']['entries'] {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return entriesSchema.parse(value ?? []).map(({ number, ringS, isTogether }) => ({
    ...{ number, isTogether },
    ringMs: ringS * 1000,
  }));
}

export const handlingOf = (row: HandlingRow): CallHandling => ({
  doNotDisturb: Boolean(row.do_not_disturb),
  callWaiting: Boolean(row.call_waiting),
  pickupGroup: row.pickup_group,
  followMe: {
    isOn: Boolean(row.follow_me_on),
    confirms: Boolean(row.follow_me_confirms),
    entries: readEntries(row.follow_me),
  },
  forwards: {
    always: row.forward_always,
    busy: row.forward_busy,
    'no-answer': row.forward_no_answer,
    unregistered: row.forward_unregistered,
  },
});

const columns = ({ doNotDisturb, callWaiting, pickupGroup, forwards, followMe }: CallHandling) => ({
  do_not_disturb: doNotDisturb,
  call_waiting: callWaiting,
  pickup_group: pickupGroup,
  follow_me_on: followMe.isOn,
  follow_me_confirms: followMe.confirms,
  follow_me: JSON.stringify(
    followMe.entries.map(({ number, ringMs, isTogether }) => ({
      ...{ number, isTogether },
      ringS: ringMs / 1000,
    })),
  ),
  forward_always: forwards.always,
  forward_busy: forwards.busy,
  forward_no_answer: forwards['no-answer'],
  forward_unregistered: forwards.unregistered,
});

/** What is set for the calls to extensions, in MariaDB. */
export class KnexCallHandlingStore implements CallHandlingStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  find(extension: ExtensionId): Promise<StoredHandling> {
    return read(this.db('call_handling').where({ extension_id: extension }));
  }

  async change(
    actor: Actor,
    extension: ExtensionId,
    version: number | undefined,
    next: (before: CallHandling) => CallHandling,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      // The extension's row makes two first changes wait for each other.
      const owner = await tx('extensions')
        .where({ id: extension })
        .whereNull('archived_at')
        .forUpdate()
        .first<{ number: string; name: string } | undefined>('number', 'name');
      if (owner === undefined)
        throw new AppError('not-found', `no extension ${String(extension)} in use`);
      const before = await read(tx('call_handling').where({ extension_id: extension }));
      if (version !== undefined && version !== before.version)
        throw new AppError(
          'conflict',
          `calls of extension ${String(extension)} were set meanwhile`,
        );
      const after = next(before);
      const changes = changesBetween(describeHandling(before), describeHandling(after));
      if (Object.keys(changes).length === 0) return;
      await tx('call_handling')
        .insert({ extension_id: extension, version: before.version + 1, ...columns(after) })
        .onConflict('extension_id')
        .merge({ ...columns(after), version: before.version + 1, updated_at: tx.fn.now(3) });
      await this.auditLog(tx).record(actor, {
        action: 'extension.change',
        objectKind: 'extension',
        objectId: String(extension),
        objectName: `${owner.number} ${owner.name}`,
        changes,
      });
    });
  }
}

async function read(query: Knex.QueryBuilder): Promise<StoredHandling> {
  const [row] = (await query.select()) as HandlingRow[];
  return row === undefined ? NO_HANDLING : { ...handlingOf(row), version: row.version };
}
