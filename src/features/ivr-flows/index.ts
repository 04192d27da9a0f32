import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { flowPages } from './flow-pages.js';
import { KnexFlowReports } from './flow-reports.js';
import { FlowService } from './flow-service.js';
import { KnexFlowStore } from './knex-flow-store.js';

export { FlowService } from './flow-service.js';
export type { StoredFlow } from './flow.js';

/** What callers hear and choose before they reach a person. */
export interface IvrFlowsFeature extends FeatureModule {
  readonly service: FlowService;
}

/** Wires IVR flows on MariaDB. */
export function makeIvrFlowsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer'>,
): IvrFlowsFeature {
  const { database, announcer } = parts;
  const store = new KnexFlowStore(database, knexAuditLog);
  const service = new FlowService(store, new KnexFlowReports(database), announcer);
  return {
    name: 'ivr-flows',
    service,
    pages: flowPages(service),
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
