import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isSoundHash, type SoundLibrary, type SoundQuality } from '../../features/prompts/sound.js';
import { wavDurationMs } from '../sound/sox-converter.js';

/**
 * Sounds in a folder: `<hash>.wav` (8 kHz) and `<hash>.16k.wav`. Names come from the content alone. Files are moved in
 * whole, so that a reader never sees half of one; both copies of the program may add the same sound at once.
 */
export function soundFolder(folder: string): SoundLibrary {
  const root = resolve(folder);
  const pathOf = (hash: string, quality: SoundQuality): string =>
    join(root, quality === 'narrow' ? `${hash}.wav` : `${hash}.16k.wav`);
  const find = async (hash: string, quality: SoundQuality): Promise<string | undefined> => {
    if (!isSoundHash(hash)) return undefined;
    const path = pathOf(hash, quality);
    return (await exists(path)) ? path : undefined;
  };
  return {
    find,
    withFolder: async (work) => {
      await mkdir(root, { recursive: true });
      const scratch = await mkdtemp(join(root, '.work-'));
      try {
        return await work(scratch);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    add: async (sound) => {
      const hash = await sha256(sound.narrow);
      await rename(sound.wide, pathOf(hash, 'wide'));
      await rename(sound.narrow, pathOf(hash, 'narrow'));
      return hash;
    },
    durationMs: async (hash) => {
      const path = await find(hash, 'narrow');
      return path === undefined ? undefined : wavDurationMs(path);
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
