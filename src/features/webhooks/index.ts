import type { Redis } from 'ioredis';
import { WebhookQueue } from '../../adapters/redis/webhook-queue.js';
import type { Database } from '../../adapters/mysql/database.js';
import { can } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { SecretBox } from '../configuration/index.js';
import { KnexWebhookKeys } from './knex-webhook-keys.js';
import { keyReader } from './signing-keys.js';
import { webhookPages } from './webhook-pages.js';
import { WebhookService } from './webhook-service.js';
import type { SigningKeys } from './webhook.js';

export type { LostWebhook, LostWebhooks, SigningKeys } from './webhook.js';

interface KeyParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  /** Signs before the first renewal. */
  readonly firstKey: string;
}

/** The keys that sign what is sent now. */
export const makeSigningKeys = ({
  database,
  secrets,
  clock,
  firstKey,
  log,
}: KeyParts & { readonly log: Pick<CallLog, 'warn'> }): (() => Promise<SigningKeys>) =>
  keyReader({
    store: new KnexWebhookKeys(database, knexAuditLog),
    ...{ secrets, firstKey, log },
    now: () => clock.now(),
  });

/** Wires the page of what flows send, on Redis and MariaDB. */
export function makeWebhooksFeature({
  database,
  redis,
  ...parts
}: KeyParts & { readonly redis: Redis }): FeatureModule & { readonly service: WebhookService } {
  const webhooks = new WebhookQueue(redis);
  const service = new WebhookService({
    ...parts,
    webhooks,
    keys: new KnexWebhookKeys(database, knexAuditLog),
    audit: knexAuditLog(database),
  });
  return {
    name: 'webhooks',
    service,
    pages: webhookPages(service),
    menu: [
      {
        group: 'routing',
        label: 'webhooks.title',
        icon: 'webhook',
        href: '/setup/webhooks',
        access: 'trunks.edit',
        order: 52,
        count: async (actor) => (can(actor, 'trunks.edit') ? await webhooks.lostCount() : 0),
      },
    ],
  };
}
