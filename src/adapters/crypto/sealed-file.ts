import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import {
  UnreadableSound,
  type FileFacts,
  type StoredSound,
} from '../../features/recordings/recording-sound.js';
import type { SealingKey } from '../../features/recordings/sealing-keys.js';

/*
 * A sealed file: a head, then chunks, each encrypted for itself by AES-256-GCM.
 *
 *   head    'CBSEALED' · version (1) · log2 of the chunk's bytes · 00 00 · key id (8) · salt (32)
 *   chunk   ciphertext (as long as the plain; all but the last one whole) · tag (16)
 *
 * The file's own key is made by HKDF-SHA256 from the site's key, the salt and the file's name, so that one file put in the place of
 * another one opens no more than a changed one. A chunk's nonce is its number and whether it is the last one, and the head is
 * authenticated with each: what was changed, cut off, appended, left out or put elsewhere is found (the construction STREAM of
 * Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Any part can be read by opening only the chunks that it lies in.
 */
const MAGIC = Buffer.from('CBSEALED');
const VERSION = 1;
const HEAD_BYTES = 52;
const KEY_AT = 12;
const SALT_AT = 20;
const SALT_BYTES = 32;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const CHUNK_LOG2 = 16;
/** Chunks of other sizes than 64 B to 1 MiB are no work of ours. */
const CHUNK_LOG2_RANGE = [6, 20] as const;

/** What is read of, from `from` up to and without `to`, in bytes. */
type Source = Pick<StoredSound, 'bytes' | 'read'>;

/** Whether a file that begins so is a sealed one. At least 8 bytes. */
export const isSealed = (beginning: Buffer): boolean =>
  beginning.subarray(0, MAGIC.length).equals(MAGIC);

/**
 * Seals a sound into a new file, which is on the disk when this resolves. `name` is the name under which it must be opened.
 * Resolves to the facts of the plain sound. Rejects where the file is there already.
 */
export async function sealInto(
  target: string,
  source: Source,
  { id, key }: Pick<SealingKey, 'id' | 'key'>,
  name: string,
  chunkLog2: number = CHUNK_LOG2,
): Promise<FileFacts> {
  const head = makeHead(id, chunkLog2);
  const fileKey = fileKeyOf(key, head, name);
  const hash = createHash('sha256');
  const handle = await open(target, 'wx', 0o600);
  try {
    await handle.writeFile(head);
    let chunk = 0;
    for await (const { plain, isLast } of inChunks(source, 2 ** chunkLog2)) {
      hash.update(plain);
      const cipher = createCipheriv(CIPHER, fileKey, nonceOf(chunk++, isLast)).setAAD(head);
      const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      await handle.writeFile(body);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes: source.bytes };
}

/**
 * Opens a sealed file; the handle is the sound's from then on. Throws {@link UnreadableSound}, also for a file that was cut off or
 * appended to; what was changed within is found when it is read.
 */
export async function openSealed(
  handle: FileHandle,
  keyOf: (id: string) => Promise<Buffer | undefined>,
  name: string,
): Promise<StoredSound> {
  const { size } = await handle.stat();
  const head = await readHead(handle);
  const chunkBytes = 2 ** (head[MAGIC.length + 1] ?? 0);
  const layout = layoutOf(size - HEAD_BYTES, chunkBytes);
  const keyId = head.toString('hex', KEY_AT, SALT_AT);
  const key = await keyOf(keyId);
  if (key === undefined) throw new UnreadableSound('no-key', `the key ${keyId} is not there`);
  const fileKey = fileKeyOf(key, head, name);

  const chunkAt = async (chunk: number): Promise<Buffer> => {
    const isLast = chunk === layout.chunks - 1;
    const length = isLast ? layout.lastBytes : chunkBytes;
    const sealed = await readWhole(
      handle,
      HEAD_BYTES + chunk * (chunkBytes + TAG_BYTES),
      length + TAG_BYTES,
    );
    const decipher = createDecipheriv(CIPHER, fileKey, nonceOf(chunk, isLast))
      .setAAD(head)
      .setAuthTag(sealed.subarray(length));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, length)), decipher.final()]);
    } catch (error) {
      throw new UnreadableSound('broken', `chunk ${String(chunk)} is not as it was sealed`, {
        cause: error,
      });
    }
  };
  // The last chunk says that it is the last one, so a file that was cut off or appended to is found before any sound is given out.
  await chunkAt(layout.chunks - 1);

  return {
    keyId,
    bytes: layout.bytes,
    read: async function* (from, to) {
      for (let at = from; at < to;) {
        const chunk = Math.floor(at / chunkBytes);
        const plain = await chunkAt(chunk);
        const begin = at - chunk * chunkBytes;
        const part = plain.subarray(begin, Math.min(plain.length, begin + to - at));
        if (part.length === 0) return;
        yield part;
        at += part.length;
      }
    },
    close: () => handle.close(),
  };
}

function makeHead(keyId: string, chunkLog2: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head[MAGIC.length] = VERSION;
  head[MAGIC.length + 1] = chunkLog2;
  Buffer.from(keyId, 'hex').copy(head, KEY_AT);
  randomBytes(SALT_BYTES).copy(head, SALT_AT);
  return head;
}

async function readHead(handle: FileHandle): Promise<Buffer> {
  const head = await readWhole(handle, 0, HEAD_BYTES);
  const [version, chunkLog2 = 0, ...unused] = head.subarray(MAGIC.length, KEY_AT);
  const [least, most] = CHUNK_LOG2_RANGE;
  const isOurs = isSealed(head) && version === VERSION && chunkLog2 >= least && chunkLog2 <= most;
  if (!isOurs || unused.some((byte) => byte !== 0))
    throw new UnreadableSound('broken', 'not the head of a sealed file');
  return head;
}

/** How many chunks a body of so many bytes has, and how much plain sound. An empty sound has one empty chunk. */
function layoutOf(body: number, chunkBytes: number) {
  const whole = chunkBytes + TAG_BYTES;
  const chunks = Math.ceil(body / whole);
  const lastBytes = body - (chunks - 1) * whole - TAG_BYTES;
  if (body < TAG_BYTES || lastBytes < 0 || (lastBytes === 0 && chunks > 1))
    throw new UnreadableSound('broken', 'the file is cut off');
  return { chunks, lastBytes, bytes: body - chunks * TAG_BYTES };
}

const fileKeyOf = (key: Buffer, head: Buffer, name: string): Buffer =>
  Buffer.from(
    hkdfSync('sha256', key, head.subarray(SALT_AT), `cordboard sealed file 1\0${name}`, 32),
  );

/** Unique within a file, whose key is its own: number of the chunk, and whether it is the last one. */
function nonceOf(chunk: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(chunk, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Cuts a sound into chunks of one size; the last one may be shorter, and is empty only where the sound is. */
async function* inChunks(
  source: Source,
  size: number,
): AsyncGenerator<{ readonly plain: Buffer; readonly isLast: boolean }> {
  let rest = Buffer.alloc(0);
  let given = 0;
  for await (const part of source.read(0, source.bytes)) {
    rest = Buffer.concat([rest, part]);
    // One whole chunk stays here: it might be the last one.
    while (rest.length > size) {
      yield { plain: rest.subarray(0, size), isLast: false };
      given += size;
      rest = rest.subarray(size);
    }
  }
  if (given + rest.length !== source.bytes)
    throw new Error('the sound changed its length while it was sealed');
  yield { plain: rest, isLast: true };
}

/** Reads exactly so many bytes; a file that has fewer is cut off. */
export async function readWhole(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await handle.read(buffer, at, length - at, position + at);
    if (bytesRead === 0) throw new UnreadableSound('broken', 'the file is cut off');
    at += bytesRead;
  }
  return buffer;
}
