import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { DeskPhoneId, ExtensionId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type {
  DeskPhoneStore,
  FetchOutcome,
  LineOption,
  NewDeskPhone,
  PhoneFetch,
} from './desk-phone-store.js';
import type { DeskPhoneSort, StoredDeskPhone } from './desk-phone.js';
import { macText, parseMac } from './mac.js';
import type { ModelId } from './models.js';

interface DeskPhoneRow {
  readonly id: DeskPhoneId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly mac: string;
  readonly name: string;
  readonly model: string;
  readonly line_keys: string;
  readonly enabled: number;
  readonly secret_sealed: string;
  readonly admin_sealed: string;
  readonly fetched_at: Date | null;
  readonly fetched_hash: string;
}

interface LineRow {
  readonly phone_id: DeskPhoneId;
  readonly extension_id: ExtensionId;
}

/** Fetches of one phone that are kept. */
const KEPT_FETCHES = 20;

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredDeskPhone[]> {
  const all = rows as readonly DeskPhoneRow[];
  const lines = await db('desk_phone_lines as l')
    .join('extensions as e', 'e.id', 'l.extension_id')
    .whereNull('e.archived_at')
    .whereIn(
      'l.phone_id',
      all.map((row) => row.id),
    )
    .orderBy(['l.phone_id', 'l.position'])
    .select<LineRow[]>('l.phone_id', 'l.extension_id');
  return all.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    mac: row.mac,
    name: row.name,
    // One that a later release knows gets no file: `modelOf` does not find it.
    model: row.model as ModelId,
    lines: lines.filter((line) => line.phone_id === row.id).map((line) => line.extension_id),
    keys: row.line_keys,
    isEnabled: row.enabled === 1,
    secretSealed: row.secret_sealed,
    adminSealed: row.admin_sealed,
    fetchedAt: row.fetched_at ?? undefined,
    fetchedHash: row.fetched_hash,
  }));
}

/** Locks the extensions: each is there, and on no other phone in use. */
async function check(tx: Knex, { mac, lines }: NewDeskPhone): Promise<void> {
  const found = await tx('extensions')
    .whereIn('id', lines)
    .whereNull('archived_at')
    .orderBy('id')
    .forUpdate()
    .select<{ id: ExtensionId }[]>('id');
  if (found.length < lines.length) throw refuse('lines', 'provisioning.problem.gone');
  const other = await tx('desk_phone_lines as l')
    .join('desk_phones as p', 'p.id', 'l.phone_id')
    .join('extensions as e', 'e.id', 'l.extension_id')
    .whereIn('l.extension_id', lines)
    .whereNull('p.archived_at')
    .whereNot('p.mac', mac)
    .first<{ number: string; mac: string; name: string } | undefined>(
      'e.number',
      'p.mac',
      'p.name',
    );
  if (other === undefined) return;
  const { number, name } = other;
  throw refuse('lines', 'provisioning.problem.on-other', {
    ...{ number, name },
    mac: macText(other.mac),
  });
}

const refuse = (
  field: string,
  message: string,
  params: Readonly<Record<string, string>> = {},
): AppError => new AppError('invalid-fields', message, [{ field, message, params }]);

async function writeLines(tx: Knex, id: DeskPhoneId, { lines }: NewDeskPhone): Promise<void> {
  await tx('desk_phone_lines').where({ phone_id: id }).del();
  await tx('desk_phone_lines').insert(
    lines.map((extension, position) => ({ phone_id: id, position, extension_id: extension })),
  );
}

const MAPPING: TableMapping<DeskPhoneId, NewDeskPhone, StoredDeskPhone, DeskPhoneSort> = {
  table: 'desk_phones',
  searched: ['mac', 'name'],
  sorts: { mac: 'mac', name: 'name', model: 'model', fetched: 'fetched_at', updated: 'updated_at' },
  filters: { model: (query, value) => void query.where('model', value) },
  uniques: { mac: 'mac' },
  columns: (draft) => ({
    ...{ mac: draft.mac, name: draft.name, model: draft.model, line_keys: draft.keys },
    enabled: draft.isEnabled,
    ...(draft.secretHash === undefined ? {} : { secret_hash: draft.secretHash }),
    ...(draft.secretSealed === undefined ? {} : { secret_sealed: draft.secretSealed }),
    ...(draft.adminSealed === undefined ? {} : { admin_sealed: draft.adminSealed }),
  }),
  read,
  check,
  writeParts: writeLines,
};

/** Desk phones in MariaDB. */
export class KnexDeskPhoneStore
  extends KnexVersionedStore<DeskPhoneId, NewDeskPhone, StoredDeskPhone, DeskPhoneSort>
  implements DeskPhoneStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  /** A MAC address is found however it is typed. */
  override list(query: Parameters<DeskPhoneStore['list']>[0]) {
    return super.list({ ...query, search: parseMac(query.search) ?? query.search });
  }

  async bySecret(hash: string): Promise<StoredDeskPhone | undefined> {
    const rows = (await this.db('desk_phones')
      .where({ secret_hash: hash })
      .whereNull('archived_at')) as unknown[];
    return (await read(this.db, rows))[0];
  }

  async insertAll(
    drafts: readonly NewDeskPhone[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const writer = this.writer(tx);
      for (const draft of drafts) await writer.insert(draft);
      await record(writer.audit);
    });
  }

  async taken(macs: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.db('desk_phones').whereIn('mac', macs).select<{ mac: string }[]>('mac');
    return new Set(rows.map((row) => row.mac));
  }

  extensions(): Promise<readonly LineOption[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .orderBy('number')
      .select<LineOption[]>('id', 'number', 'name');
  }

  async passwords(ids: readonly ExtensionId[]): Promise<ReadonlyMap<ExtensionId, string>> {
    const rows = await this.db('extensions')
      .whereIn('id', ids)
      .select<{ id: ExtensionId; secret_sealed: string }[]>('id', 'secret_sealed');
    return new Map(rows.map((row) => [row.id, row.secret_sealed]));
  }

  async noteFetch(id: DeskPhoneId, fetch: PhoneFetch, hash?: string): Promise<void> {
    const { at, address, program, file, outcome } = fetch;
    await inTransaction(this.db, async (tx) => {
      if (hash !== undefined)
        await tx('desk_phones').where({ id }).update({ fetched_at: at, fetched_hash: hash });
      await tx('desk_phone_fetches').insert({
        ...{ phone_id: id, at, outcome },
        address: address.slice(0, 64),
        program: program.slice(0, 255),
        file: file.slice(0, 80),
      });
      const [oldest] = await tx('desk_phone_fetches')
        .where({ phone_id: id })
        .orderBy('id', 'desc')
        .offset(KEPT_FETCHES)
        .limit(1)
        .select<{ id: number }[]>('id');
      if (oldest !== undefined)
        await tx('desk_phone_fetches').where({ phone_id: id }).where('id', '<=', oldest.id).del();
    });
  }

  async fetches(id: DeskPhoneId): Promise<readonly PhoneFetch[]> {
    return this.db('desk_phone_fetches')
      .where({ phone_id: id })
      .orderBy('id', 'desc')
      .limit(KEPT_FETCHES)
      .select<(PhoneFetch & { outcome: FetchOutcome })[]>(
        'at',
        'address',
        'program',
        'file',
        'outcome',
      );
  }
}
