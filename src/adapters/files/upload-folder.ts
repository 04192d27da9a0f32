import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ImportFolder } from '../../features/contacts/importing/importer.js';
import type { RejectedRow } from '../../features/contacts/importing/import-store.js';
import { newId } from '../../kernel/ids.js';

/** Files that are imported later, and what was not taken of them, readable by the program's user only. */
export interface UploadFolder extends ImportFolder {
  /** Takes a file over; gives the name under which it is kept. */
  take(path: string): Promise<string>;
  /** The rows that were not taken, in order, as far as the first `bytes` go. */
  rejected(storedAs: string, bytes: number): AsyncIterable<RejectedRow>;
  remove(storedAs: string): Promise<void>;
}

const NAME = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Uploads as `<folder>/<id>.table`, rejected rows as `<id>.rejected`, a JSON object a line. */
export function uploadFolder(folder: string): UploadFolder {
  const place = (storedAs: string, ending: string): string => {
    if (!NAME.test(storedAs)) throw new Error('no name of a stored file');
    return join(folder, `${storedAs}.${ending}`);
  };
  return {
    pathOf: (storedAs) => place(storedAs, 'table'),
    take: async (path) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const storedAs = newId();
      await moved(path, place(storedAs, 'table'));
      return storedAs;
    },
    reject: async (storedAs, at, rows) => {
      const file = await open(place(storedAs, 'rejected'), at === 0 ? 'w' : 'r+', 0o600);
      try {
        await file.truncate(at);
        const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        const { bytesWritten } = await file.write(text, at, 'utf8');
        return at + bytesWritten;
      } finally {
        await file.close();
      }
    },
    rejected: async function* (storedAs, bytes) {
      if (bytes === 0) return;
      const source = createReadStream(place(storedAs, 'rejected'), { end: bytes - 1 });
      for await (const line of createInterface({ input: source, crlfDelay: Infinity }))
        yield JSON.parse(line) as RejectedRow;
    },
    remove: async (storedAs) => {
      for (const ending of ['table', 'rejected'])
        await rm(place(storedAs, ending), { force: true });
    },
  };
}

/** Temporary files may lie on another file system. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
  }
}
