import type { Clock } from '../../kernel/clock.js';
import type { Desk } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  type ConfigurationParts,
} from '../configuration/index.js';
import { KnexQueueStore } from './knex-queue-store.js';
import { addPreviewPage } from './preview-page.js';
import { queuePages } from './queue-pages.js';
import { QueueService } from './queue-service.js';

export { queueSchema } from './queue-form.js';
export { NEW_QUEUE, type QueueDraft, type QueueSkill, type StoredQueue } from './queue.js';
export { QueueService } from './queue-service.js';

/** Lines of callers and the agents who answer them. */
export interface QueuesFeature extends FeatureModule {
  readonly service: QueueService;
}

/** What queues are wired with beside what all set-up features need. */
export interface QueuesParts extends ConfigurationParts {
  readonly desk: Desk;
  readonly clock: Clock;
}

/** The service without the pages, on MariaDB. */
export const openQueues = ({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>): QueueService =>
  new QueueService(
    new KnexQueueStore(database, knexAuditLog),
    announcer,
    new KnexTargetStore(database),
  );

/** Wires queues on MariaDB. */
export function makeQueuesFeature(parts: QueuesParts): QueuesFeature {
  const { database, live, desk, clock } = parts;
  const targets = new KnexTargetStore(database);
  const store = new KnexQueueStore(database, knexAuditLog);
  const service = openQueues(parts);
  const usage = new KnexUsageReports(database);
  const pages = new PageRoutes();
  addPreviewPage(pages, { store, live, desk, clock });
  return {
    name: 'queues',
    service,
    pages: queuePages({ service, store, targets, usage, live, country: parts.country }, pages),
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
