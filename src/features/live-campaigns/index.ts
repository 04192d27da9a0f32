import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { LiveView } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { campaignTopics } from './campaign-values.js';
import { nameOfCampaign } from './knex-campaign-names.js';
import { addLiveCampaignPages } from './live-campaign-pages.js';

export { pacingNow } from './campaign-values.js';

interface LiveCampaignsParts {
  readonly database: Database;
  readonly live: Pick<LiveView, 'current'>;
  readonly clock: Clock;
}

/** Campaigns as they are now. */
export function makeLiveCampaignsFeature({
  database,
  live,
  clock,
}: LiveCampaignsParts): FeatureModule {
  const { topics, family } = campaignTopics();
  return {
    name: 'live-campaigns',
    pages: addLiveCampaignPages(new PageRoutes(), {
      ...{ live, clock },
      nameOf: (id) => nameOfCampaign(database, id),
    }),
    liveTopics: topics,
    liveFamilies: [family],
    menu: [
      {
        group: 'live',
        label: 'live-campaigns.title',
        icon: 'phone-outgoing',
        href: '/live/campaigns',
        access: 'live.read',
        order: 40,
      },
    ],
  };
}
