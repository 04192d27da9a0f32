/** Waits before tries: doubling from `firstMs` to `atMostMs`. Remembers tries by key, in memory only. */
export class BackOff<Key> {
  readonly #entries = new Map<Key, { readonly tries: number; readonly untilAt: number }>();

  constructor(
    private readonly firstMs: number,
    private readonly atMostMs: number,
  ) {}

  /** Notes a failure and says how many there were. */
  failed(key: Key, now: number): number {
    const tries = (this.#entries.get(key)?.tries ?? 0) + 1;
    const waitMs = Math.min(this.firstMs * 2 ** (tries - 1), this.atMostMs);
    this.#entries.set(key, { tries, untilAt: now + waitMs });
    return tries;
  }

  succeeded(key: Key): void {
    this.#entries.delete(key);
  }

  /** Keys whose time has not come. */
  resting(now: number): readonly Key[] {
    return [...this.#entries].flatMap(([key, { untilAt }]) => (untilAt > now ? [key] : []));
  }
}
