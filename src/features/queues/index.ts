import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  type ConfigurationParts,
} from '../configuration/index.js';
import { KnexQueueStore } from './knex-queue-store.js';
import { queuePages } from './queue-pages.js';
import { QueueService } from './queue-service.js';

export { NEW_QUEUE, queueSchema, type QueueDraft, type StoredQueue } from './queue.js';
export { QueueService } from './queue-service.js';

/** Lines of callers and the agents who answer them. */
export interface QueuesFeature extends FeatureModule {
  readonly service: QueueService;
}

/** Wires queues on MariaDB. */
export function makeQueuesFeature(parts: ConfigurationParts): QueuesFeature {
  const targets = new KnexTargetStore(parts.database);
  const store = new KnexQueueStore(parts.database, knexAuditLog);
  const service = new QueueService(store, parts.announcer, targets);
  const usage = new KnexUsageReports(parts.database);
  return {
    name: 'queues',
    service,
    pages: queuePages({ service, store, targets, usage, live: parts.live }),
    menu: [
      {
        group: 'routing',
        label: 'queues.title',
        icon: 'users-group',
        href: '/setup/queues',
        access: 'queues.edit',
        order: 20,
      },
    ],
  };
}
