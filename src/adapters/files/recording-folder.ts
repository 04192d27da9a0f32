import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isRecordingPath } from '../../features/recordings/recording.js';
import {
  UnreadableSound,
  type FileFacts,
  type RecordingFolder,
  type StoredPlace,
  type StoredSound,
} from '../../features/recordings/recording-sound.js';
import type { SealingKey } from '../../features/recordings/sealing-keys.js';
import { isSealed, openSealed, sealInto } from '../crypto/sealed-file.js';
import { syncPath } from './sync-path.js';

/** How a folder seals what it keeps. */
export interface FolderSealing {
  /** The key for what is kept from now on; undefined where the site does not seal. Rejects where it should and cannot. */
  key(): Promise<SealingKey | undefined>;
  /** A key by its id, to open what it sealed. */
  find(id: string): Promise<Buffer | undefined>;
}

const UNSEALED: FolderSealing = {
  key: () => Promise.resolve(undefined),
  find: () => Promise.resolve(undefined),
};

const SCRATCH = '.work-';
/** No work takes so long: what is older was left by a process that was killed. */
const SCRATCH_KEPT_MS = 3_600_000;
const READ_BYTES = 64 * 1024;

/** Kept recordings as `<folder>/YYYY/MM/DD/<id>.flac`, sealed or not, readable by the program's user only. */
export function recordingFolder(
  folder: string,
  sealing: FolderSealing = UNSEALED,
): RecordingFolder {
  const root = resolve(folder);
  const absolute = (path: string): string | undefined =>
    isRecordingPath(path) ? join(root, path) : undefined;
  const withScratch: RecordingFolder['withScratch'] = async (work) => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const scratch = await mkdtemp(join(root, SCRATCH));
    try {
      return await work(scratch);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  const openPlace = async ({ path, keyId }: StoredPlace): Promise<StoredSound | undefined> => {
    const file = absolute(path);
    if (file === undefined || !(await exists(file))) return undefined;
    return openSound(file, (id) => sealing.find(id), keyId !== '');
  };
  const using = async <T>(
    place: StoredPlace,
    work: (sound: StoredSound) => Promise<T>,
  ): Promise<T | undefined> => {
    const sound = await openPlace(place);
    if (sound === undefined) return undefined;
    try {
      return await work(sound);
    } finally {
      await sound.close();
    }
  };
  /** Seals into a new file and reads that back: what takes the place of a plain file is known to open. */
  const sealChecked = async (
    target: string,
    source: StoredSound,
    key: SealingKey,
    name: string,
  ): Promise<FileFacts> => {
    const facts = await sealInto(target, source, key, name);
    const sealed = await openSound(target, () => Promise.resolve(key.key), true, name);
    try {
      if ((await factsOf(sealed)).sha256 !== facts.sha256)
        throw new Error('a sealed file does not read as what was sealed');
    } finally {
      await sealed.close();
    }
    return facts;
  };

  return {
    withScratch,
    clearScratch: async (now) => {
      for (const name of await namesIn(root)) {
        const path = join(root, name);
        if (!name.startsWith(SCRATCH)) continue;
        const changedAt = await changedAtOf(path);
        if (changedAt !== undefined && now.getTime() - changedAt > SCRATCH_KEPT_MS)
          await rm(path, { recursive: true, force: true });
      }
    },
    keep: async (file, path) => {
      const target = absolute(path);
      if (target === undefined) throw new Error(`not a path for a recording: ${path}`);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const key = await sealing.key();
      const plain = await openSound(file, () => Promise.resolve(undefined), false);
      let facts: FileFacts;
      try {
        if (key === undefined) {
          await syncPath(file);
          facts = await factsOf(plain);
          await rename(file, target);
        } else {
          const sealed = `${file}.sealed`;
          facts = await sealChecked(sealed, plain, key, basename(target));
          await rename(sealed, target);
        }
      } finally {
        await plain.close();
      }
      await syncPath(dirname(target));
      return { ...facts, keyId: key?.id ?? '' };
    },
    facts: (place) => using(place, factsOf),
    remove: async (path) => {
      const file = absolute(path);
      if (file === undefined) throw new Error(`not a path for a recording: ${path}`);
      await rm(file, { force: true });
    },
    open: openPlace,
    withPlain: (place, work) =>
      using(place, (sound) =>
        withScratch(async (scratch) => {
          const file = join(scratch, 'sound.flac');
          await pipeline(
            Readable.from(sound.read(0, sound.bytes)),
            createWriteStream(file, { mode: 0o600 }),
          );
          return work(file, scratch);
        }),
      ),
    seal: (place, { key, sha256, commit }) =>
      using(place, (sound) =>
        withScratch(async (scratch) => {
          const target = join(root, place.path);
          const sealed = join(scratch, 'sealed');
          const isDone = sound.keyId === key.id;
          const facts = isDone
            ? await factsOf(sound)
            : await sealChecked(sealed, sound, key, basename(target));
          if (facts.sha256 !== sha256)
            throw new UnreadableSound(
              'broken',
              'the sound has not the hash that it was stored with',
            );
          await commit(async () => {
            if (isDone) return;
            await rename(sealed, target);
            await syncPath(dirname(target));
          });
          return true as const;
        }),
      ),
  };
}

/** Opens a file by what it is. `mustBeSealed`: its row says so. */
async function openSound(
  file: string,
  keyOf: FolderSealing['find'],
  mustBeSealed: boolean,
  name = basename(file),
): Promise<StoredSound> {
  const handle = await open(file, 'r');
  try {
    const beginning = Buffer.alloc(8);
    await handle.read(beginning, 0, beginning.length, 0);
    if (isSealed(beginning)) return await openSealed(handle, keyOf, name);
    if (mustBeSealed)
      throw new UnreadableSound('broken', 'what is not sealed lies in the place of what was');
    const { size } = await handle.stat();
    return {
      keyId: '',
      bytes: size,
      read: async function* (from, to) {
        for (let at = from; at < to;) {
          const length = Math.min(READ_BYTES, to - at);
          const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
          if (bytesRead === 0) throw new UnreadableSound('broken', 'the file is cut off');
          yield buffer.subarray(0, bytesRead);
          at += bytesRead;
        }
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function factsOf(sound: StoredSound): Promise<FileFacts> {
  const hash = createHash('sha256');
  for await (const part of sound.read(0, sound.bytes)) hash.update(part);
  return { sha256: hash.digest('hex'), bytes: sound.bytes };
}

/** Undefined where it is gone meanwhile. */
async function changedAtOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
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
