import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { KnexPagingGroupStore } from './knex-paging-group-store.js';
import { pagingGroupPages } from './paging-group-pages.js';
import { PagingGroupService } from './paging-group-service.js';

export { readPagedPhones } from './knex-paging-group-store.js';

/** Phones that let whoever dials a number be heard. */
export interface PagingGroupsFeature extends FeatureModule {
  readonly service: PagingGroupService;
}

/** Wires paging groups on MariaDB. */
export function makePagingGroupsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer' | 'country'>,
): PagingGroupsFeature {
  const store = new KnexPagingGroupStore(parts.database, knexAuditLog);
  const service = new PagingGroupService(store, parts.announcer);
  return {
    name: 'paging-groups',
    service,
    pages: pagingGroupPages(service, store, parts.country),
    menu: [
      {
        group: 'phones',
        label: 'paging-groups.title',
        icon: 'speakerphone',
        href: '/setup/paging-groups',
        access: 'extensions.edit',
        order: 30,
      },
    ],
  };
}
