import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../kernel/ids.js';
import { ownerLives, ownerName } from './process-owner.js';

const NAME = /^([0-9A-Z]{26})\.(\d+-\w+)\.unsent$/;

/** What a process that is no more had not brought to its server. */
export interface LeftLines {
  /** Of the {@link UnsentLines} in which they were. */
  readonly id: string;
  readonly lines: readonly string[];
  /** They are safe elsewhere. */
  remove(): void;
}

/** What dead processes left in a folder, the oldest first. */
export function leftLines(directory: string): readonly LeftLines[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const [, id, owner] = NAME.exec(name) ?? [];
      if (id === undefined || owner === undefined || ownerLives(owner)) return [];
      const path = join(directory, name);
      const remove = (): void => rmSync(path, { force: true });
      // The last line may be torn: its writer was killed.
      const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
      return [{ id, lines, remove }];
    });
}

/**
 * Lines that are on their way to a server, until it has said that it has them: what a process has not sent when it is killed
 * the next one on this machine finds, see {@link leftLines}. Written in the same moment, and not synced: they outlive the
 * process, not the machine. About 10 µs a line.
 */
export class UnsentLines {
  #size = 0;
  #failed = false;
  #closed = false;

  private constructor(
    readonly id: string,
    private readonly path: string,
    private readonly file: number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** An empty file of this process, in a folder that is made where needed. `onFailure`: the disk takes nothing. */
  static create(directory: string, onFailure: (error: unknown) => void): UnsentLines {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const id = newId();
    const path = join(directory, `${id}.${ownerName()}.unsent`);
    return new UnsentLines(id, path, openSync(path, 'wx', 0o600), onFailure);
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  /** One more, without a line break. Never fails: where the disk takes nothing, memory alone has the line, as said once. */
  add(line: string): void {
    if (this.#closed) return;
    try {
      this.#size += writeSync(this.file, `${line}\n`, this.#size);
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.onFailure(error);
      this.#failed = true;
    }
  }

  /** The server has them all. */
  clear(): void {
    if (this.#size === 0 || this.#closed) return;
    this.#size = 0;
    try {
      ftruncateSync(this.file, 0);
    } catch (error) {
      // Lines that are sent twice do no harm.
      this.onFailure(error);
    }
  }

  /** Lets go of the file; what is still in it waits for the next process. */
  close(): void {
    this.#closed = true;
    closeSync(this.file);
    if (this.#size === 0) rmSync(this.path, { force: true });
  }
}
