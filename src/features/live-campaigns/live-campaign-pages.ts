import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import type { LiveCampaign } from '../../telephony/live-campaigns.js';
import { formatWhen, idsIn, urlWith, type PageRoutes } from '../../web/kit/index.js';
import {
  campaignListValues,
  CAMPAIGNS_TOPIC,
  campaignTopicName,
  campaignValues,
} from './campaign-values.js';

const PATH = '/live/campaigns';
const READ = 'live.read';

export interface LiveCampaignPageParts {
  readonly live: Pick<LiveView, 'current'>;
  readonly clock: Clock;
  /** The name of a campaign, running or not; undefined where there is none. */
  readonly nameOf: (id: CampaignId) => Promise<string | undefined>;
}

/** The what-if page with the agents and the answer rate of this moment. */
function whatIfOf(campaign: LiveCampaign | undefined): string {
  const { agents, answerRate = 0, abandonment } = campaign ?? {};
  const present = agents === undefined ? 0 : agents.idle + agents.talking + agents.wrapUp;
  return urlWith('/planning/what-if', {
    agents: present > 0 ? present : undefined,
    rate: answerRate >= 0.01 ? (100 * answerRate).toFixed(1) : undefined,
    limit: abandonment === undefined ? undefined : percentOf(abandonment.limit),
  });
}
const percentOf = (share: number): string => String(Number((100 * share).toFixed(2)));

/** The campaigns that run, and one of them. */
export function addLiveCampaignPages(pages: PageRoutes, parts: LiveCampaignPageParts): PageRoutes {
  pages.get(PATH, READ, (page) => {
    const values = campaignListValues(parts.live.current, page);
    page.render('live-campaigns/list', {
      title: page.t('live-campaigns.title'),
      styles: ['live'],
      topic: CAMPAIGNS_TOPIC,
      values,
      madeAt: formatWhen(parts.clock.now(), 'seconds', page),
      campaignIds: idsIn(values['campaigns']),
    });
  });
  pages.get(`${PATH}/:id`, READ, async (page) => {
    const id = page.id<CampaignId>();
    const name = await parts.nameOf(id);
    if (name === undefined) throw new AppError('not-found', `no campaign ${String(id)}`);
    const values = campaignValues(id, parts.live.current, page);
    page.render('live-campaigns/campaign', {
      title: name,
      crumbs: [{ label: page.t('live-campaigns.title'), href: PATH }],
      styles: ['live'],
      topic: campaignTopicName(id),
      key: campaignTopicName(id),
      values,
      madeAt: formatWhen(parts.clock.now(), 'seconds', page),
      holdIds: idsIn(values['holds']),
      campaignId: id,
      whatIfHref: whatIfOf(parts.live.current?.campaigns?.find((one) => one.id === id)),
    });
  });
  return pages;
}
