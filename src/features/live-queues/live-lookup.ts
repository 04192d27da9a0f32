/** So many answers are kept; the oldest go first. */
const KEPT = 5_000;

interface Entry<Value> {
  /** What the value was read for; undefined while the first reading runs. */
  revision: string | number | undefined;
  value: Value | undefined;
  asked: string | number;
}

/**
 * What live values need beside the picture of now: looked at in passing, read in the background, all that is missing at
 * once, and read again when its revision changed. Until then the last value stands.
 */
export class LiveLookup<Key extends string | number, Value> {
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #wanted = new Set<Key>();
  readonly #listeners = new Set<() => void>();
  #reading: Promise<void> | undefined;

  constructor(
    private readonly read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The value as far as it is known; asks for it where it was read for another revision. */
  get(key: Key, revision: string | number): Value | undefined {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { revision: undefined, value: undefined, asked: revision };
      this.#entries.set(key, entry);
      this.#forgetOldest();
    }
    entry.asked = revision;
    if (entry.revision !== revision) {
      this.#wanted.add(key);
      this.#start();
    }
    return entry.value;
  }

  /** Waits until everything that was asked for was read; for pages. */
  async ready(): Promise<void> {
    await this.#reading;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #start(): void {
    this.#reading ??= Promise.resolve()
      .then(() => this.#readWanted())
      .finally(() => {
        this.#reading = undefined;
      });
  }

  async #readWanted(): Promise<void> {
    const revisions = new Map(
      [...this.#wanted].map((key) => [key, this.#entries.get(key)?.asked] as const),
    );
    this.#wanted.clear();
    try {
      const values = await this.read([...revisions.keys()]);
      for (const [key, revision] of revisions) {
        const entry = this.#entries.get(key);
        if (entry === undefined) continue;
        entry.revision = revision;
        entry.value = values.get(key);
      }
    } catch (error) {
      // The next look asks again.
      this.onError(error);
      return;
    }
    for (const listener of this.#listeners) listener();
  }

  #forgetOldest(): void {
    if (this.#entries.size <= KEPT) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
