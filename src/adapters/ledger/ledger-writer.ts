import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../log/logger.js';
import type { LedgerStore } from './ledger-store.js';
import { decodeRecord, type LedgerRecord } from './record.js';
import type { LedgerStreamReader, StreamEntry } from './stream.js';

/** What this writer did since it started, and what waits for it. */
export interface WriterCounters {
  readonly written: number;
  /** Records that the database had already; put aside silently. */
  readonly duplicates: number;
  /** Records that can never be stored; in the stream `cb:ledger:rejected`. */
  readonly rejected: number;
  /** Records in the stream, those in work included; undefined where the stream is away. */
  readonly inStream: number | undefined;
}

/** Records of one transaction: bounds its length, and what a kill between insert and acknowledgement repeats. */
const BATCH = 250;
const WAIT_MS = 1_000;
/**
 * After a batch that was not full, so long for more to come. A call has some thirty events in a few seconds, and each batch folds
 * the calls that it touches anew: written one by one, events cost several times what the calls themselves do
 * (docs/capacity.md). Pages that read the database are so much later at most.
 */
const GATHER_MS = 250;
/** Entries that another writer holds for longer than this are its no more: a batch takes far less. */
const ABANDONED_AFTER_MS = 30_000;
const LOOK_FOR_ABANDONED_EVERY_MS = 10_000;
const RETRY_FIRST_MS = 100;
const RETRY_AT_MOST_MS = 2_000;

/** Called after a batch is stored for good. */
export type WrittenListener = (records: readonly LedgerRecord[]) => void;

/**
 * Brings the stream into the database, batch by batch: one transaction stores the records and the calls folded from
 * them, then the batch is acknowledged. Killed between the two, the next writer stores the batch again, which changes
 * nothing. While the database is away the stream grows. Several writers may run.
 */
export class LedgerWriter {
  readonly #stop = new AbortController();
  readonly #listeners = new Set<WrittenListener>();
  #running: Promise<void> | undefined;
  /** Entries may lie with a dead writer, or with us after a failure: look for them before new ones. */
  #recovering = true;
  #lookedAt = 0;
  #reading = false;
  #retryMs = 0;
  #written = 0;
  #duplicates = 0;
  #rejected = 0;

  constructor(
    private readonly stream: LedgerStreamReader,
    private readonly store: LedgerStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the batch in work, then lets go of the stream. What was read in that moment is found by the next writer. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('ledger writer stopped'));
    if (this.#reading) await this.stream.close();
    await this.#running;
    await this.stream.close();
  }

  onWritten(listener: WrittenListener): void {
    this.#listeners.add(listener);
  }

  async counters(): Promise<WriterCounters> {
    const inStream = await this.stream.length().then(
      (length) => length,
      () => undefined,
    );
    return {
      written: this.#written,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      inStream,
    };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped()) {
      try {
        const entries = await this.#next();
        if (entries.length > 0) await this.#storeAndAcknowledge(entries);
        if (this.#retryMs > 0) this.log.info('ledger writer works again');
        this.#retryMs = 0;
        if (entries.length > 0 && entries.length < BATCH)
          await this.clock.sleep(GATHER_MS, this.#stop.signal);
      } catch (error) {
        if (this.#isStopped()) return;
        await this.#failed(error);
      }
    }
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #next(): Promise<readonly StreamEntry[]> {
    if (this.#recovering) {
      const entries = await this.stream.takeOver(BATCH, 0);
      this.#recovering = entries.length > 0;
      return entries;
    }
    if (this.clock.now() - this.#lookedAt >= LOOK_FOR_ABANDONED_EVERY_MS) {
      this.#lookedAt = this.clock.now();
      const entries = await this.stream.takeOver(BATCH, ABANDONED_AFTER_MS);
      if (entries.length > 0) return entries;
    }
    this.#reading = true;
    try {
      return await this.stream.read(BATCH, WAIT_MS);
    } finally {
      this.#reading = false;
    }
  }

  async #failed(error: unknown): Promise<void> {
    if (this.#retryMs === 0) this.log.warn({ err: error }, 'ledger writer waits');
    this.#recovering = true;
    this.#retryMs = Math.min(Math.max(RETRY_FIRST_MS, this.#retryMs * 2), RETRY_AT_MOST_MS);
    try {
      await this.clock.sleep(this.#retryMs, this.#stop.signal);
    } catch (reason) {
      if (!this.#isStopped()) throw reason;
    }
  }

  async #storeAndAcknowledge(entries: readonly StreamEntry[]): Promise<void> {
    const good: StreamEntry[] = [];
    const records: LedgerRecord[] = [];
    const bad: StreamEntry[] = [];
    for (const entry of entries) {
      const record = decodeRecord(entry.text);
      if (record === undefined) bad.push(entry);
      else {
        good.push(entry);
        records.push(record);
      }
    }
    if (bad.length > 0) await this.#reject(bad, 'not a ledger record');
    if (good.length > 0) await this.#store(good, records);
  }

  /** Where the database refuses a batch for what is in it, halves it until the culprit stands alone. */
  async #store(entries: readonly StreamEntry[], records: readonly LedgerRecord[]): Promise<void> {
    try {
      const { written, duplicates } = await this.store.write(records);
      this.#written += written;
      this.#duplicates += duplicates;
    } catch (error) {
      if (!this.store.isRefusal(error)) throw error;
      const [first] = entries;
      if (entries.length === 1 && first !== undefined) {
        await this.#reject([first], error instanceof Error ? error.message : String(error));
        return;
      }
      const half = Math.ceil(entries.length / 2);
      await this.#store(entries.slice(0, half), records.slice(0, half));
      await this.#store(entries.slice(half), records.slice(half));
      return;
    }
    this.#tell(records);
    await this.stream.acknowledge(entries.map((entry) => entry.position));
  }

  /** A listener's failure must not keep stored records from being acknowledged. */
  #tell(records: readonly LedgerRecord[]): void {
    for (const listener of this.#listeners)
      try {
        listener(records);
      } catch (error) {
        this.log.error({ err: error }, 'listener of the ledger failed');
      }
  }

  async #reject(entries: readonly StreamEntry[], reason: string): Promise<void> {
    this.log.error({ records: entries.length, reason }, 'ledger records rejected');
    await this.stream.reject(entries, reason);
    this.#rejected += entries.length;
  }
}
