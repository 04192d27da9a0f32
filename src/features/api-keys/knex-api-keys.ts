import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import { knexAuditLog } from '../audit/index.js';

const PERMISSION = 'api-keys.edit';
const TABLE = 'api_keys';
/** What every key begins with, so that scanners of leaked secrets find it. */
const PREFIX = 'cbk_';
const HINT = 8;
/** When a key was used last is written down so often. */
const USED_EVERY_MS = 60_000;

export interface ApiKey {
  readonly id: number;
  readonly name: string;
  /** The beginning of the key. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly usedAt: Date | undefined;
}

interface KeyRow {
  readonly id: number;
  readonly name: string;
  readonly hint: string;
  readonly created_at: Date;
  readonly used_at: Date | null;
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Keys of other systems, in MariaDB: 256 random bits each, so that a digest without salt tells nothing. */
export class ApiKeys {
  constructor(
    private readonly db: Knex,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor): Promise<readonly ApiKey[]> {
    requirePermission(actor, PERMISSION);
    const rows = await this.db(TABLE)
      .whereNull('ended_at')
      .orderBy(['name', 'id'])
      .select<KeyRow[]>('id', 'name', 'hint', 'created_at', 'used_at');
    return rows.map(({ created_at, used_at, ...row }) => ({
      ...row,
      createdAt: created_at,
      usedAt: used_at ?? undefined,
    }));
  }

  /** A new key; nobody can read it again. */
  async create(actor: Actor, name: string): Promise<string> {
    requirePermission(actor, PERMISSION);
    const key = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    await this.db.transaction(async (tx) => {
      const [id = 0] = await tx(TABLE).insert({
        ...{ name, hint: key.slice(0, HINT), digest: digestOf(key) },
        user_id: actor.userId ?? null,
      });
      await this.#note(tx, actor, 'create', { id, name });
    });
    return key;
  }

  /** From the next request on nobody comes in with it. Throws `not-found`. */
  async end(actor: Actor, id: number): Promise<void> {
    requirePermission(actor, PERMISSION);
    await this.db.transaction(async (tx) => {
      const row = await tx(TABLE)
        .where({ id })
        .whereNull('ended_at')
        .forUpdate()
        .first<KeyRow | undefined>('id', 'name');
      if (row === undefined) throw new AppError('not-found', `no API key ${String(id)}`);
      await tx(TABLE)
        .where({ id })
        .update({ ended_at: new Date(this.clock.now()) });
      await this.#note(tx, actor, 'end', row);
    });
  }

  /** Who comes with a key; undefined for one that is not known, or ended. */
  async callerOf(key: string): Promise<{ readonly name: string } | undefined> {
    if (!key.startsWith(PREFIX)) return undefined;
    const row = await this.db(TABLE)
      .where({ digest: digestOf(key) })
      .whereNull('ended_at')
      .first<KeyRow | undefined>('id', 'name', 'used_at');
    if (row === undefined) return undefined;
    const now = this.clock.now();
    if (now - (row.used_at?.getTime() ?? 0) > USED_EVERY_MS)
      await this.db(TABLE)
        .where({ id: row.id })
        .update({ used_at: new Date(now) });
    return { name: row.name };
  }

  #note(
    tx: Knex,
    actor: Actor,
    action: 'create' | 'end',
    { id, name }: { readonly id: number; readonly name: string },
  ): Promise<void> {
    return knexAuditLog(tx).record(actor, {
      action: `api-key.${action}`,
      objectKind: 'api-key',
      objectId: String(id),
      objectName: name,
    });
  }
}
