import type { Knex } from 'knex';
import type { DidId, HookId, QueueId } from '../../kernel/ids.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, lockNamed, type TableMapping } from '../configuration/index.js';
import type { HookStore } from './hook-store.js';
import type { HookDraft, HookSort, StoredHook } from './hook.js';

interface HookRow {
  readonly id: HookId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly enabled: number;
  readonly url: string;
  readonly dids: unknown;
  readonly queues: unknown;
  readonly timeout_ms: number;
  readonly secret_sealed: string;
  readonly allowed_addresses: unknown;
  readonly ca_certificate: string | null;
}

const list = <T>(column: unknown): readonly T[] =>
  (typeof column === 'string' ? JSON.parse(column) : column) as readonly T[];

/** Locks what the hook names, so that it is still there when the hook is saved: DIDs before queues, as everywhere. */
async function check(tx: Knex, draft: HookDraft): Promise<void> {
  for (const field of ['dids', 'queues'] as const) {
    const missing = await lockNamed(tx, field, draft[field]);
    if (missing !== undefined)
      throw new AppError('invalid-fields', `${field} ${String(missing)} is not there`, [
        { field, message: `hooks.problem.gone-${field}` },
      ]);
  }
}

const MAPPING: TableMapping<HookId, HookDraft, StoredHook, HookSort> = {
  table: 'routing_hooks',
  searched: ['name', 'url'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  defaults: { secret_sealed: '' },
  columns: (draft) => ({
    name: draft.name,
    enabled: draft.enabled,
    url: draft.url,
    dids: JSON.stringify(draft.dids),
    queues: JSON.stringify(draft.queues),
    timeout_ms: draft.timeoutMs,
    allowed_addresses: JSON.stringify(draft.allowedAddresses),
    ca_certificate: draft.caCertificate,
    ...(draft.secretSealed === undefined ? {} : { secret_sealed: draft.secretSealed }),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly HookRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        enabled: row.enabled === 1,
        url: row.url,
        dids: list<DidId>(row.dids),
        queues: list<QueueId>(row.queues),
        timeoutMs: row.timeout_ms,
        allowedAddresses: list<string>(row.allowed_addresses),
        caCertificate: row.ca_certificate ?? '',
        secretSealed: row.secret_sealed,
      })),
    ),
  check,
};

/** Hooks in MariaDB. */
export class KnexHookStore
  extends KnexVersionedStore<HookId, HookDraft, StoredHook, HookSort>
  implements HookStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
