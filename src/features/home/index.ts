import type { Database } from '../../adapters/mysql/database.js';
import type { Logger } from '../../adapters/log/logger.js';
import type { Clock } from '../../kernel/clock.js';
import type { LiveView } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import type { Directory } from '../../telephony/directory.js';
import type { NotReadyToday } from '../not-ready-reasons/index.js';
import { addCallPages, CALLS_NOW_PATH, callTopics } from './call-pages.js';
import { homePages } from './home-pages.js';
import { KnexTodayReports } from './knex-today-reports.js';
import { overviewTopic } from './overview-topic.js';
import { TodayFigures } from './today-figures.js';

export { LEVEL_GOAL } from './overview-queues.js';
export type { TodayFigures } from './today-figures.js';
export { addCounts, NO_VISITS } from './today.js';
export type { QueueToday, Today, VisitCounts } from './today.js';

/** The live overview, and the figures of today that other live pages show, too. */
export interface HomeFeature extends FeatureModule {
  readonly figures: TodayFigures;
}

/** What the live overview is made of. `timezone` is the site's. */
export interface HomeParts {
  readonly database: Database;
  readonly live: LiveView;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timezone: string;
  readonly directory: Pick<Directory, 'current'>;
  readonly notReadyToday: NotReadyToday;
}

/** The live overview. */
export function makeHomeFeature(parts: HomeParts): HomeFeature {
  const reports = new KnexTodayReports(parts.database, parts.timezone);
  const onError = (error: unknown): void => {
    parts.logger.warn({ err: error }, 'Figures of today could not be read');
  };
  const figures = new TodayFigures(reports, parts.clock, onError, parts.live);
  const reasons = { directory: parts.directory, today: parts.notReadyToday };
  const pages = homePages({ view: parts.live, figures, clock: parts.clock, reasons });
  addCallPages(pages, { view: parts.live, clock: parts.clock, directory: parts.directory });
  return {
    name: 'home',
    figures,
    pages,
    menu: [
      {
        group: 'live',
        label: 'home.menu',
        icon: 'activity-heartbeat',
        href: '/live',
        access: 'live.read',
        order: 10,
      },
      {
        group: 'live',
        label: 'home.calls-now',
        icon: 'phone',
        href: CALLS_NOW_PATH,
        access: 'live.read',
        order: 40,
      },
    ],
    liveTopics: [overviewTopic(figures, reasons)],
    liveFamilies: [callTopics],
  };
}
