import type { Knex } from 'knex';
import { SYSTEM_ACTOR } from '../../../kernel/actor.js';
import type { ContactImportId } from '../../../kernel/ids.js';
import type { AuditLog } from '../../audit/audit.js';
import type { ContactFieldDraft, ContactFieldKind } from '../contact-field.js';
import { fromJson } from '../json-column.js';
import { Importer, type ImportEnd, type ImportFolder } from './importer.js';
import type { ImportSettings } from './import-settings.js';
import type { StoredImport } from './import-store.js';
import type { BulkLoader } from './knex-bulk-loader.js';
import { KnexImportStore } from './knex-import-store.js';
import { KnexImportWriter } from './knex-import-writer.js';
import type { TableFiles } from './table-file.js';

export interface ImportJobParts {
  /** One connection only: it holds the lock that says that somebody works on the import. */
  readonly db: Knex;
  readonly loader: BulkLoader;
  readonly files: TableFiles;
  readonly folder: ImportFolder;
  readonly audit: (db: Knex) => AuditLog;
}

/** Name of the lock of an import; locks are of the server, imports of a database. */
const lockOf = (database: string, id: ContactImportId): string =>
  `${database.slice(0, 40)}.import.${String(id)}`;

const databaseOf = async (db: Knex): Promise<string> => {
  const [rows] = (await db.raw('SELECT DATABASE() AS name')) as [{ readonly name: string }[]];
  return rows[0]?.name ?? '';
};

/** Runs an import that waits, to its end. Nothing happens where another process works on it, or it does not wait. */
export async function runImport(parts: ImportJobParts, id: ContactImportId): Promise<void> {
  const { db } = parts;
  const lock = lockOf(await databaseOf(db), id);
  const [locked] = (await db.raw('SELECT GET_LOCK(?, 0) AS got', [lock])) as [{ got: number }[]];
  if (locked[0]?.got !== 1) return;
  // Rows refer to people whose ids were set aside for them, and to a list that is never deleted: nothing is to be looked up.
  await db.raw('SET SESSION foreign_key_checks = 0');
  try {
    const claimed = await db('contact_imports')
      .where({ id, state: 'waiting' })
      .update({ state: 'running', started_at: new Date(), ended_at: null });
    const job = claimed === 0 ? undefined : await new KnexImportStore(db).find(id);
    if (job?.settings === undefined) return;
    const end = await importAll(parts, { ...job, settings: job.settings });
    await finish(parts, id, end);
  } finally {
    await db.raw('SELECT RELEASE_LOCK(?)', [lock]);
  }
}

async function importAll(
  { db, loader, files, folder }: ImportJobParts,
  job: StoredImport & { readonly settings: ImportSettings },
): Promise<ImportEnd> {
  const writer = new KnexImportWriter(db, loader, job);
  return new Importer({ files, folder, fields: await readFields(db), writer }, job).run();
}

async function finish(
  { db, audit }: ImportJobParts,
  id: ContactImportId,
  { state, problem }: ImportEnd,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx('contact_imports')
      .where({ id })
      .update({
        state,
        problem: problem === undefined ? '' : JSON.stringify(problem).slice(0, 200),
        ended_at: new Date(),
        ...(state === 'done' ? { share_done: 1 } : {}),
      });
    const job = await new KnexImportStore(tx).find(id);
    if (job === undefined) return;
    if (job.listId !== undefined)
      await tx('contact_lists').where({ id: job.listId }).update({ counted_at: null });
    await audit(tx).record(
      { ...SYSTEM_ACTOR, userId: job.userId, name: job.userName },
      {
        action: `${job.kind === 'contacts' ? 'contact' : 'do-not-call'}.import`,
        objectKind: 'contact-import',
        objectId: String(id),
        objectName: job.fileName,
        changes: {
          state: ['', state],
          list: ['', job.listName],
          imported: [0, job.imported],
          updated: [0, job.updated],
          listed: [0, job.listed],
          rejected: [0, job.rejected],
        },
      },
    );
  });
}

/** Fields in use. */
export async function readFields(db: Knex): Promise<readonly ContactFieldDraft[]> {
  const rows = await db('contact_fields')
    .whereNull('archived_at')
    .orderBy('name')
    .select<{ key: string; name: string; kind: ContactFieldKind; choices: unknown }[]>(
      'key',
      'name',
      'kind',
      'choices',
    );
  return rows.map((row) => ({ ...row, choices: fromJson<string[]>(row.choices) }));
}

/** Imports that wait, the oldest first. */
export async function waitingImports(db: Knex): Promise<readonly ContactImportId[]> {
  const rows = await db('contact_imports')
    .where({ state: 'waiting' })
    .orderBy('id')
    .select<{ id: ContactImportId }[]>('id');
  return rows.map(({ id }) => id);
}

/** Marks what runs although nobody works on it: the program ended, or its thread did. How far it got stands beside it. */
export async function markBrokenOff(db: Knex): Promise<readonly ContactImportId[]> {
  const running = await db('contact_imports')
    .where({ state: 'running' })
    .select<{ id: ContactImportId }[]>('id');
  if (running.length === 0) return [];
  const name = await databaseOf(db);
  const marked: ContactImportId[] = [];
  for (const { id } of running) {
    const [rows] = (await db.raw('SELECT IS_FREE_LOCK(?) AS free', [lockOf(name, id)])) as [
      { free: number }[],
    ];
    if (rows[0]?.free !== 1) continue;
    const changed = await db('contact_imports')
      .where({ id, state: 'running' })
      .update({ state: 'broken-off', ended_at: new Date() });
    if (changed > 0) marked.push(id);
  }
  return marked;
}

/** Marks an import that still waits although its thread was started: it can be run again by hand. */
export async function giveUpImport(db: Knex, id: ContactImportId): Promise<void> {
  await db('contact_imports')
    .where({ id, state: 'waiting' })
    .update({ state: 'broken-off', ended_at: new Date() });
}

/** Forgets drafts that nobody ran and imports that ended, before an instant each; gives what was stored for them. */
export async function forgetImports(
  db: Knex,
  draftsBefore: Date,
  endedBefore: Date,
): Promise<readonly string[]> {
  const old = await db('contact_imports')
    .where((either) => {
      void either
        .where((draft) => {
          void draft.where({ state: 'draft' }).where('created_at', '<', draftsBefore);
        })
        .orWhere('ended_at', '<', endedBefore);
    })
    .select<{ id: ContactImportId; stored_as: string }[]>('id', 'stored_as');
  await db('contact_imports')
    .whereIn(
      'id',
      old.map(({ id }) => id),
    )
    .delete();
  return old.map((row) => row.stored_as);
}
