import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Desk, LiveView } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { callbackPages } from './callback-pages.js';
import { CallbacksService } from './callbacks-service.js';
import { callbacksTopic } from './callbacks-topic.js';
import { KnexCallbackReports } from './knex-callback-reports.js';

export { KnexCallbackStore } from './knex-callback-store.js';

export interface CallbacksParts {
  readonly database: Database;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly clock: Clock;
  /** ISO 3166 country of the site: how national numbers are read in searches. */
  readonly country: string;
}

/** Wires the list of callbacks; its number in the menu is of those overdue. */
export function makeCallbacksFeature(parts: CallbacksParts): FeatureModule {
  const { database, clock, live, desk, country } = parts;
  const reports = new KnexCallbackReports(database, country);
  const service = new CallbacksService(reports, desk, knexAuditLog(database), clock);
  return {
    name: 'callbacks',
    pages: callbackPages({ service, live, clock }),
    menu: [
      {
        group: 'work',
        label: 'callbacks.title',
        icon: 'phone-calling',
        href: '/callbacks',
        access: 'callbacks.read',
        order: 20,
        count: (actor) => service.countOverdue(actor),
      },
    ],
    liveTopics: [callbacksTopic],
  };
}
