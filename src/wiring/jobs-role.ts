import { makeLedgerWriter } from '../adapters/ledger/index.js';
import { sendWebhooks, webhookKeyOf } from '../adapters/http/webhook-sender.js';
import { startTools } from '../adapters/sound/run-tool.js';
import { publishHealth } from '../adapters/redis/health.js';
import { WebhookQueue } from '../adapters/redis/webhook-queue.js';
import { keepResults, KnexPastResults } from '../features/past-results/index.js';
import { makeRecordingCollector } from '../features/recordings/index.js';
import type { Scope } from '../kernel/scope.js';
import type { Foundation } from './foundation.js';

/** The role `jobs`: the ledger's way into the database, recordings' way from the nodes, and agents' past results. */
export function startJobs(server: Scope, base: Foundation): { close(): Promise<void> } {
  const { config, database, clock, log, redis } = base;
  startTools();
  const writer = makeLedgerWriter(config.redisUrl, database, clock, log);
  const collector = makeRecordingCollector(config, database, clock, log);
  writer.onWritten(() => {
    collector.wake();
  });
  writer.start();
  const { announcer } = base;
  keepResults(server, { clock, log, announcer, store: new KnexPastResults(database) });
  collector.start();
  const webhooks = new WebhookQueue(redis);
  sendWebhooks(server, {
    ...{ source: webhooks, clock, log },
    key: webhookKeyOf(config.secretKey),
    allowedAddresses: config.flowAddresses,
  });
  publishHealth(server, base, 'jobs', async () => ({
    ledgerWriter: await writer.counters(),
    recordings: collector.counters(),
    webhooksWaiting: await webhooks.waiting(),
  }));
  return {
    close: async () => {
      await collector.stop();
      await writer.stop();
    },
  };
}
