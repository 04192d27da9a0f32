import { makeLedgerWriter } from '../adapters/ledger/index.js';
import { publishHealth } from '../adapters/redis/health.js';
import type { Scope } from '../kernel/scope.js';
import type { Foundation } from './foundation.js';

/** The role `jobs`: the ledger's way into the database, and recordings' way from the nodes. */
export function startJobs(server: Scope, base: Foundation): Promise<{ close(): Promise<void> }> {
  const writer = makeLedgerWriter(base.config.redisUrl, base.database, base.clock, base.log);
  writer.start();
  publishHealth(server, base, 'jobs', async () => ({ ledgerWriter: await writer.counters() }));
  return Promise.resolve({
    close: () => writer.stop(),
  });
}
