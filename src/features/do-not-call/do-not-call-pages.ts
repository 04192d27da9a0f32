import { AppError } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import {
  field,
  formView,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type PageContext,
} from '../../web/kit/index.js';
import { numberPrefixes } from '../contacts/index.js';
import { DO_NOT_CALL_SOURCES, doNotCallSchema, type DoNotCallEntry } from './do-not-call.js';
import type { DoNotCallService } from './do-not-call-service.js';

const PATH = '/do-not-call';
const ACCESS = 'lists.edit';
const FORM = { prefix: 'do-not-call.form', action: PATH } as const;

/** Numbers that nobody calls: the list, one more, one less. */
export function doNotCallPages(service: DoNotCallService): PageRoutes {
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => showList(page, service))
    .get(`${PATH}/new`, ACCESS, async (page) => {
      page.render('do-not-call/new', {
        ...(await newData(page, service)),
        form: formView(FORM, { campaignId: 0 }),
      });
    })
    .post(PATH, ACCESS, (page) =>
      submitForm(page, {
        ...{ ...FORM, schema: doNotCallSchema, view: 'do-not-call/new' },
        data: () => newData(page, service),
        save: (values) => service.add(page.actor, { ...values, source: 'page' }),
        done: (isNew) =>
          page.redirect(PATH, { message: isNew ? 'do-not-call.added' : 'do-not-call.there' }),
      }),
    )
    .get(`${PATH}/:id`, ACCESS, async (page) => {
      const entry = await service.get(page.actor, page.id());
      showOne(page, entry);
    })
    .post(`${PATH}/:id/remove`, ACCESS, (page) => remove(page, service));
}

const crumbs = (page: PageContext) => [{ label: page.t('do-not-call.title'), href: PATH }];

async function campaignOptions(page: PageContext, service: DoNotCallService) {
  const campaigns = await service.campaigns();
  return [
    { value: 0, label: page.t('do-not-call.everywhere') },
    ...campaigns.map(({ id, name }) => ({ value: id, label: name })),
  ];
}

const newData = async (page: PageContext, service: DoNotCallService) => ({
  title: page.t('do-not-call.new'),
  crumbs: crumbs(page),
  styles: ['setup'],
  campaigns: await campaignOptions(page, service),
});

async function showList(page: PageContext, service: DoNotCallService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: ['newest'],
    defaultSort: '-newest',
    filters: ['campaign', 'source'],
  });
  const { campaign, source } = request.filters;
  const prefixes = numberPrefixes(request.search, page.country);
  const isNoNumber = request.search !== '' && prefixes.length === 0;
  const [found, campaigns] = await Promise.all([
    isNoNumber
      ? { rows: [], total: 0, isMore: false }
      : service.list(page.actor, {
          prefixes,
          campaignId: campaign === undefined ? undefined : (Number(campaign) as CampaignId),
          source: DO_NOT_CALL_SOURCES.find((known) => known === source),
          offset: request.offset,
          limit: request.limit,
        }),
    campaignOptions(page, service),
  ]);
  page.render('do-not-call/list', {
    title: page.t('do-not-call.title'),
    styles: ['setup', 'contacts'],
    isMore: found.isMore,
    isNoNumber,
    campaigns,
    sources: DO_NOT_CALL_SOURCES.map((value) => ({
      value,
      label: page.t(`do-not-call.source.${value}`),
    })),
    list: listView(
      request,
      { rows: found.rows.map((one) => rowView(page, one)), total: found.total },
      [
        { label: 'do-not-call.form.number' },
        { label: 'do-not-call.form.campaign-id' },
        { label: 'do-not-call.column.source' },
        { label: 'do-not-call.form.note' },
        { label: 'do-not-call.column.at', sort: 'newest' },
      ],
    ),
  });
}

const rowView = (page: PageContext, entry: DoNotCallEntry) => ({
  ...entry,
  where: entry.campaignId === 0 ? page.t('do-not-call.everywhere') : entry.campaignName,
  source: page.t(`do-not-call.source.${entry.source}`),
});

function showOne(page: PageContext, entry: DoNotCallEntry, problem = ''): void {
  page.render(
    'do-not-call/one',
    {
      title: page.t('do-not-call.one'),
      crumbs: crumbs(page),
      styles: ['setup'],
      row: rowView(page, entry),
      problem,
      reason: field(page, 'reason'),
    },
    problem === '' ? 200 : 422,
  );
}

async function remove(page: PageContext, service: DoNotCallService): Promise<void> {
  const id = page.id();
  try {
    await service.remove(page.actor, id, field(page, 'reason').trim());
  } catch (error) {
    const [wrong] = error instanceof AppError ? error.problems : [];
    if (wrong === undefined) throw error;
    showOne(page, await service.get(page.actor, id), page.t(wrong.message));
    return;
  }
  await page.redirect(PATH, { message: 'do-not-call.removed' });
}
