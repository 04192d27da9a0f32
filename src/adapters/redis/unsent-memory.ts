import type { Redis } from 'ioredis';
import { leftLines, UnsentLines } from '../files/unsent-lines.js';
import type { LatestHash, UnsentValues } from './latest-hash.js';

/** Whose values Redis has: those that somebody else left before are of no use any more. */
const OWNER_KEY = 'cb:memory-owner';
/** While Redis is away the file grows with each change: from here on it is written anew with the newest values alone. */
const REWRITE_BYTES = 4 * 1024 * 1024;

type Line = readonly [key: string, field: string, value: string | null];

/** What of several hashes Redis does not have yet, in a file of this machine. */
export class UnsentMemory implements UnsentValues {
  readonly hashes: LatestHash[] = [];

  private constructor(private readonly lines: UnsentLines) {}

  /**
   * Brings to Redis what the process before this one had not sent when it was killed, unless another one, perhaps on another
   * machine, has worked with Redis since. Rejects where Redis is away: then the lines stay where they are.
   */
  static async open(
    redis: Redis,
    directory: string,
    onFailure: (error: unknown) => void,
  ): Promise<UnsentMemory> {
    const left = leftLines(directory);
    const owner = await redis.get(OWNER_KEY);
    const newest = new Map<string, Line>();
    for (const { id, lines } of left)
      if (id === owner)
        for (const line of lines.map((text) => JSON.parse(text) as Line))
          newest.set(`${line[0]} ${line[1]}`, line);
    const unsent = UnsentLines.create(directory, onFailure);
    const transaction = redis.multi();
    for (const [key, field, value] of newest.values())
      if (value === null) transaction.hdel(key, field);
      else transaction.hset(key, field, value);
    const results = await transaction.set(OWNER_KEY, unsent.id).exec();
    for (const [error] of results ?? []) if (error !== null) throw error;
    for (const one of left) one.remove();
    return new UnsentMemory(unsent);
  }

  add(key: string, field: string, value: string | null): void {
    this.lines.add(JSON.stringify([key, field, value] satisfies Line));
  }

  changed(): void {
    if (this.hashes.every(({ isSettled }) => isSettled)) this.lines.clear();
    else if (this.lines.size > REWRITE_BYTES) this.#rewrite();
  }

  close(): void {
    this.lines.close();
  }

  #rewrite(): void {
    // One that is just being sent is among them again if it fails: then the next look finds it here.
    if (this.hashes.some(({ isSending }) => isSending)) return;
    this.lines.clear();
    for (const { key, pending } of this.hashes)
      for (const [field, value] of pending) this.add(key, field, value);
  }
}
