import { join } from 'node:path';
import type { CallEvent } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../log/logger.js';
import type { Database } from '../mysql/database.js';
import { leftLines, UnsentLines } from '../files/unsent-lines.js';
import { openLedgerStreamWriter, RedisLedgerStreamReader } from '../redis/ledger-stream.js';
import { DurableLedger } from './durable-ledger.js';
import { KnexLedgerStore } from './knex-ledger-store.js';
import { LedgerWriter } from './ledger-writer.js';
import { SpillFile } from './spill-file.js';

export type { DurableLedger, LedgerCounters } from './durable-ledger.js';
export type { LedgerWriter, WriterCounters } from './ledger-writer.js';

/** Opens this process's end of the ledger. It works at once, whether or not Redis can be reached. */
export async function openLedger(
  redisUrl: string,
  varDir: string,
  log: Logger,
): Promise<DurableLedger> {
  const folder = join(varDir, 'ledger');
  const spill = await SpillFile.open(folder);
  const left = leftLines(folder);
  const unsent = UnsentLines.create(folder, (error) => {
    log.error({ err: error }, 'unsent ledger records are in memory only');
  });
  const stream = openLedgerStreamWriter(redisUrl, (error) => {
    log.debug({ err: error }, 'ledger stream connection');
  });
  await stream.reachable();
  const lines = left.flatMap((one) => one.lines);
  const ledger = new DurableLedger(stream, spill, unsent, log, lines);
  for (const one of left) one.remove();
  return ledger;
}

/** Writes events of calls that happened elsewhere straight into the database, all or nothing. */
export const ledgerEventWriter = (
  database: Database,
): ((events: readonly CallEvent[]) => Promise<void>) => {
  const store = new KnexLedgerStore(database);
  return async (events) => {
    await store.write(events.map((event) => ({ kind: 'call-event', event })));
  };
};

/** A writer for the jobs role; `start` it after the schema is up to date. */
export function makeLedgerWriter(
  redisUrl: string,
  database: Database,
  clock: Clock,
  log: Logger,
): LedgerWriter {
  const stream = new RedisLedgerStreamReader(redisUrl, (error) => {
    log.debug({ err: error }, 'ledger stream connection');
  });
  return new LedgerWriter(stream, new KnexLedgerStore(database), clock, log);
}
