import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isSoundHash, type SpokenSounds } from '../../features/prompts/sound.js';

/** Files that go at once when there are too many, so that not each new one looks through the folder. */
const REMOVED_AT_ONCE = 0.1;

/**
 * Sounds of texts that were spoken during calls, `<key>.wav` at 8 kHz, at most `limit`: those that were not asked for the
 * longest are removed. A file's time of change is when it was asked for last.
 */
export function spokenFolder(folder: string, limit: number): SpokenSounds {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, `${key}.wav`);
  let count: number | undefined;
  const prune = async (): Promise<void> => {
    const names = (await readdir(root)).filter((name) => name.endsWith('.wav'));
    count = names.length;
    if (count <= limit) return;
    const used = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(root, name))).mtimeMs })),
    );
    const oldest = used.sort((one, other) => one.at - other.at);
    const gone = oldest.slice(0, count - Math.floor(limit * (1 - REMOVED_AT_ONCE)));
    for (const { name } of gone) await rm(join(root, name), { force: true });
    count -= gone.length;
  };
  const find = async (key: string): Promise<string | undefined> => {
    if (!isSoundHash(key)) return undefined;
    const path = pathOf(key);
    try {
      const now = new Date();
      await utimes(path, now, now);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    find,
    has: async (key) => (await find(key)) !== undefined,
    add: async (key, sound) => {
      await mkdir(root, { recursive: true });
      await rename(sound.narrow, pathOf(key));
      count = count === undefined ? undefined : count + 1;
      if (count === undefined || count > limit) await prune();
    },
  };
}
