import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRecordingPath } from '../../features/recordings/recording.js';
import type { FileFacts, RecordingFolder } from '../../features/recordings/recording-sound.js';

/** Kept recordings as `<folder>/YYYY/MM/DD/<id>.flac`, readable by the program's user only. */
export function recordingFolder(folder: string): RecordingFolder {
  const root = resolve(folder);
  const absolute = (path: string): string | undefined =>
    isRecordingPath(path) ? join(root, path) : undefined;
  return {
    withScratch: async (work) => {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const scratch = await mkdtemp(join(root, '.work-'));
      try {
        return await work(scratch);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    keep: async (file, path) => {
      const target = absolute(path);
      if (target === undefined) throw new Error(`not a path for a recording: ${path}`);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await sync(file);
      const facts = await factsOf(file);
      await rename(file, target);
      await sync(dirname(target));
      return facts;
    },
    facts: async (path) => {
      const file = absolute(path);
      return file !== undefined && (await exists(file)) ? factsOf(file) : undefined;
    },
    find: async (path) => {
      const file = absolute(path);
      return file !== undefined && (await exists(file)) ? file : undefined;
    },
  };
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function factsOf(path: string): Promise<FileFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { size } = await stat(path);
  return { sha256: hash.digest('hex'), bytes: size };
}

/** A link is no file: it might lead out of the folder. */
async function exists(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
