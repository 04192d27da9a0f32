import type { AgentStateChange, AgentStateLog } from '../../kernel/agent-state-change.js';
import type { CallEvent, Ledger } from '../../kernel/call-event.js';
import type { UnsentLines } from '../files/unsent-lines.js';
import type { Logger } from '../log/logger.js';
import { encodeRecord, type LedgerRecord } from './record.js';
import type { SpillFile } from './spill-file.js';
import type { LedgerStreamWriter } from './stream.js';

/** Where the records of this process are. */
export interface LedgerCounters {
  /** In memory: taken, neither in the stream nor on the disk yet. Normally those of one turn of the event loop. */
  readonly buffered: number;
  /** In files, because the stream is away. */
  readonly inFile: number;
  /** Taken by the stream since the start. */
  readonly sent: number;
  /** Lines of a crashed process's file that were torn, and left out. */
  readonly torn: number;
}

/** Records sent in one round trip; more wait for the next. */
const SEND_AT_MOST = 500;
const TRY_AGAIN_AFTER_MS = 500;
/** How long `close` tries to bring records onto a disk that takes none, before it says that they are lost. */
const CLOSE_LIMIT_MS = 10_000;

/**
 * Takes the events of calls and agents without ever waiting or failing. At the end of each turn of the event loop they
 * go to the stream; while the stream is away they go to a file, synced, and from there to the stream in order when it is
 * back. Until either has them they are in the file of unsent lines as well, for the process that comes after a kill.
 * Records may arrive twice after a failure, never not at all; ids make writing them idempotent.
 *
 *   memory ──> stream                     direct
 *   memory ──> file ──> stream            spilling: from a failed send until the file is empty again
 */
export class DurableLedger implements Ledger, AgentStateLog {
  readonly #buffer: string[] = [];
  #flushing: Promise<void> | undefined;
  #draining: Promise<void> | undefined;
  #spilling = false;
  #closed = false;
  #sent = 0;
  #wake: () => void = () => undefined;

  constructor(
    private readonly stream: LedgerStreamWriter,
    private readonly spill: SpillFile,
    private readonly unsent: UnsentLines,
    private readonly log: Logger,
    /** Records that killed processes had not sent. */
    left: readonly string[] = [],
  ) {
    for (const line of left) this.#take(line);
    stream.onReady(() => {
      this.#wake();
    });
    if (spill.records > 0) this.#startDraining();
  }

  append(event: CallEvent): void {
    this.#push({ kind: 'call-event', event });
  }

  appendAgentState(change: AgentStateChange): void {
    this.#push({ kind: 'agent-state', change });
  }

  counters(): LedgerCounters {
    return {
      buffered: this.#buffer.length,
      inFile: this.spill.records,
      sent: this.#sent,
      torn: this.spill.torn,
    };
  }

  /** Resolves when everything taken so far is in the stream or on the disk. */
  async flush(): Promise<void> {
    while (this.#buffer.length > 0) await (this.#flushing ?? this.#startFlushing());
  }

  /** Flushes and lets go of stream and file. To be called last: what comes later is logged as lost. */
  async close(): Promise<void> {
    const limit = new Promise<void>((resolve) => {
      setTimeout(resolve, CLOSE_LIMIT_MS).unref();
    });
    await Promise.race([this.flush(), limit]);
    this.#closed = true;
    if (this.#buffer.length > 0)
      this.log.fatal({ records: this.#buffer.length }, 'ledger records lost: disk takes none');
    this.#wake();
    await this.#draining;
    await this.stream.close();
    await this.spill.close();
    this.unsent.close();
  }

  #push(record: LedgerRecord): void {
    if (this.#closed) {
      this.log.error({ record }, 'ledger record after the ledger was closed');
      return;
    }
    this.#take(encodeRecord(record));
  }

  #take(line: string): void {
    this.unsent.add(line);
    this.#buffer.push(line);
    this.#flushing ??= this.#startFlushing();
  }

  #startFlushing(): Promise<void> {
    this.#flushing = this.#flushAll().finally(() => {
      this.#flushing = undefined;
      if (this.#buffer.length > 0 && !this.#closed) void this.#startFlushing();
    });
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    // Everything that this turn of the event loop appends goes in one round trip.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    while (this.#buffer.length > 0 && !this.#closed) {
      const batch = this.#buffer.slice(0, SEND_AT_MOST);
      if (this.#spilling || !(await this.#send(batch))) await this.#keepOnDisk(batch);
      this.#buffer.splice(0, batch.length);
    }
    if (this.#buffer.length === 0) this.unsent.clear();
  }

  async #send(lines: readonly string[]): Promise<boolean> {
    try {
      await this.stream.append(lines);
      this.#sent += lines.length;
      return true;
    } catch (error) {
      if (!this.#spilling)
        this.log.warn({ err: error }, 'ledger stream away, keeping events in a file');
      return false;
    }
  }

  async #keepOnDisk(lines: readonly string[]): Promise<void> {
    this.#spilling = true;
    for (;;) {
      try {
        await this.spill.append(lines);
        this.#startDraining();
        return;
      } catch (error) {
        this.log.error({ err: error, records: lines.length }, 'ledger file takes no events');
        if (this.#closed || (await this.#send(lines))) return;
        await this.#pause();
      }
    }
  }

  #startDraining(): void {
    this.#spilling = true;
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    let drained = 0;
    while (!this.#closed) {
      try {
        const chunk = await this.spill.read();
        if (chunk === undefined) {
          // In one step: an append that runs now starts draining again when it is done.
          this.#spilling = false;
          this.#draining = undefined;
          this.log.info({ records: drained }, 'ledger stream back, file emptied');
          return;
        }
        if (await this.#sendInParts(chunk.lines)) {
          await this.spill.consumed(chunk);
          drained += chunk.lines.length;
        } else await this.#pause();
      } catch (error) {
        this.log.error({ err: error }, 'ledger file cannot be read');
        await this.#pause();
      }
    }
  }

  async #sendInParts(lines: readonly string[]): Promise<boolean> {
    for (let from = 0; from < lines.length; from += SEND_AT_MOST)
      if (!(await this.#send(lines.slice(from, from + SEND_AT_MOST)))) return false;
    return true;
  }

  /** Until the stream says that it is back, at most half a second. */
  #pause(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, TRY_AGAIN_AFTER_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
