import type { Clock } from '../../kernel/clock.js';
import type { LiveSnapshot, LiveView } from '../../telephony/live.js';
import type { Today, TodayReports } from './today.js';

/** Figures older than this are read again while somebody looks. */
const FRESH_MS = 10_000;
/** Without a look for so long, reading stops. */
const WATCHED_MS = 60_000;
/** After something happened in a line they are read so often, until the ledger's writer has surely written it. */
const BUSY_EVERY_MS = 500;
const BUSY_FOR_MS = 2_500;
/** Reading takes one part in so many of the time at most: a day of many calls is read less often. */
const REST_FACTOR = 5;

/** Today's figures, read again while somebody looks: at once when something happens, else now and then. One reading serves all. */
export class TodayFigures {
  #latest: Today | undefined;
  #lookedAt = 0;
  #reading: Promise<Today> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #busyUntil = 0;
  #tookMs = 0;
  #seen = '';
  #unfollow: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly reports: TodayReports,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
    private readonly live?: Pick<LiveView, 'onChange'>,
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
    this.#unfollow ??= this.live?.onChange((snapshot) => {
      this.#happened(snapshot);
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  }

  /** Somebody came into a line, left it, or a call ended: the day's figures are others soon. */
  #happened(snapshot: LiveSnapshot): void {
    const seen = [
      snapshot.calls.length,
      ...snapshot.queues.map(({ decisions, waitingCount, inService }) =>
        [decisions, waitingCount, inService].join(','),
      ),
    ].join(' ');
    if (seen === this.#seen) return;
    this.#seen = seen;
    const now = this.clock.now();
    const wasCalm = now > this.#busyUntil;
    this.#busyUntil = now + BUSY_FOR_MS;
    if (!wasCalm || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#arm();
  }

  #read(): Promise<Today> {
    const began = this.clock.now();
    this.#reading ??= this.reports
      .today(began)
      .then((today) => {
        this.#latest = today;
        this.#tookMs = this.clock.now() - began;
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
    const isBusy = this.clock.now() <= this.#busyUntil;
    const wait = isBusy ? Math.max(BUSY_EVERY_MS, this.#tookMs * REST_FACTOR) : FRESH_MS;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.clock.now() - this.#lookedAt > WATCHED_MS) return;
      this.#arm();
      this.#read().catch(this.onError);
    }, wait);
    this.#timer.unref();
  }
}
