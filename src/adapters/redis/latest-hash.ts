import type { Redis } from 'ioredis';

/** How soon a flush that Redis refused is tried again. */
const RETRY_MS = 500;

/** Where values are until Redis has them: what a killed process has not sent is found there. */
export interface UnsentValues {
  /** `value`: null where the field was removed. */
  add(key: string, field: string, value: string | null): void;
  /** Redis has taken, or refused, what was sent last. */
  changed(): void;
}

/**
 * The newest value of each key, in a Redis hash. Writing never fails and never waits: values are sent together once a turn
 * of the event loop, only the newest of a key, and what Redis did not take is sent again when it is back.
 */
export class LatestHash {
  readonly #pending = new Map<string, string | null>();
  #scheduled = false;
  #isSending = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    readonly key: string,
    private readonly unsent: UnsentValues,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Values that Redis does not have yet, without those that are just being sent. */
  get pending(): ReadonlyMap<string, string | null> {
    return this.#pending;
  }

  /** Redis has everything. */
  get isSettled(): boolean {
    return this.#pending.size === 0 && !this.#isSending;
  }
  get isSending(): boolean {
    return this.#isSending;
  }

  write(field: string, value: object): void {
    this.#put(field, JSON.stringify(value));
  }

  remove(field: string): void {
    this.#put(field, null);
  }

  /** Every value; rejects where Redis is away. Values that are no JSON are left out. */
  async readAll(): Promise<readonly unknown[]> {
    const texts = Object.values(await this.redis.hgetall(this.key));
    return texts.flatMap((text) => {
      try {
        return [JSON.parse(text) as unknown];
      } catch (error) {
        this.onFailure(error);
        return [];
      }
    });
  }

  /** Resolves when everything written so far has been tried once. */
  async flush(): Promise<void> {
    await this.#send();
  }

  #put(field: string, value: string | null): void {
    this.#pending.set(field, value);
    this.unsent.add(this.key, field, value);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      void this.#send();
    });
  }

  #send(): Promise<void> {
    // One batch after the other: a later value must not overtake an earlier one.
    this.#sending = this.#sending.then(() => this.#sendBatch());
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    this.#scheduled = false;
    if (this.#pending.size === 0) return;
    const batch = new Map(this.#pending);
    this.#pending.clear();
    this.#isSending = true;
    const pipeline = this.redis.pipeline();
    for (const [field, value] of batch)
      if (value === null) pipeline.hdel(this.key, field);
      else pipeline.hset(this.key, field, value);
    try {
      const results = await pipeline.exec();
      for (const [error] of results ?? []) if (error !== null) throw error;
    } catch (error) {
      this.onFailure(error);
      for (const [field, value] of batch)
        if (!this.#pending.has(field)) this.#pending.set(field, value);
      this.#scheduled = true;
      setTimeout(() => void this.#send(), RETRY_MS).unref();
    }
    this.#isSending = false;
    this.unsent.changed();
  }
}
