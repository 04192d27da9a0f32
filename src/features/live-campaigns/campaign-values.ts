import type { CampaignId } from '../../kernel/ids.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type { LiveCampaign } from '../../telephony/live-campaigns.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  NO_VALUE,
  type LiveTopic,
  type LiveTopicFamily,
  type LiveValue,
  type LiveValues,
  type LiveViewer,
} from '../../web/kit/index.js';

type Viewer = Pick<LiveViewer, 't' | 'language'>;

export const CAMPAIGNS_TOPIC = 'live-campaigns';
const PREFIX = 'campaign:';
export const campaignTopicName = (id: CampaignId): string => `${PREFIX}${String(id)}`;
export const campaignPath = (id: CampaignId): string => `/live/campaigns/${String(id)}`;

/** Width of the gauge's scale; the limit stands in its middle. */
const GAUGE = 200;

/** Campaigns that run; the one that goes first in front. */
export function campaignListValues(snapshot: LiveSnapshot | undefined, viewer: Viewer): LiveValues {
  const campaigns = snapshot?.campaigns ?? [];
  const values: Record<string, LiveValue> = {
    campaigns: campaigns.map(({ id }) => id).join(' '),
    'campaigns.none': campaigns.length === 0,
    'campaigns.some': campaigns.length > 0,
  };
  for (const one of campaigns) Object.assign(values, rowValues(one, viewer));
  return values;
}

function rowValues(campaign: LiveCampaign, viewer: Viewer): Record<string, LiveValue> {
  const { t } = viewer;
  const { id, name, mode, agents, lines, priority } = campaign;
  const key = campaignTopicName(id);
  return {
    [`${key}.name`]: name,
    [`${key}.href`]: campaignPath(id),
    [`${key}.mode`]: t(`live-campaigns.mode.${mode}`),
    [`${key}.priority`]: priority,
    [`${key}.free`]: mode === 'notification' ? NO_VALUE : agents.idle,
    [`${key}.of`]: mode === 'notification' ? '' : t('home.of', { count: agentsOf(campaign) }),
    [`${key}.ringing`]: lines.dialling + lines.ringing,
    [`${key}.waiting`]: lines.waiting + lines.detecting,
    [`${key}.talking`]: lines.talking + lines.flow,
    ...abandonedValues(key, campaign, viewer),
    ...holdValues(key, campaign, viewer),
  };
}

const agentsOf = ({ agents }: LiveCampaign): number => agents.idle + agents.talking + agents.wrapUp;

/** Share of those who answered and found nobody, and how that stands to the limit. */
function abandonedValues(
  key: string,
  { mode, abandonment }: LiveCampaign,
  { t, language }: Viewer,
): Record<string, LiveValue> {
  const { answered, abandoned, limit, windowMs } = abandonment;
  if (mode === 'notification') return { [`${key}.share`]: NO_VALUE, [`${key}.shareTone`]: '' };
  const share = answered === 0 ? 0 : abandoned / answered;
  const isOver = share > limit;
  return {
    [`${key}.share`]: formatPercent(share, language),
    [`${key}.shareTone`]: isOver ? 'bad' : '',
    [`${key}.isOver`]: isOver,
    [`${key}.limit`]: t('live-campaigns.limit', { limit: formatPercent(limit, language) }),
    [`${key}.gauge`]: limit === 0 ? 0 : Math.round(Math.min(1, share / (2 * limit)) * GAUGE),
    [`${key}.counted`]: t('live-campaigns.counted', {
      abandoned: formatNumber(abandoned, language),
      answered: formatNumber(answered, language),
      days: formatNumber(Math.round(windowMs / 86_400_000), language),
    }),
  };
}

/** What it does now: starts calls, or why it does not. */
function holdValues(
  key: string,
  { hold, planned, behind, refusing }: LiveCampaign,
  { t }: Viewer,
): Record<string, LiveValue> {
  const isBad = hold !== undefined && ALARMS.has(hold.why);
  return {
    [`${key}.why`]:
      hold === undefined
        ? t('live-campaigns.starts', { count: planned })
        : t(`live-campaigns.hold.${hold.why}`),
    [`${key}.whyTone`]: isBad ? 'alarm' : hold === undefined ? 'available' : 'notready',
    [`${key}.whyIcon`]: isBad
      ? 'alert-triangle'
      : hold === undefined
        ? 'phone-outgoing'
        : 'player-pause',
    [`${key}.since`]: hold?.since ?? null,
    [`${key}.behind`]: behind === undefined ? null : t('live-campaigns.behind', { count: behind }),
    [`${key}.refusing`]:
      refusing === undefined ? null : t('live-campaigns.refusing', { trunks: refusing.join(', ') }),
  };
}

/** Reasons that somebody has to look at. */
const ALARMS: ReadonlySet<string> = new Set([
  ...['database-away', 'pbx-away', 'no-trunk', 'trunks-refuse'],
]);

/** Everything of one campaign. */
export function campaignValues(
  id: CampaignId,
  snapshot: LiveSnapshot | undefined,
  viewer: Viewer,
): LiveValues {
  const campaign = snapshot?.campaigns?.find((one) => one.id === id);
  if (campaign === undefined) return { isRunning: false, isStill: true };
  const { t, language } = viewer;
  const { lines, agents, mode, pacing, answerRate, callers, maxLines, holds } = campaign;
  const inUse = Object.values(lines).reduce((sum, count) => sum + count, 0);
  const key = campaignTopicName(id);
  const values: Record<string, LiveValue> = {
    isRunning: true,
    isStill: false,
    hasAgents: mode !== 'notification',
    ...rowValues(campaign, viewer),
    [`${key}.agentsNote`]: t('live-campaigns.agents-note', {
      talking: agents.talking,
      wrapUp: agents.wrapUp,
    }),
    [`${key}.lines`]: inUse,
    [`${key}.linesOf`]: t('home.of', { count: maxLines }),
    [`${key}.ringingNote`]: t('live-campaigns.ringing-note', { dialling: lines.dialling }),
    [`${key}.waitingNote`]: t('live-campaigns.waiting-note', { detecting: lines.detecting }),
    [`${key}.talkingNote`]: t('live-campaigns.talking-note', { message: lines.message }),
    [`${key}.answerRate`]: formatPercent(answerRate, language),
    [`${key}.pacing`]: t(`live-campaigns.pacing.${mode === 'notification' ? 'lines' : pacing}`),
    [`${key}.callers`]: callers,
    ...forecastValues(key, campaign, viewer),
    holds: [...holds]
      .sort((a, b) => b.ms - a.ms)
      .map(({ why }) => why)
      .join(' '),
    'holds.none': holds.length === 0,
    'holds.some': holds.length > 0,
  };
  for (const { why, ms } of holds) {
    values[`hold:${why}.why`] = t(`live-campaigns.hold.${why}`);
    values[`hold:${why}.time`] = formatDuration(ms);
  }
  return values;
}

/** What pacing expects, and the risk of one more call beside the risk that is accepted. */
function forecastValues(
  key: string,
  { mode, pacing, utilisation, forecast, planned }: LiveCampaign,
  { t, language }: Viewer,
): Record<string, LiveValue> {
  const values: Record<string, LiveValue> = {
    [`${key}.planned`]: planned,
    [`${key}.utilisation`]:
      mode === 'notification' || utilisation === undefined
        ? NO_VALUE
        : formatPercent(utilisation, language),
    hasForecast: forecast !== undefined,
    isGuarded: mode === 'predictive' && pacing === 'one-to-one',
  };
  if (forecast === undefined) return values;
  const { aheadMs, free, answers, risk, accepted } = forecast;
  const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  values[`${key}.ahead`] = t('live-campaigns.ahead', {
    seconds: formatNumber(Math.round(aheadMs / 1_000), language),
    free: oneDigit.format(free),
    answers: oneDigit.format(answers),
  });
  values[`${key}.risk`] = formatPercent(risk, language);
  values[`${key}.accepted`] = formatPercent(accepted, language);
  return values;
}

/** What pacing goes by at this moment, in words; undefined for a campaign that does not run. */
export function pacingNow(
  snapshot: LiveSnapshot | undefined,
  id: CampaignId,
  viewer: Viewer,
):
  | {
      readonly inputs: readonly { readonly label: string; readonly value: string }[];
      readonly decision: string;
    }
  | undefined {
  const values = campaignValues(id, snapshot, viewer);
  if (values['isRunning'] !== true) return undefined;
  const key = campaignTopicName(id);
  const input = (label: string, name: string) => ({
    label: viewer.t(`live-campaigns.${label}`),
    value: String(values[`${key}.${name}`] ?? NO_VALUE),
  });
  return {
    inputs: [
      input('column.free', 'free'),
      input('column.ringing', 'ringing'),
      input('column.waiting', 'waiting'),
      input('column.talking', 'talking'),
      input('answer-rate', 'answerRate'),
      input('column.abandoned', 'share'),
      input('callers', 'callers'),
      input('utilisation', 'utilisation'),
      ...(values['hasForecast'] === true
        ? [input('expected', 'ahead'), input('risk', 'risk'), input('accepted', 'accepted')]
        : []),
    ],
    decision: String(values[`${key}.why`] ?? ''),
  };
}

/** What the pages follow. */
export function campaignTopics(): {
  readonly topics: readonly LiveTopic[];
  readonly family: LiveTopicFamily;
} {
  const topic = (
    name: string,
    values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => LiveValues,
  ): LiveTopic => ({ name, access: 'live.read', sharedBy: () => 'all', values });
  return {
    topics: [topic(CAMPAIGNS_TOPIC, campaignListValues)],
    family: {
      prefix: PREFIX,
      topic: (rest) => {
        const id = Number(rest) as CampaignId;
        if (!Number.isSafeInteger(id) || id <= 0) return undefined;
        return topic(campaignTopicName(id), (snapshot, viewer) =>
          campaignValues(id, snapshot, viewer),
        );
      },
    },
  };
}
