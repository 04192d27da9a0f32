import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CampaignId, ContactId } from '../../kernel/ids.js';
import { listView, PageRoutes, readList, urlWith, type PageContext } from '../../web/kit/index.js';
import { addBookingPages } from './booking-pages.js';
import { addDetailPages } from './detail-pages.js';
import type { FollowUpService } from './follow-up-service.js';
import { lineView } from './follow-up-view.js';
import {
  FOLLOW_UP_KINDS,
  FOLLOW_UP_SORTS,
  SHOWN,
  WHOSE,
  type FollowUpFilters,
  type Shown,
} from './follow-up.js';

const PATH = '/appointments';
const ACCESS = 'follow-ups.use';
const FILTERS = ['when', 'whose', 'kind', 'campaign', 'agent', 'contact'] as const;
const TABS = ['open', 'overdue', 'today', 'later', 'escalated', 'done', 'all'] as const;

const COLUMNS = [
  { label: 'follow-ups.column.due', sort: 'due' },
  { label: 'follow-ups.column.contact', sort: 'contact' },
  { label: 'follow-ups.column.what' },
  { label: 'follow-ups.column.whom' },
  { label: 'follow-ups.column.state' },
  { label: 'follow-ups.column.note' },
  { label: 'follow-ups.column.created', sort: 'created' },
] as const;

export interface FollowUpPageParts {
  readonly service: FollowUpService;
  readonly clock: Clock;
}

/** The due list, one follow-up, and booking. */
export function followUpPages(parts: FollowUpPageParts): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, ACCESS, (page) => showList(page, parts));
  addBookingPages(pages, parts);
  addDetailPages(pages, parts);
  return pages;
}

const rowId = <Id extends number>(text: string | undefined): Id | undefined =>
  text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? (Number(text) as Id) : undefined;

async function showList(page: PageContext, { service, clock }: FollowUpPageParts): Promise<void> {
  const { t, actor } = page;
  const when = page.query['when'];
  const request = readList(page, {
    path: PATH,
    sorts: FOLLOW_UP_SORTS,
    // What is over begins with the newest, what is open with what should have been done first.
    defaultSort: when === 'done' || when === 'all' ? '-due' : 'due',
    filters: FILTERS,
  });
  const shown: Shown = SHOWN.find((one) => one === when) ?? 'open';
  const seesAll = service.seesAll(actor);
  const whose = WHOSE.find((one) => one === request.filters['whose']);
  const filters: FollowUpFilters = {
    ...{ shown, whose: whose === 'everybody' ? undefined : whose },
    kind: FOLLOW_UP_KINDS.find((one) => one === request.filters['kind']),
    campaignId: rowId<CampaignId>(request.filters['campaign']),
    agentId: rowId<AgentId>(request.filters['agent']),
    contactId: rowId<ContactId>(request.filters['contact']),
  };
  const [found, counts, options] = await Promise.all([
    service.list(actor, { ...request, ...filters }),
    service.counts(actor, filters.whose),
    service.options(actor),
  ]);
  const now = clock.now();
  const rows = found.rows.map((line) => lineView(page, line, now));
  const asked = { ...request.filters, q: request.search };
  page.render('follow-ups/list', {
    title: t('follow-ups.title'),
    styles: ['follow-ups'],
    list: listView(request, { rows, total: found.total }, COLUMNS),
    tabs: TABS.filter((one) => one !== 'escalated' || seesAll).map((one) => ({
      label: t(`follow-ups.shown.${one}`),
      href: urlWith(PATH, { ...asked, when: one === 'open' ? '' : one }),
      on: one === shown,
      count: one in counts ? counts[one as keyof typeof counts] : undefined,
      isAlarm: one === 'overdue' && counts.overdue > 0,
    })),
    whoseOptions: WHOSE.filter((one) => one !== 'everybody').map((value) => ({
      value,
      label: t(`follow-ups.whose.${value}`),
    })),
    kinds: FOLLOW_UP_KINDS.map((value) => ({ value, label: t(`follow-ups.kind.${value}`) })),
    campaigns: options.campaigns.map(({ id, name }) => ({ value: String(id), label: name })),
    agents: seesAll
      ? options.agents.map(({ id, name }) => ({ value: String(id), label: name }))
      : [],
    isScoped: !seesAll,
    when: when ?? '',
  });
}
