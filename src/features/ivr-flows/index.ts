import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { flowPages } from './flow-pages.js';
import { KnexFlowReports } from './flow-reports.js';
import { FlowService } from './flow-service.js';
import { FlowTestService } from './flow-tests/flow-test-service.js';
import { KnexFlowFigures } from './knex-flow-figures.js';
import { KnexFlowTestStore } from './knex-flow-test-store.js';
import { KnexFlowStore } from './knex-flow-store.js';

export { FlowService } from './flow-service.js';
export type { StoredFlow } from './flow.js';

/** What callers hear and choose before they reach a person. */
export interface IvrFlowsFeature extends FeatureModule {
  readonly service: FlowService;
}

/** Wires IVR flows on MariaDB. */
export function makeIvrFlowsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer'> & {
    readonly clock: Clock;
    /** The site's IANA zone. */
    readonly zone: string;
  },
): IvrFlowsFeature {
  const { database, announcer, clock, zone } = parts;
  const reports = new KnexFlowReports(database);
  const store = new KnexFlowStore(database, knexAuditLog);
  const service = new FlowService(store, reports, announcer, zone);
  const tests = new FlowTestService(new KnexFlowTestStore(database), reports, zone);
  return {
    name: 'ivr-flows',
    service,
    pages: flowPages({ service, tests, figures: new KnexFlowFigures(database), clock }),
    menu: [
      {
        group: 'routing',
        label: 'flow.title',
        icon: 'sitemap',
        href: '/setup/ivr',
        access: 'flows.edit',
        order: 10,
      },
    ],
  };
}
