import { FlowHttpClient } from '../adapters/http/flow-http-client.js';
import { LookupRunner } from '../adapters/mysql/lookup-runner.js';
import { RedisPinGuard } from '../adapters/redis/pin-guard.js';
import { WebhookQueue } from '../adapters/redis/webhook-queue.js';
import { findContact } from '../features/contacts/index.js';
import type { LookupId } from '../kernel/ids.js';
import type { CallerHistory } from '../telephony/caller-history.js';
import { withinLimit } from '../telephony/caller-history.js';
import { findCustomer } from '../telephony/calls/customer-finder.js';
import type { SelfService } from '../telephony/self-service.js';
import type { Foundation } from './foundation.js';

/** A caller waits at most so long until a webhook is kept. */
const KEEP_LIMIT_MS = 1_000;

/** What flows ask, on HTTP, MariaDB and Redis. */
export function makeSelfService(
  base: Foundation,
  history: CallerHistory,
): SelfService & { close(): void } {
  const { config, clock, log, redis, directory } = base;
  const http = new FlowHttpClient(config.flowAddresses);
  const lookups = new LookupRunner();
  const pins = new RedisPinGuard(redis, log);
  const webhooks = new WebhookQueue(redis);
  const sources = {
    ...{ clock, log, directory, history },
    contactOf: (number: string) => findContact(base.database, number),
    ...{ zone: config.timezone, country: config.country },
  };
  return {
    fetch: (request, signal) => http.fetch(request, signal),
    lookUp: (lookUp, signal) => {
      const connection = directory.current.lookups.get(lookUp.connection as LookupId);
      return connection === undefined
        ? Promise.resolve({ kind: 'look-up-failed', reason: 'unknown-connection' })
        : lookups.run(connection, lookUp, signal);
    },
    findCustomer: (number, call) => findCustomer(sources, number, call),
    checkPin: (pin) => pins.check(pin),
    sendWebhook: async (webhook) => {
      const { callId, id } = webhook;
      try {
        const kept = await withinLimit(clock, KEEP_LIMIT_MS, webhooks.add(webhook));
        if (kept === 'late') log.warn({ callId, id }, 'a webhook is kept late');
      } catch (error) {
        log.error({ callId, id, err: error }, 'a webhook could not be kept');
      }
    },
    close: () => {
      lookups.close();
    },
  };
}
