import type { Knex } from 'knex';
import type { Logger } from '../../adapters/log/logger.js';
import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { KnexAgentStateReports } from './knex-agent-state-reports.js';
import { KnexNotReadyReasonStore } from './knex-not-ready-reason-store.js';
import { notReadyReasonPages } from './not-ready-reason-pages.js';
import { NotReadyReasonService } from './not-ready-reason-service.js';
import { NotReadyToday } from './not-ready-today.js';

export { NotReadyReasonService } from './not-ready-reason-service.js';
export { NotReadyToday } from './not-ready-today.js';
export { choosableReasons, isOverLimit, reasonName, type ReasonParts } from './reason-words.js';

/** Why agents are not ready. */
export interface NotReadyReasonsFeature extends FeatureModule {
  readonly service: NotReadyReasonService;
}

/** Wires not-ready reasons on MariaDB. */
export function makeNotReadyReasonsFeature(parts: ConfigurationParts): NotReadyReasonsFeature {
  const store = new KnexNotReadyReasonStore(parts.database, knexAuditLog);
  const service = new NotReadyReasonService(store, parts.announcer);
  return {
    name: 'not-ready-reasons',
    service,
    pages: notReadyReasonPages(service),
    menu: [
      {
        group: 'people',
        label: 'not-ready-reasons.title',
        icon: 'coffee',
        href: '/setup/not-ready-reasons',
        access: 'reasons.edit',
        order: 30,
      },
    ],
  };
}

/** Agents' time not ready since midnight of the site, for pages that show it live. */
export const makeNotReadyToday = (parts: {
  readonly database: Knex;
  readonly clock: Clock;
  readonly zone: string;
  readonly logger: Logger;
}): NotReadyToday =>
  new NotReadyToday(new KnexAgentStateReports(parts.database), parts.clock, parts.zone, (error) => {
    parts.logger.warn({ err: error }, 'time not ready could not be read');
  });
