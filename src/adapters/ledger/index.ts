import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../log/logger.js';
import type { Database } from '../mysql/database.js';
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
  const spill = await SpillFile.open(join(varDir, 'ledger'));
  const stream = openLedgerStreamWriter(redisUrl, (error) => {
    log.debug({ err: error }, 'ledger stream connection');
  });
  await stream.reachable();
  return new DurableLedger(stream, spill, log);
}

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
