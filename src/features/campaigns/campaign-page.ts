import type { CampaignId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import {
  csvLine,
  csvTime,
  exportPhone,
  formatPercent,
  sendCsv,
  urlWith,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { nameOf, sourceName } from './campaign-description.js';
import { stateView } from './campaign-looks.js';
import { abandonShare, ACCESS, PATH, pathOf, type CampaignPageParts } from './campaign-pages.js';
import type { HitRate } from './campaign-reports.js';
import { abandonRuleOf, ringOf } from './campaign-rules.js';
import { TRANSITIONS } from './campaign-service.js';
import type { StoredCampaign } from './campaign.js';
import type { AttemptLine } from './knex-attempts.js';
import { heatMap } from './heat-map.js';
import { hoursText } from './limit-words.js';

export interface CampaignDetailParts extends CampaignPageParts {
  /** Every dial and refusal of a campaign, the oldest first, in batches. */
  readonly eachAttempt: (
    campaign: CampaignId,
    visit: (batch: readonly AttemptLine[]) => Promise<void>,
  ) => Promise<void>;
}

/** One campaign: where it stands, what came of its dials, when people answer, and its dials as a file. */
export const campaignPage = (parts: CampaignDetailParts, pages: PageRoutes): PageRoutes =>
  pages
    .get(`${PATH}/:id`, ACCESS, (page) => showCampaign(page, parts))
    .get(`${PATH}/:id/export.csv`, ACCESS, (page) => exportAttempts(page, parts));

async function showCampaign(page: PageContext, parts: CampaignDetailParts): Promise<void> {
  const { service, reports, rows, clock } = parts;
  const campaign = await service.get(page.actor, page.id<CampaignId>());
  const now = clock.now();
  const { id, settings } = campaign;
  const abandon = abandonRuleOf(settings);
  const day = siteDayOf(now, page.zone);
  const [progress, all, today, hours, sources, callerIds, options, share] = await Promise.all([
    reports.progress([id]),
    reports.dials([id]),
    reports.dials([id], day),
    reports.hours(id, page.zone),
    reports.bySource(id),
    reports.byCallerId(id),
    rows.options(),
    abandonShare(reports, id, now, abandon.windowMs),
  ]);
  const people = progress.get(id) ?? { all: 0, left: 0 };
  const dials = all.get(id) ?? { dials: 0, inFlight: 0, byResult: {} };
  const ended = dials.dials - dials.inFlight;
  const todays = today.get(id);
  page.render('campaigns/campaign', {
    title: campaign.name,
    crumbs: [{ label: page.t('campaigns.title'), href: PATH }],
    styles: ['setup', 'campaigns'],
    row: campaign,
    href: pathOf(id),
    state: stateView(page, campaign, now),
    actions: actionsOf(page, campaign),
    facts: factsOf(page, campaign, options),
    people,
    called: people.all - people.left,
    calledShare: people.all === 0 ? undefined : (people.all - people.left) / people.all,
    dials,
    today: { dials: todays?.dials ?? 0, connects: todays?.byResult['human'] ?? 0 },
    connectRate: ended === 0 ? undefined : (dials.byResult['human'] ?? 0) / ended,
    abandon: { ...abandon, share, isOver: share !== undefined && share > abandon.limit },
    abandonHours: Math.round(abandon.windowMs / 3_600_000),
    results: resultRows(page, dials.byResult, ended),
    heat: heatMap(page, hours),
    sources: rateRows(page, sources, page.t('campaigns.source-gone')),
    callerIds: rateRows(page, callerIds, page.t('campaigns.as-trunk')),
    exportHref: `${pathOf(id)}/export.csv`,
    whatIfHref: whatIfOf(ended === 0 ? 0 : (dials.byResult['human'] ?? 0) / ended, abandon.limit),
  });
}

/** The what-if page with what this campaign has shown. */
const whatIfOf = (connectRate: number, limit: number): string =>
  urlWith('/planning/what-if', {
    rate: connectRate >= 0.01 ? (100 * connectRate).toFixed(1) : undefined,
    limit: String(Number((100 * limit).toFixed(2))),
  });

/** What can be done now, as links to the pages that say what it does. */
const actionsOf = (page: PageContext, { id, state, archivedAt }: StoredCampaign) =>
  archivedAt !== undefined
    ? []
    : (['start', 'pause', 'stop'] as const)
        .filter((action) => (TRANSITIONS[action].from as readonly string[]).includes(state))
        .map((action) => ({
          action,
          href: `${pathOf(id)}/${action}`,
          icon: ICONS[action],
          label: page.t(
            action === 'start' && state === 'paused'
              ? 'campaigns.act.resume'
              : `campaigns.act.${action}`,
          ),
        }));
const ICONS = { start: 'player-play', pause: 'player-pause', stop: 'player-stop' } as const;

function factsOf(
  page: PageContext,
  campaign: StoredCampaign,
  options: Parameters<typeof sourceName>[1],
) {
  const { t } = page;
  const { settings } = campaign;
  return [
    { label: t('campaigns.form.mode'), value: t(`campaigns.mode.${campaign.mode}`) },
    campaign.mode === 'notification'
      ? { label: t('campaigns.form.flow'), value: nameOf(options.flows, settings.flow) }
      : { label: t('campaigns.form.queue'), value: nameOf(options.queues, campaign.queue) },
    {
      label: t('campaigns.form.sources'),
      value: campaign.sources
        .map((source) => sourceName(source, options) || t('campaigns.source-gone'))
        .join(', '),
    },
    { label: t('campaigns.form.rule-set'), value: t(`campaigns.rule-set.${settings.ruleSet}`) },
    { label: t('campaigns.section.hours'), value: hoursText(settings.weekly, page) },
    { label: t('campaigns.form.holidays'), value: nameOf(options.calendars, settings.holidays) },
    {
      label: t('campaigns.fact.lines'),
      value: t('campaigns.fact.lines-text', {
        lines: settings.maxLines,
        ring: ringOf(settings) / 1_000,
      }),
    },
    { label: t('campaigns.form.priority'), value: String(campaign.priority) },
  ].map(({ label, value }) => ({ label, value: value === '' ? '–' : value }));
}

function resultRows(page: PageContext, byResult: Readonly<Record<string, number>>, ended: number) {
  return Object.entries(byResult)
    .sort(([, a], [, b]) => b - a)
    .map(([result, count]) => ({
      label: page.t(`campaigns.result.${result}`),
      count,
      share: formatPercent(count / ended, page.language),
      width: Math.round((1_000 * count) / ended) / 10,
      isConnect: result === 'human',
      isBad: result === 'abandoned',
    }));
}

const rateRows = (page: PageContext, rates: readonly HitRate[], unnamed: string) =>
  rates.map(({ name, dials, connects }) => ({
    ...{ dials, connects },
    name: name === '' ? unnamed : name,
    isNumber: name.startsWith('+'),
    rate: formatPercent(connects / dials, page.language),
  }));

const CSV_COLUMNS = [
  ...([
    'id',
    'kind',
    'at',
    'contact',
    'name',
    'number',
    'result',
    'refused-by',
    'retry-at',
  ] as const),
  ...(['answered-at', 'connected-at', 'ended-at', 'cause', 'caller-id', 'agent'] as const),
  ...(['rule-set', 'machine', 'call', 'outcome'] as const),
] as const;

async function exportAttempts(page: PageContext, parts: CampaignDetailParts): Promise<void> {
  const campaign = await parts.service.get(page.actor, page.id<CampaignId>());
  await parts.service.noteExport(page.actor, campaign);
  const head = csvLine(CSV_COLUMNS.map((column) => page.t(`campaigns.csv.${column}`)));
  await sendCsv(
    page,
    { name: `campaign-${String(campaign.id)}`, head, at: parts.clock.now() },
    (write) =>
      parts.eachAttempt(campaign.id, (lines) =>
        write(lines.map((line) => attemptLine(page, line)).join('')),
      ),
  );
}

function attemptLine(page: PageContext, line: AttemptLine): string {
  const time = (at: Date | null): string => (at === null ? '' : csvTime(at, page));
  const result = line.result === '' ? '' : page.t(`campaigns.result.${line.result}`);
  return csvLine([
    line.id,
    page.t(`campaigns.kind.${line.kind}`),
    time(line.at),
    line.contact_id,
    line.name ?? '',
    exportPhone(line.number, page),
    result,
    line.refused_by === '' ? '' : page.t(`campaigns.held.${line.refused_by}`),
    time(line.retry_at),
    time(line.answered_at),
    time(line.connected_at),
    time(line.ended_at),
    line.cause ?? '',
    line.caller_id,
    line.agent_name ?? '',
    line.rule_set,
    line.machine_verdict,
    line.call_id ?? '',
    line.outcome,
  ]);
}
