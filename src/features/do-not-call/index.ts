import type { Database } from '../../adapters/mysql/database.js';
import type { Directory } from '../../telephony/directory.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { doNotCallApi } from './do-not-call-api.js';
import { doNotCallPages } from './do-not-call-pages.js';
import { DoNotCallService } from './do-not-call-service.js';
import { KnexDoNotCallStore } from './knex-do-not-call-store.js';

export type { DoNotCallService } from './do-not-call-service.js';

/** The service without the pages, on MariaDB. */
export const openDoNotCall = ({
  database,
  directory,
  country,
}: {
  readonly database: Database;
  readonly directory: Pick<Directory, 'current'>;
  readonly country: string;
}): DoNotCallService =>
  new DoNotCallService(
    new KnexDoNotCallStore(database, knexAuditLog),
    country,
    () => directory.current.numberPrivacy.isMasked,
  );

/** Wires the pages of numbers that nobody calls. */
export const makeDoNotCallFeature = (
  service: DoNotCallService,
  country: string,
): FeatureModule => ({
  name: 'do-not-call',
  pages: doNotCallPages(service),
  api: doNotCallApi(service, country),
  menu: [
    {
      group: 'outbound',
      label: 'do-not-call.title',
      icon: 'ban',
      href: '/do-not-call',
      access: 'lists.edit',
      order: 30,
    },
  ],
});
