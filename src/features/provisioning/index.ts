import { importFolder } from '../../adapters/files/import-folder.js';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexSettingStore,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import { addDeskPhonePages } from './desk-phone-pages.js';
import { DeskPhoneService } from './desk-phone-service.js';
import { DeviceMaker } from './device-maker.js';
import { addFetchRoutes } from './fetch-pages.js';
import { FetchService } from './fetch-service.js';
import { addDeskPhoneImportPages } from './import-pages.js';
import { KnexDeskPhoneStore } from './knex-desk-phone-store.js';
import { addSettingsPages } from './settings-pages.js';
import { PROVISIONING_SETTING } from './site-settings.js';

/** What provisioning is wired with beside what all set-up features need. */
export interface ProvisioningParts extends Pick<
  ConfigurationParts,
  'database' | 'announcer' | 'secrets'
> {
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  /** Where desk phones register. */
  readonly sip: { readonly host: string; readonly port: number };
  /** Where the pages are: `http://10.0.0.5:8080`. */
  readonly pagesUrl: string;
  /** The site's IANA zone. */
  readonly zone: string;
  /** A private folder for checked import files. */
  readonly importFolder: string;
}

/** Wires desk phones and what they fetch on MariaDB. */
export function makeProvisioningFeature(parts: ProvisioningParts): FeatureModule {
  const { database, announcer, secrets, directory, clock } = parts;
  const store = new KnexDeskPhoneStore(database, knexAuditLog);
  const settings = new KnexSettingStore(database, knexAuditLog, PROVISIONING_SETTING);
  const maker = new DeviceMaker({
    ...{ store, settings, directory, secrets, clock },
    ...{ sip: parts.sip, pages: parts.pagesUrl.replace(/\/+$/, ''), zone: parts.zone },
  });
  const service = new DeskPhoneService({
    ...{ store, announcer, secrets, maker },
    audit: knexAuditLog(database),
  });
  const pages = new PageRoutes();
  addFetchRoutes(pages, new FetchService({ store, maker, directory, clock }));
  const settingsService = new SettingService(settings, announcer, {
    permission: 'extensions.edit',
    announces: 'desk-phones',
  });
  addSettingsPages(pages, settingsService, parts.pagesUrl);
  addDeskPhoneImportPages(pages, { service, store, shelf: importFolder(parts.importFolder) });
  addDeskPhonePages(pages, service, store);
  return {
    name: 'provisioning',
    pages,
    menu: [
      {
        group: 'phones',
        label: 'provisioning.title',
        icon: 'router',
        href: '/setup/provisioning',
        access: 'extensions.edit',
        order: 12,
      },
    ],
  };
}
