import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { KnexScriptStore } from './knex-script-store.js';
import { scriptPages } from './script-pages.js';
import { ScriptService } from './script-service.js';

export { readPages } from './stored-script.js';

/** What agents say in calls, page by page. */
export interface ScriptsFeature extends FeatureModule {
  readonly service: ScriptService;
}

/** Wires scripts on MariaDB. */
export function makeScriptsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer'>,
): ScriptsFeature {
  const { database, announcer } = parts;
  const store = new KnexScriptStore(database, knexAuditLog);
  const service = new ScriptService(store, announcer);
  return {
    name: 'scripts',
    service,
    pages: scriptPages({ service, usage: new KnexUsageReports(database) }, new PageRoutes()),
    menu: [
      {
        group: 'people',
        label: 'scripts.title',
        icon: 'message-2',
        href: '/setup/scripts',
        access: 'scripts.edit',
        order: 45,
      },
    ],
  };
}
