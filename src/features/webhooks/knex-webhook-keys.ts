import type { Knex } from 'knex';
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import { SECRET_CHANGED } from '../configuration/index.js';

const NAME = 'webhook-keys';

const schema = z.object({
  /** Counts changes. */
  version: z.int(),
  /** '' for the one that is made of the site's secret key. */
  sealed: z.string(),
  next: z.object({ sealed: z.string(), at: z.number() }).optional(),
});

/** Keys as they are stored. */
export type StoredKeys = z.infer<typeof schema>;

const NO_KEYS: StoredKeys = { version: 0, sealed: '' };

/** Keys in MariaDB, as one row of `settings`. */
export class KnexWebhookKeys {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  read(): Promise<StoredKeys> {
    return readFrom(this.db('settings').where({ name: NAME }));
  }

  /** Saves over the version that the page showed, with its audit line; throws `conflict`. */
  async save(
    actor: Actor,
    { version, ...keys }: StoredKeys,
    action: 'webhook.renew-key' | 'webhook.use-next-key',
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is there before it is locked, so that two first saves wait for each other too.
      await tx('settings')
        .insert({ name: NAME, value: JSON.stringify(NO_KEYS) })
        .onConflict('name')
        .ignore();
      const before = await readFrom(tx('settings').where({ name: NAME }).forUpdate());
      if (before.version !== version)
        throw new AppError('conflict', 'the key of webhooks was renewed meanwhile');
      await tx('settings')
        .where({ name: NAME })
        .update({ value: JSON.stringify({ ...keys, version: version + 1 }) });
      await this.auditLog(tx).record(actor, {
        ...{ action, objectKind: 'webhook-key', objectId: '1', objectName: '' },
        changes: { key: SECRET_CHANGED },
      });
    });
  }
}

async function readFrom(query: Knex.QueryBuilder): Promise<StoredKeys> {
  const rows: readonly { value: unknown }[] = await query.select('value');
  const value = rows[0]?.value;
  if (value === undefined) return NO_KEYS;
  return schema.parse(typeof value === 'string' ? JSON.parse(value) : value);
}
