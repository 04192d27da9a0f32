import type { CampaignId } from '../../kernel/ids.js';
import { formatWhen, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { instantOf, wallText } from '../../engines/routing/wall-clock.js';
import { stateView } from './campaign-looks.js';
import { ACCESS, PATH, pathOf, type CampaignPageParts } from './campaign-pages.js';
import type { LeadCount } from './campaign-reports.js';
import type { StoredCampaign } from './campaign.js';
import type { DecidedLead } from './knex-clearing.js';
import type { DryRun } from './knex-dry-run.js';
import { heldName, ruleOrder, ruleView, type StoredReason } from './rule-words.js';
import { scheduleAt } from './schedule.js';

/** Due people whom the page asks the rules about while it is made. */
const LOOKED_AT = 1_000;
/** A dry run is asked for on purpose and may take longer. */
const DRY_RUN_OF = 10_000;

/** What pacing says at this moment, where the dialler publishes it. */
export interface PacingView {
  /** Name and value, in the reader's language: agents free, lines, hit rate ... */
  readonly inputs: readonly { readonly label: string; readonly value: string }[];
  /** The last decision in words. */
  readonly decision: string;
}

export interface WhyPageParts extends CampaignPageParts {
  /** Asks the rules about the first `most` people who are due at an instant. */
  readonly dryRun: (campaign: CampaignId, at: number, most: number) => Promise<DryRun>;
  /** Undefined while nothing is known. */
  readonly pacing: (page: PageContext, campaign: CampaignId) => PacingView | undefined;
}

/** Why a campaign dials as much as it does, or not at all; and what it would dial at another moment. */
export const whyPages = (parts: WhyPageParts, pages: PageRoutes): PageRoutes =>
  pages
    .get('/live/campaigns/:id/why', ACCESS, (page) => showWhy(page, parts))
    .post(`${PATH}/:id/look-again`, ACCESS, async (page) => {
      const id = page.id<CampaignId>();
      const count = await parts.service.lookAgain(page.actor, id);
      await page.redirect(`/live/campaigns/${String(id)}/why`, {
        message: 'campaigns.why.looked-again',
        params: { count },
      });
    })
    .get(`${PATH}/:id/dry-run`, ACCESS, (page) => showDryRun(page, parts));

async function showWhy(page: PageContext, parts: WhyPageParts): Promise<void> {
  const { service, reports, clock } = parts;
  const campaign = await service.get(page.actor, page.id<CampaignId>());
  const now = clock.now();
  const counts = await reports.leads(campaign.id, now);
  const run = await parts.dryRun(campaign.id, now, LOOKED_AT);
  const funnel = funnelOf(page, counts);
  page.render('campaigns/why', {
    title: page.t('campaigns.why.title', { name: campaign.name }),
    crumbs: [
      { label: page.t('campaigns.title'), href: PATH },
      { label: campaign.name, href: pathOf(campaign.id) },
    ],
    styles: ['setup', 'campaigns'],
    row: campaign,
    href: pathOf(campaign.id),
    dryRunHref: `${pathOf(campaign.id)}/dry-run`,
    state: stateView(page, campaign, now),
    stops: stopsOf(page, campaign, now, run.mayDial, funnel.nextAt),
    funnel,
    run,
    held: heldView(page, run.held),
    pacing: parts.pacing(page, campaign.id),
    nextText: funnel.nextAt === undefined ? '' : formatWhen(funnel.nextAt, 'datetime', page),
  });
}

/** What keeps the whole campaign from dialling, in the order in which it matters. */
function stopsOf(
  page: PageContext,
  campaign: StoredCampaign,
  now: number,
  mayDial: number,
  nextAt: number | undefined,
): readonly string[] {
  const { t } = page;
  const schedule = scheduleAt(campaign.settings, now);
  const stops: string[] = [];
  if (campaign.state !== 'running') stops.push(t(`campaigns.why.state-${campaign.state}`));
  else if (schedule.kind === 'waits')
    stops.push(t('campaigns.why.waits', { at: formatWhen(schedule.at, 'datetime', page) }));
  else if (schedule.kind === 'over') stops.push(t('campaigns.why.over'));
  if (mayDial === 0)
    stops.push(
      nextAt === undefined
        ? t('campaigns.why.nobody')
        : t('campaigns.why.nobody-until', { at: formatWhen(nextAt, 'datetime', page) }),
    );
  return stops;
}

/** From everybody to those who can be called now: at each step how many go, and how many stay. */
function funnelOf(page: PageContext, counts: readonly LeadCount[]) {
  const all = counts.reduce((sum, one) => sum + one.count, 0);
  const steps = new Map<string, { count: number; nextAt: number | undefined; order: number }>();
  let due = 0;
  for (const one of counts) {
    if (one.isDue) {
      due += one.count;
      continue;
    }
    const key = stepOf(one);
    const before = steps.get(key) ?? { count: 0, nextAt: undefined, order: orderOf(one) };
    const nextAt =
      one.nextAt === undefined ? before.nextAt : Math.min(one.nextAt, before.nextAt ?? Infinity);
    steps.set(key, { count: before.count + one.count, nextAt, order: before.order });
  }
  let left = all;
  const rows = [...steps]
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([key, step]) => {
      left -= step.count;
      return {
        name: stepName(page, key),
        count: step.count,
        left,
        width: all === 0 ? 0 : Math.round((1_000 * left) / all) / 10,
        nextAt: step.nextAt,
      };
    });
  const moments = [...steps.values()].flatMap(({ nextAt }) => (nextAt === undefined ? [] : nextAt));
  return {
    ...{ all, due, rows },
    dueWidth: all === 0 ? 0 : Math.round((1_000 * due) / all) / 10,
    nextAt: moments.length === 0 ? undefined : Math.min(...moments),
  };
}

const stepOf = ({ state, heldBy }: LeadCount): string =>
  state === 'calling' ? 'calling:' : `${state}:${heldBy}`;

/** People who are finished come first, then who may not be called, then who must wait, then who is called now. */
function orderOf({ state, heldBy }: LeadCount): number {
  const group = ['removed', 'done', 'refused', 'open', 'calling'].indexOf(state);
  return group * 100 + ruleOrder(heldBy);
}

function stepName(page: PageContext, key: string): string {
  const [state = '', heldBy = ''] = key.split(':');
  if (state === 'calling') return page.t('campaigns.step.calling');
  if (state === 'removed') return page.t('campaigns.step.removed');
  if (state === 'open')
    return page.hasText(`campaigns.step.open-${heldBy}`)
      ? page.t(`campaigns.step.open-${heldBy}`)
      : heldName(page, heldBy);
  return page.t(`campaigns.step.${state}`, { why: heldName(page, heldBy) });
}

const heldView = (page: PageContext, held: DryRun['held']) =>
  held.map(({ rule, count, retryAt }) => ({ name: heldName(page, rule), count, retryAt }));

async function showDryRun(page: PageContext, parts: WhyPageParts): Promise<void> {
  const { service, clock } = parts;
  const campaign = await service.get(page.actor, page.id<CampaignId>());
  const typed = page.query['at'] ?? '';
  const asked = typed === '' ? undefined : instantOf(typed, page.zone);
  const at = asked ?? clock.now();
  const run = await parts.dryRun(campaign.id, at, DRY_RUN_OF);
  page.render('campaigns/dry-run', {
    title: page.t('campaigns.dry-run.title', { name: campaign.name }),
    crumbs: [
      { label: page.t('campaigns.title'), href: PATH },
      { label: campaign.name, href: pathOf(campaign.id) },
    ],
    styles: ['setup', 'campaigns'],
    href: `${pathOf(campaign.id)}/dry-run`,
    at,
    atText: typed === '' || asked === undefined ? wallText(at, page.zone) : typed,
    isWrong: typed !== '' && asked === undefined,
    run,
    held: heldView(page, run.held),
    dialled: run.dialled.map((one) => personView(page, one, at)),
    refused: run.refused.map((one) => personView(page, one, at)),
  });
}

/** A person with every rule that was looked at. */
function personView(page: PageContext, { person, choice }: DecidedLead, at: number) {
  const reasons = (choice?.verdict.reasons ?? []) as readonly StoredReason[];
  const failed = reasons.filter(({ passed }) => !passed).map((one) => ruleView(page, one, at));
  return {
    name: person.name,
    number: choice?.facts.number ?? '',
    ruleSet: choice?.verdict.ruleSet ?? '',
    failed: choice === undefined ? [{ name: page.t('campaigns.no-number'), text: '' }] : failed,
    retryAt: choice?.verdict.retryAt,
    passed: reasons.filter(({ passed }) => passed).length,
    of: reasons.length,
  };
}
