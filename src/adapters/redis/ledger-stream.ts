import { Redis, type RedisOptions } from 'ioredis';
import type { LedgerStreamReader, LedgerStreamWriter, StreamEntry } from '../ledger/stream.js';

/** Events on their way to the database. */
export const LEDGER_STREAM = 'cb:ledger';
/** Records that the database refused for good, with the reason; kept until a person deletes them. */
export const REJECTED_STREAM = 'cb:ledger:rejected';
const GROUP = 'writer';
/**
 * All readers share one name: entries of a dead reader are found by how long they lie, not by who has them, and no names
 * of dead processes gather in the group.
 */
const CONSUMER = 'writer';
const COMMAND_TIMEOUT_MS = 1_000;
/** How long a start waits for Redis before events go to the file. */
const FIRST_CONNECT_MS = 2_000;
/** A blocking read answers every second; a connection that says nothing for so long is dead. */
const SILENCE_MS = 10_000;
const RECONNECT_AT_MOST_MS = 1_000;

/** Called for each connection error; the connection itself goes on trying. */
export type ConnectionErrorListener = (error: Error) => void;

function open(url: string, options: RedisOptions, onError: ConnectionErrorListener): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), RECONNECT_AT_MOST_MS),
    ...options,
  });
  redis.on('error', onError);
  return redis;
}

/** A connection that says at once when Redis is away, instead of keeping commands for later. */
export function openLedgerStreamWriter(
  url: string,
  onError: ConnectionErrorListener,
): LedgerStreamWriter {
  const redis = open(
    url,
    { enableOfflineQueue: false, commandTimeout: COMMAND_TIMEOUT_MS },
    onError,
  );
  return {
    append: async (records) => {
      const pipeline = redis.pipeline();
      for (const record of records) pipeline.xadd(LEDGER_STREAM, '*', 'r', record);
      const results = await pipeline.exec();
      if (results?.length !== records.length) throw new Error('Redis did not answer every XADD');
      for (const [error] of results) if (error !== null) throw error;
    },
    reachable: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, FIRST_CONNECT_MS);
        redis.once('ready', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    onReady: (listener) => {
      redis.on('ready', listener);
    },
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

const toEntries = (raw: unknown): readonly StreamEntry[] =>
  (raw as [position: string, fields: string[] | null][]).map(([position, fields]) => ({
    position,
    text: fields?.[1] ?? '',
  }));

/** Reads as one of the group of writers. Makes the group where it is absent, also after Redis lost it. */
export class RedisLedgerStreamReader implements LedgerStreamReader {
  readonly #blocking: Redis;
  readonly #commands: Redis;

  constructor(url: string, onError: ConnectionErrorListener) {
    this.#blocking = open(url, { enableOfflineQueue: false, socketTimeout: SILENCE_MS }, onError);
    this.#commands = open(
      url,
      { enableOfflineQueue: false, commandTimeout: 5 * COMMAND_TIMEOUT_MS },
      onError,
    );
  }

  async read(count: number, waitMs: number): Promise<readonly StreamEntry[]> {
    const reply = await this.#withGroup(() =>
      this.#blocking.xreadgroup(
        'GROUP',
        GROUP,
        CONSUMER,
        'COUNT',
        count,
        'BLOCK',
        Math.max(1, waitMs),
        'STREAMS',
        LEDGER_STREAM,
        '>',
      ),
    );
    const streams = reply as [name: string, entries: unknown][] | null;
    return toEntries(streams?.[0]?.[1] ?? []);
  }

  async takeOver(count: number, idleMs: number): Promise<readonly StreamEntry[]> {
    const reply = await this.#withGroup(() =>
      this.#commands.xautoclaim(LEDGER_STREAM, GROUP, CONSUMER, idleMs, '0-0', 'COUNT', count),
    );
    return toEntries((reply as [cursor: string, entries: unknown])[1]);
  }

  async acknowledge(positions: readonly string[]): Promise<void> {
    if (positions.length === 0) return;
    await this.#commands
      .multi()
      .xack(LEDGER_STREAM, GROUP, ...positions)
      .xdel(LEDGER_STREAM, ...positions)
      .exec();
  }

  async reject(entries: readonly StreamEntry[], reason: string): Promise<void> {
    const positions = entries.map((entry) => entry.position);
    const transaction = this.#commands.multi();
    for (const entry of entries)
      transaction.xadd(REJECTED_STREAM, '*', 'r', entry.text, 'reason', reason);
    await transaction
      .xack(LEDGER_STREAM, GROUP, ...positions)
      .xdel(LEDGER_STREAM, ...positions)
      .exec();
  }

  length(): Promise<number> {
    return this.#commands.xlen(LEDGER_STREAM);
  }

  close(): Promise<void> {
    this.#blocking.disconnect();
    this.#commands.disconnect();
    return Promise.resolve();
  }

  async #withGroup<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOGROUP')) throw error;
      await this.#createGroup();
      return command();
    }
  }

  async #createGroup(): Promise<void> {
    try {
      await this.#commands.xgroup('CREATE', LEDGER_STREAM, GROUP, '0', 'MKSTREAM');
    } catch (error) {
      // Another writer was faster.
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }
}
