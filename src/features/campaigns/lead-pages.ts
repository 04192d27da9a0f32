import type { CampaignId } from '../../kernel/ids.js';
import { listView, readList, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { ACCESS, PATH, pathOf, type CampaignPageParts } from './campaign-pages.js';
import { LEAD_SORTS, LEAD_STATES, type LeadLine, type LeadReports } from './lead-reports.js';
import { heldName } from './rule-words.js';

export interface LeadPageParts extends CampaignPageParts {
  readonly leads: LeadReports;
}

/** The people of one campaign. */
export const leadPages = (parts: LeadPageParts, pages: PageRoutes): PageRoutes =>
  pages.get(`${PATH}/:id/leads`, ACCESS, (page) => showLeads(page, parts));

async function showLeads(page: PageContext, { service, leads }: LeadPageParts): Promise<void> {
  const campaign = await service.get(page.actor, page.id<CampaignId>());
  const request = readList(page, {
    path: `${pathOf(campaign.id)}/leads`,
    sorts: LEAD_SORTS,
    defaultSort: 'next',
    filters: ['state', 'held'],
  });
  const { state, held } = request.filters;
  const found = await leads.list(campaign.id, { ...request, state, heldBy: held });
  page.render('campaigns/leads', {
    title: page.t('campaigns.leads.title', { name: campaign.name }),
    crumbs: [
      { label: page.t('campaigns.title'), href: PATH },
      { label: campaign.name, href: pathOf(campaign.id) },
    ],
    styles: ['setup', 'campaigns'],
    states: LEAD_STATES.map((value) => ({ value, label: page.t(`campaigns.lead.${value}`) })),
    list: listView(
      request,
      { rows: found.rows.map((row) => leadView(page, row)), total: found.total },
      [
        { label: 'campaigns.leads.name', sort: 'name' },
        { label: 'campaigns.leads.number' },
        { label: 'campaigns.leads.state' },
        { label: 'campaigns.leads.last' },
        { label: 'campaigns.leads.attempts', sort: 'attempts', numeric: true },
        { label: 'campaigns.leads.held' },
        { label: 'campaigns.leads.next', sort: 'next' },
        { label: 'campaigns.leads.agent' },
      ],
    ),
  });
}

const leadView = (page: PageContext, row: LeadLine) => ({
  ...row,
  href: `/contacts/${String(row.contact_id)}`,
  evidenceHref: `${PATH}/evidence?number=${encodeURIComponent(row.number)}`,
  stateName: page.t(`campaigns.lead.${row.state}`),
  tone: TONES[row.state],
  last: row.last_result === '' ? '' : page.t(`campaigns.result.${row.last_result}`),
  held: row.held_by === '' ? '' : heldName(page, row.held_by),
  nextAt: row.state === 'open' ? row.next_at : undefined,
});

const TONES = {
  open: 'plain',
  calling: 'ringing',
  done: 'available',
  refused: 'alarm',
  removed: 'off',
} as const;
