import { LookupRunner } from '../../adapters/mysql/lookup-runner.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { KnexLookupStore } from './knex-lookup-store.js';
import { lookupPages } from './lookup-pages.js';
import { LookupService, type LookupTester } from './lookup-service.js';

/** Databases that flows read from. */
export interface LookupsFeature extends FeatureModule {
  readonly service: LookupService;
}

/** Somebody who tries a connection leaves none open. */
const tester: LookupTester = {
  run: async (...asked) => {
    const runner = new LookupRunner();
    try {
      return await runner.run(...asked);
    } finally {
      runner.close();
    }
  },
};

/** Wires them on MariaDB. */
export function makeLookupsFeature(parts: ConfigurationParts): LookupsFeature {
  const store = new KnexLookupStore(parts.database, knexAuditLog);
  const service = new LookupService(store, parts.announcer, parts.secrets, tester);
  const usage = new KnexUsageReports(parts.database);
  return {
    name: 'lookups',
    service,
    pages: lookupPages({ service, usage }),
    menu: [
      {
        group: 'routing',
        label: 'lookups.title',
        icon: 'database-search',
        href: '/setup/lookups',
        access: 'trunks.edit',
        order: 50,
      },
    ],
  };
}
