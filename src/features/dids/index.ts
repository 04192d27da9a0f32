import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  type ConfigurationParts,
} from '../configuration/index.js';
import { didPages } from './did-pages.js';
import { DidService } from './did-service.js';
import { KnexDidStore } from './knex-did-store.js';

export { didSchema, type DidDraft, type StoredDid } from './did.js';
export { DidService } from './did-service.js';

/** The numbers of this place. */
export interface DidsFeature extends FeatureModule {
  readonly service: DidService;
}

/** Wires DIDs on MariaDB. */
export function makeDidsFeature(parts: ConfigurationParts): DidsFeature {
  const targets = new KnexTargetStore(parts.database);
  const store = new KnexDidStore(parts.database, knexAuditLog);
  const service = new DidService(store, parts.announcer, targets);
  return {
    name: 'dids',
    service,
    pages: didPages(
      { service, targets, usage: new KnexUsageReports(parts.database) },
      parts.country,
    ),
    menu: [
      {
        group: 'lines',
        label: 'dids.title',
        icon: 'hash',
        href: '/setup/dids',
        access: 'dids.edit',
        order: 20,
      },
    ],
  };
}
