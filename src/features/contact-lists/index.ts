import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ContactsFeature } from '../contacts/index.js';
import { contactListPages } from './contact-list-pages.js';
import { ContactListService } from './contact-list-service.js';
import { KnexContactListStore } from './knex-contact-list-store.js';
import { countList, listToCount } from './knex-list-figures.js';
import { keepListsCounted } from './list-counter.js';

export type { ContactListService } from './contact-list-service.js';

/** The service without the pages, on MariaDB. */
export const openContactLists = (database: Database): ContactListService =>
  new ContactListService(new KnexContactListStore(database, knexAuditLog));

/** Wires lists of people on MariaDB. */
export const makeContactListsFeature = (
  service: ContactListService,
  { service: contacts, imports }: Pick<ContactsFeature, 'service' | 'imports'>,
): FeatureModule => ({
  name: 'contact-lists',
  pages: contactListPages({ service, contacts, imports }),
  menu: [
    {
      group: 'outbound',
      label: 'lists.title',
      icon: 'list-details',
      href: '/lists',
      access: 'lists.edit',
      order: 20,
    },
  ],
});

/** Keeps figures of lists, for the role `jobs`. */
export function startListFigures(
  server: Scope,
  {
    database,
    ...parts
  }: {
    readonly database: Database;
    readonly clock: Clock;
    readonly log: Pick<CallLog, 'warn'>;
  },
): void {
  keepListsCounted(server, {
    ...parts,
    next: (now) => listToCount(database, now),
    count: (id, now) => countList(database, id, now),
  });
}
