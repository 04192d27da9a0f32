import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import { KnexMusicStore } from './knex-music-store.js';
import { musicPages } from './music-pages.js';
import { MusicService } from './music-service.js';

export { MusicService } from './music-service.js';

/** What callers in line hear. */
export interface MusicFeature extends FeatureModule {
  readonly service: MusicService;
}

/** Wires hold music on MariaDB. */
export function makeMusicFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer'>,
): MusicFeature {
  const store = new KnexMusicStore(parts.database, knexAuditLog);
  const service = new MusicService(store, parts.announcer);
  return {
    name: 'music',
    service,
    pages: musicPages({ service, store, usage: new KnexUsageReports(parts.database) }),
    menu: [
      {
        group: 'routing',
        label: 'music.title',
        icon: 'music',
        href: '/setup/music',
        access: 'prompts.edit',
        order: 45,
      },
    ],
  };
}
