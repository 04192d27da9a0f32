import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { dispositionPages } from './disposition-pages.js';
import { DispositionService } from './disposition-service.js';
import { KnexDispositionStore } from './knex-disposition-store.js';

export { offeredCodes, outlineOf, pathOf, pathText } from './disposition-tree.js';
export { DispositionService } from './disposition-service.js';

/** Codes for what became of calls. */
export interface DispositionsFeature extends FeatureModule {
  readonly service: DispositionService;
}

/** Wires dispositions on MariaDB. */
export function makeDispositionsFeature(parts: ConfigurationParts): DispositionsFeature {
  const store = new KnexDispositionStore(parts.database, knexAuditLog);
  const service = new DispositionService(store, parts.announcer);
  return {
    name: 'dispositions',
    service,
    pages: dispositionPages(service),
    menu: [
      {
        group: 'people',
        label: 'dispositions.title',
        icon: 'list-check',
        href: '/setup/dispositions',
        access: 'reasons.edit',
        order: 40,
      },
    ],
  };
}
