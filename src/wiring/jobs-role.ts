import { makeLedgerWriter } from '../adapters/ledger/index.js';
import { publishHealth } from '../adapters/redis/health.js';
import { keepResults, KnexPastResults } from '../features/past-results/index.js';
import { makeRecordingCollector } from '../features/recordings/index.js';
import type { Scope } from '../kernel/scope.js';
import type { Foundation } from './foundation.js';

/** The role `jobs`: the ledger's way into the database, recordings' way from the nodes, and agents' past results. */
export function startJobs(server: Scope, base: Foundation): { close(): Promise<void> } {
  const { config, database, clock, log } = base;
  const writer = makeLedgerWriter(config.redisUrl, database, clock, log);
  const collector = makeRecordingCollector(config, database, clock, log);
  writer.onWritten(() => {
    collector.wake();
  });
  writer.start();
  const { announcer } = base;
  keepResults(server, { clock, log, announcer, store: new KnexPastResults(database) });
  collector.start();
  publishHealth(server, base, 'jobs', async () => ({
    ledgerWriter: await writer.counters(),
    recordings: collector.counters(),
  }));
  return {
    close: async () => {
      await collector.stop();
      await writer.stop();
    },
  };
}
