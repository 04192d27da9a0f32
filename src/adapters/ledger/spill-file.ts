import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { newId } from '../../kernel/ids.js';
import { NOBODY, ownerLives, ownerName } from '../files/process-owner.js';

/** A part of a file: whole lines, and where the next part begins. */
export interface SpillChunk {
  readonly lines: readonly string[];
  readonly end: number;
}

interface SpillPart {
  readonly path: string;
  readonly handle: FileHandle;
  /** Only bytes before this are whole lines that are safely on the disk. */
  size: number;
  readFrom: number;
  /** Records not yet taken out. */
  records: number;
  readonly own: boolean;
  /** An `append` is under way: the file must stay although nothing can be read from it yet. */
  appending: boolean;
}

const READ_BYTES = 256 * 1024;
const NAME = /^[0-9A-Z]{26}\.(\d+-\w+)\.ndjson$/;

/**
 * Keeps lines on disk while the stream is away, in the order in which they came. Each process writes a file of its own;
 * files of processes that are no more are taken over at the start. A line that a crash tore apart is left out.
 * Reading does not remember its place over a restart: lines are given again then, and their ids make that harmless.
 * Calls must not overlap, except that `append` may run beside `read` and `consumed`.
 */
export class SpillFile {
  readonly #parts: SpillPart[] = [];
  #torn = 0;

  private constructor(private readonly directory: string) {}

  /** Makes the directory where needed and takes over what dead processes left. */
  static async open(directory: string): Promise<SpillFile> {
    const spill = new SpillFile(directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of (await readdir(directory)).sort()) {
      const owner = NAME.exec(name)?.[1];
      if (owner !== undefined && !ownerLives(owner)) await spill.#adopt(name);
    }
    return spill;
  }

  /** Records that wait in files. */
  get records(): number {
    return this.#parts.reduce((sum, part) => sum + part.records, 0);
  }
  /** Lines left out because a crash tore them. */
  get torn(): number {
    return this.#torn;
  }

  /** Resolves when the lines are on the disk. After a failure nothing of them counts, and it can be called again. */
  async append(lines: readonly string[]): Promise<void> {
    const part = this.#parts.find((candidate) => candidate.own) ?? (await this.#create());
    part.appending = true;
    try {
      const size = await writeLines(part, lines);
      part.size = size;
      part.records += lines.length;
    } finally {
      part.appending = false;
    }
  }

  /** The next lines in order, about 256 kB; undefined where nothing is left. */
  async read(): Promise<SpillChunk | undefined> {
    for (;;) {
      const part = this.#parts[0];
      if (part === undefined) return undefined;
      const chunk = await readLines(part);
      if (chunk.lines.length > 0) return chunk;
      if (part.appending) return undefined;
      // A dead process's file may end in a torn line.
      if (part.readFrom < part.size) this.#torn++;
      await this.#removeFirst(part);
    }
  }

  /** The chunk that `read` gave is safe elsewhere. Deletes a file of which nothing is left. */
  async consumed(chunk: SpillChunk): Promise<void> {
    const part = this.#parts[0];
    if (part === undefined) return;
    part.readFrom = chunk.end;
    part.records -= chunk.lines.length;
    if (part.readFrom >= part.size && !part.appending) await this.#removeFirst(part);
  }

  /** Leaves what is there for the next process. */
  async close(): Promise<void> {
    for (const part of this.#parts.splice(0)) {
      await part.handle.close();
      await rename(part.path, this.#path(basename(part.path).slice(0, 26), NOBODY));
    }
  }

  #path(id: string, owner: string): string {
    return join(this.directory, `${id}.${owner}.ndjson`);
  }

  async #removeFirst(part: SpillPart): Promise<void> {
    // First out of the list: an `append` that runs beside this makes a new file.
    this.#parts.shift();
    await part.handle.close();
    await rm(part.path, { force: true });
  }

  async #create(): Promise<SpillPart> {
    const path = this.#path(newId(), ownerName());
    const handle = await open(path, 'wx+', 0o600);
    await syncDirectory(this.directory);
    const part = { path, handle, size: 0, readFrom: 0, records: 0, own: true, appending: false };
    this.#parts.push(part);
    return part;
  }

  async #adopt(name: string): Promise<void> {
    const path = this.#path(name.slice(0, 26), ownerName());
    try {
      await rename(join(this.directory, name), path);
    } catch (error) {
      // Another process took it over first.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const handle = await open(path, 'r+');
    const { size } = await handle.stat();
    const part = { path, handle, size, readFrom: 0, records: 0, own: false, appending: false };
    for (let from = 0; ;) {
      const chunk = await readLines({ ...part, readFrom: from });
      if (chunk.lines.length === 0) break;
      part.records += chunk.lines.length;
      from = chunk.end;
    }
    this.#parts.push(part);
  }
}

/** Writes and syncs lines after the last good ones: what a failed write left there is written over. */
async function writeLines(part: SpillPart, lines: readonly string[]): Promise<number> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  let written = 0;
  while (written < bytes.length)
    written += (
      await part.handle.write(bytes, written, bytes.length - written, part.size + written)
    ).bytesWritten;
  await part.handle.datasync();
  return part.size + bytes.length;
}

/** Whole lines from `readFrom` on; none where only a torn one is left. */
async function readLines(part: Readonly<SpillPart>): Promise<SpillChunk> {
  for (let wanted = READ_BYTES; ; wanted *= 2) {
    const length = Math.min(wanted, part.size - part.readFrom);
    const { buffer, bytesRead } = await part.handle.read(
      Buffer.alloc(length),
      0,
      length,
      part.readFrom,
    );
    const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    if (end > 0)
      return {
        lines: buffer
          .subarray(0, end - 1)
          .toString('utf8')
          .split('\n'),
        end: part.readFrom + end,
      };
    // A line longer than the piece read: read a longer piece.
    if (length < wanted) return { lines: [], end: part.readFrom };
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
