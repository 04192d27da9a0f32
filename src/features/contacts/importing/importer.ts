import { setImmediate } from 'node:timers/promises';
import type { ContactFieldDraft } from '../contact-field.js';
import type { ImportSettings } from './import-settings.js';
import { type ImportProgress, type RejectedRow, type StoredImport } from './import-store.js';
import { RowReader, type ReadRow } from './row-reader.js';
import { TableError, type TableFiles, type TableProblem } from './table-file.js';

/** Files of imports on disk. */
export interface ImportFolder {
  pathOf(storedAs: string): string;
  /** Writes rejected rows at a place of the file of rejected rows and cuts off what stands behind; gives the new length. */
  reject(storedAs: string, at: number, rows: readonly RejectedRow[]): Promise<number>;
}

/** Writes a chunk with how far the import got, or nothing where somebody wants it to end. */
export interface ChunkWriter {
  write(
    before: ImportProgress,
    chunk: {
      readonly rows: readonly ReadRow[];
      readonly seen: number;
      readonly rejected: number;
      readonly rejectedBytes: number;
      readonly shareDone: number;
    },
  ): Promise<ImportProgress | 'cancel'>;
}

export interface ImporterParts {
  readonly files: TableFiles;
  readonly folder: ImportFolder;
  readonly fields: readonly ContactFieldDraft[];
  readonly writer: ChunkWriter;
}

export interface ImportEnd {
  readonly state: 'done' | 'cancelled' | 'failed';
  readonly problem?: TableProblem;
}

/** Rows of one transaction: few enough that somebody sees it move, enough that a commit costs little. */
export const ROWS_A_CHUNK = 10_000;

interface Gathered {
  readonly rows: ReadRow[];
  readonly rejected: RejectedRow[];
  seen: number;
  share: number;
}

/**
 * Reads a file row by row and writes it chunk by chunk; while one chunk is written the next is read. It goes on behind the rows
 * that the import has done already.
 */
export class Importer {
  #progress: ImportProgress;
  #writing: Promise<boolean> = Promise.resolve(true);

  constructor(
    private readonly parts: ImporterParts,
    private readonly job: StoredImport & { readonly settings: ImportSettings },
  ) {
    this.#progress = pick(job);
  }

  async run(): Promise<ImportEnd> {
    const { files, folder, fields } = this.parts;
    const reader = new RowReader(this.job.settings, fields);
    let skip = this.#progress.rowsDone + (this.job.settings.hasHeader ? 1 : 0);
    let chunk = nothing();
    try {
      for await (const batch of files.rows(folder.pathOf(this.job.storedAs), this.job.format)) {
        for (const { line, cells } of batch.rows) {
          if (skip > 0) {
            skip -= 1;
            continue;
          }
          chunk.seen += 1;
          const outcome = reader.read(cells);
          if (outcome.ok) chunk.rows.push(outcome.row);
          else chunk.rejected.push({ line, cells, ...outcome.problem });
        }
        chunk.share = batch.share;
        // What is written meanwhile goes on: answers of the database are taken between two batches.
        await setImmediate();
        if (chunk.seen < ROWS_A_CHUNK) continue;
        if (!(await this.#writing)) return { state: 'cancelled' };
        this.#writing = this.#write(chunk);
        // Awaited at the next chunk; what fails meanwhile is thrown there.
        this.#writing.catch(() => undefined);
        chunk = nothing();
      }
      if (!(await this.#writing) || !(await this.#write(chunk))) return { state: 'cancelled' };
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      // What was read before the file ceased to be a table was good.
      const isOn = await this.#writing;
      if (isOn) await this.#write(chunk);
      return { state: 'failed', problem: error.problem };
    }
  }

  /** False where somebody wants it to end. */
  async #write(chunk: Gathered): Promise<boolean> {
    if (chunk.seen === 0) return true;
    const { folder, writer } = this.parts;
    const rejectedBytes =
      chunk.rejected.length === 0
        ? this.#progress.rejectedBytes
        : await folder.reject(this.job.storedAs, this.#progress.rejectedBytes, chunk.rejected);
    const progress = await writer.write(this.#progress, {
      ...{ rows: chunk.rows, seen: chunk.seen, rejected: chunk.rejected.length },
      ...{ rejectedBytes, shareDone: chunk.share },
    });
    if (progress === 'cancel') return false;
    this.#progress = progress;
    return true;
  }
}

const nothing = (): Gathered => ({ rows: [], rejected: [], seen: 0, share: 0 });

const pick = (job: ImportProgress): ImportProgress => ({
  rowsDone: job.rowsDone,
  shareDone: job.shareDone,
  imported: job.imported,
  updated: job.updated,
  listed: job.listed,
  duplicatesBefore: job.duplicatesBefore,
  duplicatesInside: job.duplicatesInside,
  rejected: job.rejected,
  rejectedBytes: job.rejectedBytes,
  made: job.made,
});
