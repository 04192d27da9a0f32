import { requirePermission, type Actor } from '../../../kernel/actor.js';
import { AppError } from '../../../kernel/errors.js';
import type { CampaignId, ContactImportId, ContactListId } from '../../../kernel/ids.js';
import type { ContactFieldDraft } from '../contact-field.js';
import { columnsProblem, type ImportSettings } from './import-settings.js';
import type { Choice, ImportKind, ImportStore, RejectedRow, StoredImport } from './import-store.js';
import type { ImportFolder } from './importer.js';
import { TableError, type TableFiles, type TableProblem, type TableRow } from './table-file.js';

/** A file that has just been uploaded. */
export interface UploadedFile {
  readonly path: string;
  readonly fileName: string;
  readonly bytes: number;
}

/** Where imported people go: nowhere, into a list that there is, or into a new one. */
export type ListTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly id: ContactListId }
  | { readonly kind: 'new'; readonly name: string };

export interface ImportServiceParts {
  readonly store: ImportStore;
  readonly files: TableFiles;
  readonly folder: ImportFolder & {
    take(path: string): Promise<string>;
    rejected(storedAs: string, bytes: number): AsyncIterable<RejectedRow>;
  };
  readonly fields: () => Promise<readonly ContactFieldDraft[]>;
  /** Makes an empty list, with its audit line. */
  readonly makeList: (actor: Actor, name: string) => Promise<ContactListId>;
}

/** Imports of people, and of numbers that nobody calls: upload, look, run, cancel, result. */
export class ImportService {
  constructor(private readonly parts: ImportServiceParts) {}

  /** Keeps an uploaded file; throws `invalid-fields` at `file` where it is no table. */
  async begin(actor: Actor, kind: ImportKind, file: UploadedFile): Promise<ContactImportId> {
    requirePermission(actor, 'lists.edit');
    const format = await this.parts.files.detect(file.path);
    if ('message' in format)
      throw new AppError('invalid-fields', 'not a table', [{ field: 'file', ...format }]);
    const storedAs = await this.parts.folder.take(file.path);
    return this.parts.store.add({
      ...{ kind, storedAs, format, fileName: file.fileName, bytes: file.bytes },
      ...{ userId: actor.userId, userName: actor.name },
    });
  }

  async get(actor: Actor, id: ContactImportId): Promise<StoredImport> {
    requirePermission(actor, 'lists.edit');
    const found = await this.parts.store.find(id);
    if (found === undefined) throw new AppError('not-found', `no import ${String(id)}`);
    return found;
  }

  recent(actor: Actor, limit: number, list?: ContactListId): Promise<readonly StoredImport[]> {
    requirePermission(actor, 'lists.edit');
    return this.parts.store.recent(limit, list);
  }

  /** The first rows of the file, and what is wrong behind them where something is. */
  async firstRows(
    job: StoredImport,
    count: number,
  ): Promise<{ readonly rows: readonly TableRow[]; readonly problem: TableProblem | undefined }> {
    const rows: TableRow[] = [];
    const path = this.parts.folder.pathOf(job.storedAs);
    try {
      for await (const batch of this.parts.files.rows(path, job.format)) {
        rows.push(...batch.rows.slice(0, count - rows.length));
        if (rows.length >= count) break;
      }
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      return { rows, problem: error.problem };
    }
    return { rows, problem: undefined };
  }

  fields(): Promise<readonly ContactFieldDraft[]> {
    return this.parts.fields();
  }

  lists(): Promise<readonly Choice<ContactListId>[]> {
    return this.parts.store.lists();
  }

  campaigns(): Promise<readonly Choice<CampaignId>[]> {
    return this.parts.store.campaigns();
  }

  /** Lets it run; throws `invalid-fields` where no column has numbers or one is chosen twice. */
  async run(
    actor: Actor,
    id: ContactImportId,
    settings: ImportSettings,
    target: ListTarget,
  ): Promise<void> {
    await this.get(actor, id);
    const problem = columnsProblem(settings.columns);
    if (problem !== undefined)
      throw new AppError('invalid-fields', 'columns do not fit', [
        { field: 'columns', message: problem },
      ]);
    const listId =
      target.kind === 'new'
        ? await this.parts.makeList(actor, target.name)
        : target.kind === 'list'
          ? target.id
          : undefined;
    if (!(await this.parts.store.keepSettings(id, settings, listId)))
      throw new AppError('conflict', `import ${String(id)} has begun`);
    await this.again(actor, id);
  }

  /** Lets one that was cancelled, broke off or failed go on from where it stands. */
  async again(actor: Actor, id: ContactImportId): Promise<void> {
    await this.get(actor, id);
    if (!(await this.parts.store.queue(id)))
      throw new AppError('conflict', `import ${String(id)} runs or is done`);
  }

  async cancel(actor: Actor, id: ContactImportId): Promise<void> {
    await this.get(actor, id);
    await this.parts.store.cancel(id);
  }

  rejected(job: StoredImport): AsyncIterable<RejectedRow> {
    return this.parts.folder.rejected(job.storedAs, job.rejectedBytes);
  }
}
