import type { Clock } from '../../kernel/clock.js';
import type { Today, TodayReports } from './today.js';

/** Figures older than this are read again while somebody looks. */
const FRESH_MS = 10_000;
/** Without a look for so long, reading stops. */
const WATCHED_MS = 60_000;

/** Today's figures, read again every ten seconds while somebody looks at them; one reading serves all viewers. */
export class TodayFigures {
  #latest: Today | undefined;
  #lookedAt = 0;
  #reading: Promise<Today> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly reports: TodayReports,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The last reading, undefined before the first. Looking keeps the readings going. */
  get latest(): Today | undefined {
    this.#lookedAt = this.clock.now();
    this.#arm();
    return this.#latest;
  }

  /** Figures that are fresh enough for a page; rejects while the database is away. */
  async fresh(): Promise<Today> {
    const latest = this.latest;
    if (latest && this.clock.now() - latest.readAt < FRESH_MS) return latest;
    return this.#read();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  }

  #read(): Promise<Today> {
    this.#reading ??= this.reports
      .today(this.clock.now())
      .then((today) => {
        this.#latest = today;
        for (const listener of this.#listeners) listener();
        return today;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  /** Only where somebody listens: a page without a live connection reads when it is loaded. */
  #arm(): void {
    if (this.#timer !== undefined || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.clock.now() - this.#lookedAt > WATCHED_MS) return;
      this.#arm();
      this.#read().catch(this.onError);
    }, FRESH_MS);
    this.#timer.unref();
  }
}
