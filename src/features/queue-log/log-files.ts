import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ImportId } from './import.js';

/** A longer line is no line of a log; what is beyond it is not kept. */
const MAX_LINE = 16_384;
const CHUNK_BYTES = 65_536;
const GZIP = [0x1f, 0x8b];

/** Some lines in a row, and how far the file is read, in bytes as it lies on disk. */
export interface SomeLines {
  readonly lines: readonly string[];
  readonly bytesRead: number;
}

/** Files of imports: `<folder>/<id>/<n>` as they were uploaded, and `problems.csv`. Readable by the program's user only. */
export class LogFolder {
  constructor(private readonly folder: string) {}

  /** Takes uploaded files from where they lie. */
  async keep(id: ImportId, paths: readonly string[]): Promise<void> {
    await mkdir(this.#of(id), { recursive: true, mode: 0o700 });
    for (const [n, path] of paths.entries()) await move(path, this.log(id, n));
  }

  log(id: ImportId, n: number): string {
    return join(this.#of(id), String(n));
  }

  /** Puts the files into another order: `order[n]` is where the n-th one lay. */
  async arrange(id: ImportId, order: readonly number[]): Promise<void> {
    if (order.every((from, n) => from === n)) return;
    for (const from of order) await rename(this.log(id, from), `${this.log(id, from)}.moved`);
    for (const [n, from] of order.entries())
      await rename(`${this.log(id, from)}.moved`, this.log(id, n));
  }

  problems(id: ImportId): string {
    return join(this.#of(id), 'problems.csv');
  }

  /** The logs, not the list of problems: an import that is done needs them no more. */
  async removeLogs(id: ImportId, count: number): Promise<void> {
    for (let n = 0; n < count; n++) await rm(this.log(id, n), { force: true });
  }

  async remove(id: ImportId): Promise<void> {
    await rm(this.#of(id), { recursive: true, force: true });
  }

  #of(id: ImportId): string {
    return join(this.folder, String(id));
  }
}

/** The upload's folder may be another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
  }
}

/** Reads a log, packed or not, line by line; memory does not grow with it. Rejects where a packed file is broken. */
export async function* readLines(path: string): AsyncGenerator<SomeLines> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const isPacked = await startsWith(path, GZIP);
  const stream = isPacked ? file.pipe(createGunzip()) : file;
  // Of two streams in a row the second does not hear of the first one's failure.
  if (isPacked) file.once('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      yield { lines, bytesRead: file.bytesRead };
    }
    yield { lines: [rest + decoder.decode()], bytesRead: file.bytesRead };
  } finally {
    file.destroy();
  }
}

async function startsWith(path: string, bytes: readonly number[]): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes.length), 0, bytes.length, 0);
    return bytesRead === bytes.length && bytes.every((byte, n) => buffer[n] === byte);
  } finally {
    await handle.close();
  }
}
