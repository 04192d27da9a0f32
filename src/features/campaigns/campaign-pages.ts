import type { Clock } from '../../kernel/clock.js';
import type { CampaignId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import {
  formView,
  listView,
  type PageRoutes,
  readList,
  submitForm,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import { usageViews, type UsageReports } from '../configuration/index.js';
import { campaignForm, campaignValues } from './campaign-form.js';
import { formData } from './campaign-form-view.js';
import { stateView, STATE_LOOKS } from './campaign-looks.js';
import type { CampaignReports } from './campaign-reports.js';
import type { CampaignRows } from './campaign-rows.js';
import { abandonRuleOf } from './campaign-rules.js';
import { mustStopFirst, type CampaignService } from './campaign-service.js';
import {
  CAMPAIGN_LIMITS,
  CAMPAIGN_MODES,
  CAMPAIGN_SORTS,
  CAMPAIGN_STATES,
  type CampaignDraft,
  type StoredCampaign,
} from './campaign.js';
import { newSettings } from './settings.js';

export const PATH = '/campaigns';
export const ACCESS = 'campaigns.edit';
const FORM = 'campaigns.form';

export interface CampaignPageParts {
  readonly service: CampaignService;
  readonly rows: CampaignRows;
  readonly reports: CampaignReports;
  readonly usage: Pick<UsageReports, 'ofCampaign'>;
  readonly clock: Clock;
  readonly country: string;
}

export const pathOf = (id: CampaignId): string => `${PATH}/${String(id)}`;

/** The list of campaigns, and their form: new, change, archive, restore. */
export function campaignPages(parts: CampaignPageParts, pages: PageRoutes): PageRoutes {
  const { service } = parts;
  return pages
    .get(PATH, ACCESS, (page) => showList(page, parts))
    .get(`${PATH}/new`, ACCESS, (page) => showNew(page, parts))
    .post(PATH, ACCESS, (page) => create(page, parts))
    .get(`${PATH}/:id/edit`, ACCESS, (page) => showEdit(page, parts))
    .post(`${PATH}/:id`, ACCESS, (page) => save(page, parts))
    .post(`${PATH}/:id/archive`, ACCESS, (page) => archive(page, parts))
    .post(`${PATH}/:id/restore`, ACCESS, async (page) => {
      await service.restore(page.actor, page.id<CampaignId>());
      await page.redirect(PATH, { message: 'campaigns.restored' });
    });
}

async function showList(page: PageContext, parts: CampaignPageParts): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: CAMPAIGN_SORTS,
    defaultSort: 'name',
    filters: ['state', 'mode', 'archived'],
  });
  const { archived, ...filters } = request.filters;
  const found = await parts.service.list(page.actor, {
    ...request,
    archived: archived === 'yes',
    filters,
  });
  page.render('campaigns/list', {
    title: page.t('campaigns.title'),
    styles: ['setup', 'campaigns'],
    list: listView(request, { rows: await listRows(page, parts, found.rows), total: found.total }, [
      { label: 'campaigns.form.name', sort: 'name' },
      { label: 'campaigns.column.state' },
      { label: 'campaigns.form.mode' },
      { label: 'campaigns.form.queue' },
      { label: 'campaigns.column.progress' },
      { label: 'campaigns.column.dials', numeric: true },
      { label: 'campaigns.column.connects', numeric: true },
      { label: 'campaigns.column.abandoned', numeric: true },
      { label: 'configuration.column.updated', sort: 'updated' },
      { label: '' },
    ]),
    states: CAMPAIGN_STATES.map((value) => ({ value, label: page.t(STATE_LOOKS[value].label) })),
    modes: CAMPAIGN_MODES.map((value) => ({ value, label: page.t(`campaigns.mode.${value}`) })),
  });
}

async function listRows(
  page: PageContext,
  { reports, rows, clock }: CampaignPageParts,
  campaigns: readonly StoredCampaign[],
) {
  const now = clock.now();
  const ids = campaigns.map(({ id }) => id);
  const [progress, today, { queues }] = await Promise.all([
    reports.progress(ids),
    reports.dials(ids, siteDayOf(now, page.zone)),
    rows.options(),
  ]);
  return Promise.all(
    campaigns.map(async (campaign) => {
      const { id, settings } = campaign;
      const { all = 0, left = 0 } = progress.get(id) ?? {};
      const dials = today.get(id);
      const rule = abandonRuleOf(settings);
      const share = await abandonShare(reports, id, now, rule.windowMs);
      return {
        ...campaign,
        href: pathOf(id),
        state: stateView(page, campaign, now),
        modeName: page.t(`campaigns.mode.${campaign.mode}`),
        queueName: queues.find((queue) => queue.id === campaign.queue)?.name ?? '',
        ...{ all, left, called: all - left },
        calledShare: all === 0 ? undefined : (all - left) / all,
        barWidth: all === 0 ? 0 : Math.round((100 * (all - left)) / all),
        dials: dials?.dials ?? 0,
        connects: dials?.byResult['human'] ?? 0,
        abandoned: share,
        isOverLimit: share !== undefined && share > rule.limit,
      };
    }),
  );
}

/** Share of answered calls that were abandoned in a window; undefined where none was answered. */
export async function abandonShare(
  reports: CampaignReports,
  id: CampaignId,
  now: number,
  windowMs: number,
): Promise<number | undefined> {
  const counts = (await reports.dials([id], { startAt: now - windowMs, endAt: now + 1 })).get(id);
  const { human = 0, abandoned = 0 } = counts?.byResult ?? {};
  return human + abandoned === 0 ? undefined : abandoned / (human + abandoned);
}

/** What a new campaign's form begins with. */
const newDraft = (page: PageContext): CampaignDraft => ({
  name: '',
  mode: 'progressive',
  queue: undefined,
  priority: CAMPAIGN_LIMITS.priority.default,
  sources: [],
  settings: { ...newSettings(page.zone), language: page.language },
});

async function showNew(page: PageContext, parts: CampaignPageParts): Promise<void> {
  const draft = newDraft(page);
  const form = formView({ prefix: FORM, action: PATH }, campaignValues(draft));
  page.render('campaigns/edit', { ...(await newData(page, parts)), form });
}

const newData = async (page: PageContext, parts: CampaignPageParts): Promise<PageData> => ({
  title: page.t('campaigns.new'),
  crumbs: [{ label: page.t('campaigns.title'), href: PATH }],
  isNew: true,
  cancelHref: PATH,
  ...(await formData(page, parts.rows, newDraft(page))),
});

const create = (page: PageContext, parts: CampaignPageParts): Promise<void> =>
  submitForm(page, {
    prefix: FORM,
    action: PATH,
    schema: campaignForm(parts.country),
    view: 'campaigns/edit',
    data: () => newData(page, parts),
    save: (values) => parts.service.create(page.actor, values),
    done: (id) => page.redirect(pathOf(id), { message: 'campaigns.created' }),
  });

/** Where it cannot be, its form says why. */
async function archive(page: PageContext, parts: CampaignPageParts): Promise<void> {
  const id = page.id<CampaignId>();
  if (mustStopFirst(await parts.service.get(page.actor, id)))
    return showEdit(page, parts, { mustStopFirst: true }, 409);
  const uses = await parts.service.archive(page.actor, id);
  if (uses.length > 0) return showEdit(page, parts, { notArchived: uses.length }, 409);
  return page.redirect(PATH, { message: 'campaigns.archived', undo: `${pathOf(id)}/restore` });
}

async function showEdit(
  page: PageContext,
  parts: CampaignPageParts,
  more: { readonly notArchived?: number; readonly mustStopFirst?: boolean } = {},
  status = 200,
): Promise<void> {
  const campaign = await parts.service.get(page.actor, page.id<CampaignId>());
  const form = formView(
    { prefix: FORM, action: pathOf(campaign.id) },
    campaignValues(campaign),
    campaign.version,
  );
  page.render(
    'campaigns/edit',
    { ...(await editData(page, parts, campaign)), form, ...more },
    status,
  );
}

const editData = async (
  page: PageContext,
  parts: CampaignPageParts,
  campaign: StoredCampaign,
): Promise<PageData> => ({
  title: campaign.name,
  crumbs: [{ label: page.t('campaigns.title'), href: PATH }],
  row: campaign,
  cancelHref: pathOf(campaign.id),
  uses: usageViews(page, await parts.usage.ofCampaign(campaign.id)),
  ...(await formData(page, parts.rows, campaign)),
});

async function save(page: PageContext, parts: CampaignPageParts): Promise<void> {
  const id = page.id<CampaignId>();
  await submitForm(page, {
    prefix: FORM,
    action: pathOf(id),
    schema: campaignForm(parts.country),
    view: 'campaigns/edit',
    data: async () => editData(page, parts, await parts.service.get(page.actor, id)),
    save: (values, version) => parts.service.save(page.actor, id, version, values),
    current: async () => {
      const stored = await parts.service.get(page.actor, id);
      return { values: campaignValues(stored), version: stored.version };
    },
    done: { path: pathOf(id), toast: { message: 'campaigns.saved' } },
  });
}
