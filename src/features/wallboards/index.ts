import type { Database } from '../../adapters/mysql/database.js';
import type { Logger } from '../../adapters/log/logger.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import type { WallboardId } from '../../kernel/ids.js';
import {
  PageRoutes,
  type FeatureModule,
  type LiveTopic,
  type LiveTopicFamily,
} from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { LiveLookup, type BoardSources } from '../live-queues/index.js';
import { KnexWallboardLinks } from './knex-wallboard-links.js';
import { KnexWallboardStore } from './knex-wallboard-store.js';
import { wallKeyOf } from './wall-address.js';
import { addWallPages } from './wall-page.js';
import { WallLevels, wallValues } from './wall-values.js';
import { wallboardPages, WALLBOARDS_PATH } from './wallboard-pages.js';
import { WallboardService, wallTopic } from './wallboard-service.js';
import type { StoredWallboard } from './wallboard.js';

/** While a board is shown, its settings are read again after so long. */
const BOARD_FRESH_MS = 3_000;

export interface WallboardsParts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secretKey: Buffer;
  readonly publicUrl: string | undefined;
  /** Version of the program. */
  readonly release: string;
  /** What live pages know of the day. */
  readonly day: {
    readonly sources: BoardSources;
    onChange(listener: () => void): () => void;
  };
}

/** Wires wallboards on MariaDB. */
export function makeWallboardsFeature(parts: WallboardsParts): FeatureModule {
  const { database, clock } = parts;
  const store = new KnexWallboardStore(database, knexAuditLog);
  const links = new KnexWallboardLinks(database, knexAuditLog);
  const service = new WallboardService(
    store,
    links,
    parts.announcer,
    clock,
    wallKeyOf(parts.secretKey),
  );
  const pages = wallboardPages(
    { service, store, publicUrl: parts.publicUrl, now: () => clock.now() },
    new PageRoutes(),
  );
  addWallPages(pages, service);
  return {
    name: 'wallboards',
    pages,
    menu: [
      {
        group: 'live',
        label: 'wallboards.title',
        icon: 'device-tv',
        href: WALLBOARDS_PATH,
        access: 'wallboards.edit',
        order: 70,
      },
    ],
    liveFamilies: [wallTopics(parts, store)],
    liveGuests: { admit: (token) => service.admit(token) },
  };
}

/** `wall:3`: everything that board 3 shows. */
function wallTopics(
  { clock, day, logger, release }: WallboardsParts,
  store: KnexWallboardStore,
): LiveTopicFamily {
  const levels = new WallLevels();
  const boards = new LiveLookup<WallboardId, StoredWallboard>(
    async (ids) => new Map((await store.some(ids)).map((board) => [board.id, board])),
    (error) => {
      logger.warn({ err: error }, 'wallboards could not be read');
    },
  );
  const topic = (id: WallboardId): LiveTopic => ({
    name: wallTopic(id),
    access: 'wallboards.edit',
    sharedBy: () => 'all',
    values: (snapshot, viewer) => {
      const board = boards.get(id, Math.floor(clock.now() / BOARD_FRESH_MS));
      if (board === undefined) return {};
      return wallValues(board, snapshot, {
        ...{ sources: day.sources, levels, release },
        // What a board shows is the board's setting, whoever stands before it.
        viewer: { ...viewer, t: viewer.t, masksNumbers: !board.showsNumbers },
      });
    },
  });
  return {
    prefix: 'wall:',
    topic: (rest) => (/^[1-9]\d{0,9}$/.test(rest) ? topic(Number(rest) as WallboardId) : undefined),
    onChange: (listener) => {
      const ends = [boards.onChange(listener), day.onChange(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
