import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  type ConfigurationParts,
} from '../configuration/index.js';
import { KnexRingGroupStore } from './knex-ring-group-store.js';
import { ringGroupPages } from './ring-group-pages.js';
import { RingGroupService } from './ring-group-service.js';

export { readMembersOf } from './knex-ring-group-store.js';
export type { RingGroupValues } from './ring-group.js';
export { RingGroupService } from './ring-group-service.js';

/** Phones that ring for one number. */
export interface RingGroupsFeature extends FeatureModule {
  readonly service: RingGroupService;
}

/** Wires ring groups on MariaDB. */
export function makeRingGroupsFeature(parts: ConfigurationParts): RingGroupsFeature {
  const { database, announcer, country } = parts;
  const store = new KnexRingGroupStore(database, knexAuditLog);
  const targets = new KnexTargetStore(database);
  const service = new RingGroupService(store, announcer, targets, country);
  const usage = new KnexUsageReports(database);
  return {
    name: 'ring-groups',
    service,
    pages: ringGroupPages({ service, store, targets, usage, country }),
    menu: [
      {
        group: 'phones',
        label: 'ring-groups.title',
        icon: 'bell-ringing',
        href: '/setup/ring-groups',
        access: 'extensions.edit',
        order: 15,
      },
    ],
  };
}
