import type { Database } from '../../adapters/mysql/database.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { readFields } from '../contacts/index.js';
import { KnexSegmentStore } from './knex-segment-store.js';
import { segmentPages } from './segment-pages.js';
import { SegmentService } from './segment-service.js';

export { segmentIds } from './knex-segment-where.js';
export { segmentFilterSchema } from './segment-filter.js';

/** Wires saved filters on MariaDB. */
export const makeSegmentsFeature = (database: Database, zone: string): FeatureModule => ({
  name: 'segments',
  pages: segmentPages({
    service: new SegmentService(new KnexSegmentStore(database, knexAuditLog, zone)),
    fields: () => readFields(database),
  }),
  menu: [
    {
      group: 'outbound',
      label: 'segments.title',
      icon: 'filter',
      href: '/segments',
      access: 'lists.edit',
      order: 25,
    },
  ],
});
