import { importFolder } from '../../adapters/files/import-folder.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { ownExtension } from '../call-handling/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { addSpeedDialImportPages } from './import-pages.js';
import { KnexOwnSpeedDialStore, KnexSpeedDialStore } from './knex-speed-dial-store.js';
import { ownSpeedDialPages } from './own-pages.js';
import { speedDialPages } from './speed-dial-pages.js';
import { OwnSpeedDialService, SpeedDialService } from './speed-dial-service.js';

/** What speed dials are wired with beside what all set-up features need. */
export interface SpeedDialDependencies extends ConfigurationParts {
  readonly directory: Pick<Directory, 'current'>;
  readonly desk: Desk;
  /** A private folder for checked import files. */
  readonly importFolder: string;
}

/** Short codes that stand for numbers. */
export interface SpeedDialFeature extends FeatureModule {
  readonly service: SpeedDialService;
}

/** Wires them on MariaDB. */
export function makeSpeedDialFeature(parts: SpeedDialDependencies): SpeedDialFeature {
  const { database, announcer, country, directory, desk, live } = parts;
  const service = new SpeedDialService(new KnexSpeedDialStore(database, knexAuditLog), announcer);
  const own = new OwnSpeedDialService({
    store: new KnexOwnSpeedDialStore(database),
    ...{ announcer, desk },
    phoneOf: (actor) => ownExtension(actor, directory, live),
  });
  const pages = ownSpeedDialPages({ service: own, directory, country });
  addSpeedDialImportPages(pages, { service, shelf: importFolder(parts.importFolder), country });
  const dialled = (): string => directory.current.featureCodes['speed-dial'].code;
  return {
    name: 'speed-dials',
    service,
    pages: speedDialPages(service, country, dialled, pages),
    menu: [
      {
        group: 'phones',
        label: 'speed-dials.title',
        icon: 'book',
        href: '/setup/speed-dials',
        access: 'extensions.edit',
        order: 40,
      },
    ],
  };
}
