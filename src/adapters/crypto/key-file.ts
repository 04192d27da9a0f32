import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  KeysLost,
  type SealingKey,
  type SealingKeys,
} from '../../features/recordings/sealing-keys.js';
import { syncPath } from '../files/sync-path.js';

const KEY_BYTES = 32;
const HEAD = `# Keys of recordings, one a line: id, key, when it was made. The last one seals, the others open what they sealed.
# Keep a copy in another place than the recordings: without its key a recording cannot be heard by anybody.
`;

/** Stands behind what a loss of power left of a line. */
const UNFINISHED = '#unfinished';

/** What the file last held, and how to know that it still does. */
interface Held {
  readonly mark: string;
  readonly keys: readonly SealingKey[];
}

/**
 * Keys in a file that the program's user alone may read: lines `<id> <key in base64> <when>`. It is read anew when it was changed,
 * by another process or by hand. A new key is appended and on the disk before it is given out; a line that a loss of power left
 * unfinished was never used and counts as not there.
 */
export function keyFile(path: string): SealingKeys {
  let held: Held | undefined;

  const all = async (): Promise<readonly SealingKey[]> => {
    const mark = await markOf(path);
    if (mark === undefined) return [];
    if (held?.mark !== mark) held = { mark, keys: parseKeys(await readText(path), path) };
    return held.keys;
  };

  return {
    place: path,
    all,
    add: async (now) => {
      const key = makeKey(now);
      if ((await markOf(path)) === undefined && (await create(path, key))) return key;
      const text = await readFile(path, 'utf8');
      await writeSafely(path, 'a', `${endOf(text)}${lineOf(key)}`);
      return key;
    },
  };
}

const lineOf = ({ id, key, madeAt }: SealingKey): string =>
  `${id} ${key.toString('base64')} ${madeAt.toISOString()}\n`;

/** A key's id says nothing of the key, and a key that was mistyped does not fit its id. */
const idOf = (key: Buffer): string =>
  createHash('sha256').update('cordboard key of recordings').update(key).digest('hex').slice(0, 16);

function makeKey(madeAt: Date): SealingKey {
  const key = randomBytes(KEY_BYTES);
  return { id: idOf(key), key, madeAt };
}

/** False where another process made the file first. */
async function create(path: string, key: SealingKey): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeSafely(draft, 'wx', HEAD + lineOf(key));
    await link(draft, path);
    await syncPath(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeSafely(path: string, flags: 'a' | 'wx', text: string): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new KeysLost(`${path} cannot be read`, { cause: error });
  }
}

async function markOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return [ino, size, mtimeMs].join(' ');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Ends a line that was never finished, so that the next one is whole. */
function endOf(text: string): string {
  const last = text.split('\n').at(-1) ?? '';
  if (last === '') return '';
  return isNoKey(last) || parseKey(last) ? '\n' : ` ${UNFINISHED}\n`;
}

const isNoKey = (line: string): boolean => /^\s*(#|$)/.test(line) || line.endsWith(UNFINISHED);

/** Undefined where the line is no key with its id. */
function parseKey(line: string): SealingKey | undefined {
  const [, id, base64, when] = /^([0-9a-f]{16})\s+(\S+)\s+(\S+)\s*$/.exec(line) ?? [];
  const key = Buffer.from(base64 ?? '', 'base64');
  const madeAt = new Date(when ?? '');
  if (key.length !== KEY_BYTES || id !== idOf(key) || Number.isNaN(madeAt.getTime()))
    return undefined;
  return { id, key, madeAt };
}

/** Throws {@link KeysLost}, which names the line, and nothing of what stands in it. */
function parseKeys(text: string, path: string): readonly SealingKey[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const key = isNoKey(line) ? undefined : parseKey(line);
    if (key !== undefined) return [key];
    // Only the last line may be one that was never finished: it has no end of line.
    if (isNoKey(line) || at === lines.length - 1) return [];
    throw new KeysLost(`line ${String(at + 1)} of ${path} is not a key with its id`);
  });
}
