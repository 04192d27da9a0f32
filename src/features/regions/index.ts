import { importFolder } from '../../adapters/files/import-folder.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { addRegionImportPages } from './import-pages.js';
import { KnexRegionStore } from './knex-region-store.js';
import { regionPages } from './region-pages.js';
import { RegionService } from './region-service.js';

export { RegionService } from './region-service.js';

/** What regions are wired with beside what all set-up features need. */
export interface RegionsParts extends ConfigurationParts {
  /** A private folder for checked import files. */
  readonly importFolder: string;
}

/** Where numbers belong. */
export interface RegionsFeature extends FeatureModule {
  readonly service: RegionService;
}

/** The service without the pages, on MariaDB. */
export const openRegions = ({
  database,
  announcer,
}: Pick<ConfigurationParts, 'database' | 'announcer'>): RegionService =>
  new RegionService(new KnexRegionStore(database, knexAuditLog), announcer);

/** Wires regions on MariaDB. */
export function makeRegionsFeature(parts: RegionsParts): RegionsFeature {
  const service = openRegions(parts);
  const pages = new PageRoutes();
  addRegionImportPages(pages, { service, shelf: importFolder(parts.importFolder) });
  return {
    name: 'regions',
    service,
    pages: regionPages(service, new KnexUsageReports(parts.database), pages),
    menu: [
      {
        group: 'lines',
        label: 'regions.title',
        icon: 'map-pin',
        href: '/setup/regions',
        access: 'regions.edit',
        order: 60,
      },
    ],
  };
}
