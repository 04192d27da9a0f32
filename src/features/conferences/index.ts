import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { conferencePages } from './conference-pages.js';
import { ConferenceService } from './conference-service.js';
import { KnexConferenceStore } from './knex-conference-store.js';

/** Rooms in which everybody hears everybody. */
export interface ConferencesFeature extends FeatureModule {
  readonly service: ConferenceService;
}

/** Wires them on MariaDB. */
export function makeConferencesFeature(parts: ConfigurationParts): ConferencesFeature {
  const store = new KnexConferenceStore(parts.database, knexAuditLog);
  const service = new ConferenceService(store, parts.announcer, parts.secrets);
  const usage = new KnexUsageReports(parts.database);
  return {
    name: 'conferences',
    service,
    pages: conferencePages(service, usage, parts.country),
    menu: [
      {
        group: 'phones',
        label: 'conferences.title',
        icon: 'users-group',
        href: '/setup/conferences',
        access: 'extensions.edit',
        order: 20,
      },
    ],
  };
}
