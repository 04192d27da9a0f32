import type { Knex } from 'knex';
import type { CampaignId, ContactImportId, ContactListId, UserId } from '../../../kernel/ids.js';
import { importSettingsSchema, type ImportSettings } from './import-settings.js';
import { fromJson } from '../json-column.js';
import type { Choice, ImportKind, ImportState, ImportStore, StoredImport } from './import-store.js';
import type { TableFormat } from './table-file.js';

interface ImportRow {
  readonly id: ContactImportId;
  readonly kind: ImportKind;
  readonly state: ImportState;
  readonly user_id: UserId | null;
  readonly user_name: string;
  readonly file_name: string;
  readonly stored_as: string;
  readonly bytes: number | string;
  readonly format: unknown;
  readonly settings: unknown;
  readonly list_id: ContactListId | null;
  readonly list_name: string | null;
  readonly problem: string;
  readonly cancel_asked: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly rows_done: number;
  readonly share_done: number;
  readonly imported: number;
  readonly updated: number;
  readonly listed: number;
  readonly duplicates_before: number;
  readonly duplicates_inside: number;
  readonly rejected: number;
  readonly rejected_bytes: number | string;
  readonly made: unknown;
}

/** What can be run from where it stands. */
const RUNNABLE: readonly ImportState[] = ['draft', 'cancelled', 'broken-off', 'failed'];

/** Imports in MariaDB. */
export class KnexImportStore implements ImportStore {
  constructor(private readonly db: Knex) {}

  async add(draft: Parameters<ImportStore['add']>[0]): Promise<ContactImportId> {
    const [id] = await this.db('contact_imports').insert({
      kind: draft.kind,
      user_id: draft.userId ?? null,
      user_name: draft.userName.slice(0, 80),
      file_name: draft.fileName.slice(0, 200),
      stored_as: draft.storedAs,
      bytes: draft.bytes,
      format: JSON.stringify(draft.format),
    });
    return id as ContactImportId;
  }

  async find(id: ContactImportId): Promise<StoredImport | undefined> {
    const row = await this.#named().where('i.id', id).first<ImportRow | undefined>(COLUMNS);
    return row && toImport(row);
  }

  async recent(limit: number, list?: ContactListId): Promise<readonly StoredImport[]> {
    const query = this.#named().orderBy('i.id', 'desc').limit(limit).select<ImportRow[]>(COLUMNS);
    if (list !== undefined) void query.where('i.list_id', list);
    return (await query).map(toImport);
  }

  async keepSettings(
    id: ContactImportId,
    settings: ImportSettings,
    listId: ContactListId | undefined,
  ): Promise<boolean> {
    const changed = await this.db('contact_imports')
      .where({ id, rows_done: 0 })
      .whereIn('state', RUNNABLE)
      .update({ settings: JSON.stringify(settings), list_id: listId ?? null });
    return changed > 0;
  }

  async queue(id: ContactImportId): Promise<boolean> {
    const changed = await this.db('contact_imports')
      .where({ id })
      .whereIn('state', RUNNABLE)
      .whereNotNull('settings')
      .update({ state: 'waiting', cancel_asked: false, problem: '', ended_at: null });
    return changed > 0;
  }

  async cancel(id: ContactImportId): Promise<void> {
    const ended = { state: 'cancelled', ended_at: new Date() };
    const waited = await this.db('contact_imports').where({ id, state: 'waiting' }).update(ended);
    if (waited === 0)
      await this.db('contact_imports')
        .where({ id, state: 'running' })
        .update({ cancel_asked: true });
  }

  async lists(): Promise<readonly Choice<ContactListId>[]> {
    return this.db('contact_lists')
      .whereNull('archived_at')
      .orderBy(['name', 'id'])
      .select<Choice<ContactListId>[]>('id', 'name');
  }

  async campaigns(): Promise<readonly Choice<CampaignId>[]> {
    return this.db('campaigns')
      .whereNull('archived_at')
      .orderBy(['name', 'id'])
      .select<Choice<CampaignId>[]>('id', 'name');
  }

  #named(): Knex.QueryBuilder {
    return this.db('contact_imports as i').leftJoin('contact_lists as l', 'l.id', 'i.list_id');
  }
}

const COLUMNS = ['i.*', 'l.name as list_name'];

const toImport = (row: ImportRow): StoredImport => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  userId: row.user_id ?? undefined,
  userName: row.user_name,
  fileName: row.file_name,
  storedAs: row.stored_as,
  bytes: Number(row.bytes),
  format: fromJson<TableFormat>(row.format),
  settings: row.settings === null ? undefined : importSettingsSchema.parse(fromJson(row.settings)),
  listId: row.list_id ?? undefined,
  listName: row.list_name ?? '',
  problem: row.problem,
  cancelAsked: row.cancel_asked !== 0,
  createdAt: row.created_at,
  startedAt: row.started_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  rowsDone: row.rows_done,
  shareDone: row.share_done,
  imported: row.imported,
  updated: row.updated,
  listed: row.listed,
  duplicatesBefore: row.duplicates_before,
  duplicatesInside: row.duplicates_inside,
  rejected: row.rejected,
  rejectedBytes: Number(row.rejected_bytes),
  made: fromJson<StoredImport['made']>(row.made),
});
