import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import { changesBetween } from './changes.js';
import { inTransaction } from './knex-versioned-store.js';
import type { SettingStore, StoredSetting } from './setting-store.js';

/** How one setting is kept. */
export interface SettingKind<Value> {
  /** Its row in `settings`, and its object in the audit log. */
  readonly name: string;
  /** Of what is stored, which may be from an earlier release; of `undefined` what there is before anybody saves. */
  parse(stored: unknown): Value;
  /** Flat, for the audit log. */
  describe(value: Value): Readonly<Record<string, unknown>>;
  /** Throws where other things in the database forbid the value. */
  check?(tx: Knex, value: Value): Promise<void>;
}

/** A setting as one row of `settings`. */
export class KnexSettingStore<Value> implements SettingStore<Value> {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
    private readonly kind: SettingKind<Value>,
  ) {}

  read(): Promise<StoredSetting<Value>> {
    return readSetting(this.db, this.kind);
  }

  async save(actor: Actor, version: number, value: Value): Promise<void> {
    const { kind } = this;
    await inTransaction(this.db, async (tx) => {
      // The row is there before it is locked, so that two first saves wait for each other too.
      const first = { name: kind.name, value: JSON.stringify({ version: 0 }) };
      await tx('settings').insert(first).onConflict('name').ignore();
      await tx('settings').where({ name: kind.name }).forUpdate().select('name');
      const before = await readSetting(tx, kind);
      if (before.version !== version)
        throw new AppError('conflict', `${kind.name} was saved meanwhile`);
      const changes = changesBetween(kind.describe(before.value), kind.describe(value));
      if (Object.keys(changes).length === 0) return;
      await kind.check?.(tx, value);
      await tx('settings')
        .where({ name: kind.name })
        .update({ value: JSON.stringify({ version: version + 1, value }) });
      await this.auditLog(tx).record(actor, {
        action: `${kind.name}.change`,
        objectKind: kind.name,
        objectId: '1',
        objectName: '',
        changes,
      });
    });
  }
}

/** What is stored of a setting. */
export async function readSetting<Value>(
  db: Knex,
  { name, parse }: Pick<SettingKind<Value>, 'name' | 'parse'>,
): Promise<StoredSetting<Value>> {
  const [row] = await db('settings').where({ name }).select<{ value: unknown }[]>('value');
  const stored: unknown = typeof row?.value === 'string' ? JSON.parse(row.value) : row?.value;
  const { version = 0, value } = (stored ?? {}) as { version?: number; value?: unknown };
  return { version, value: parse(value) };
}
