import type { CampaignId, ContactImportId, ContactListId, UserId } from '../../../kernel/ids.js';
import type { ImportSettings } from './import-settings.js';
import type { TableFormat } from './table-file.js';
import type { RowProblem } from './row-reader.js';

export type ImportKind = 'contacts' | 'do-not-call';

/**
 * draft ──run──▶ waiting ──▶ running ──▶ done; waiting, running ──cancel──▶ cancelled; running ──program ended──▶ broken-off;
 * running ──file is no table──▶ failed; cancelled, broken-off, failed ──run──▶ waiting, from where it stood.
 */
export type ImportState =
  'draft' | 'waiting' | 'running' | 'done' | 'cancelled' | 'broken-off' | 'failed';

/** How far an import got. Each row counts once. */
export interface ImportProgress {
  /** Rows looked at, without the header. */
  readonly rowsDone: number;
  /** Share of the file that was read, 0 to 1. */
  readonly shareDone: number;
  readonly imported: number;
  readonly updated: number;
  /** Already there, and only added to the list. */
  readonly listed: number;
  /** Already there before the import, and left as they were. */
  readonly duplicatesBefore: number;
  /** The same as an earlier row of the file. */
  readonly duplicatesInside: number;
  readonly rejected: number;
  /** Length of the file of rejected rows that belongs to this. */
  readonly rejectedBytes: number;
  /** Ids of contacts that it made, as [first, last]. */
  readonly made: readonly (readonly [number, number])[];
}

/** A file that was uploaded to be imported. */
export interface StoredImport extends ImportProgress {
  readonly id: ContactImportId;
  readonly kind: ImportKind;
  readonly state: ImportState;
  readonly userId: UserId | undefined;
  readonly userName: string;
  readonly fileName: string;
  readonly storedAs: string;
  readonly bytes: number;
  readonly format: TableFormat;
  readonly settings: ImportSettings | undefined;
  readonly listId: ContactListId | undefined;
  readonly listName: string;
  /** JSON of a problem, where the state is `failed`. */
  readonly problem: string;
  readonly cancelAsked: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** A row that was not taken, as a line of the file of rejected rows. */
export interface RejectedRow extends RowProblem {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A named thing that can be chosen. */
export interface Choice<Id extends number> {
  readonly id: Id;
  readonly name: string;
}

/** Imports as pages see them. */
export interface ImportStore {
  add(
    draft: Pick<
      StoredImport,
      'kind' | 'userId' | 'userName' | 'fileName' | 'storedAs' | 'bytes' | 'format'
    >,
  ): Promise<ContactImportId>;
  find(id: ContactImportId): Promise<StoredImport | undefined>;
  /** The newest first; of one list where given. */
  recent(limit: number, list?: ContactListId): Promise<readonly StoredImport[]>;
  /** Keeps how the file is to be read; only while nothing of it was imported. False where it is too late. */
  keepSettings(
    id: ContactImportId,
    settings: ImportSettings,
    listId: ContactListId | undefined,
  ): Promise<boolean>;
  /** Lets it run from where it stands. False where it is not one that can. */
  queue(id: ContactImportId): Promise<boolean>;
  /** A waiting one does not begin; a running one ends after the rows that it is at. */
  cancel(id: ContactImportId): Promise<void>;
  lists(): Promise<readonly Choice<ContactListId>[]>;
  campaigns(): Promise<readonly Choice<CampaignId>[]>;
}
