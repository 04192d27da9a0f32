import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportShelf } from '../../features/configuration/import-shelf.js';
import { newId } from '../../kernel/ids.js';

const KEPT_MS = 60 * 60 * 1000;
const NAME = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Checked import files as `<folder>/<id>.json`, readable by the program's user only. */
export function importFolder(folder: string): ImportShelf {
  const pathOf = (name: string): string => join(folder, `${name}.json`);
  return {
    put: async (content) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await sweep(folder);
      const name = newId();
      await writeFile(pathOf(name), content, { mode: 0o600 });
      return name;
    },
    take: async (name) => {
      if (!NAME.test(name)) return undefined;
      // Whoever renames it first has it: the same button pressed twice runs once.
      const taken = join(folder, `${newId()}.taken`);
      try {
        await rename(pathOf(name), taken);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      const content = await readFile(taken, 'utf8');
      await rm(taken);
      return content;
    },
  };
}

async function sweep(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    if (Date.now() - (await stat(path)).mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
