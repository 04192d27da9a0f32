import type { FlowId } from '../../kernel/ids.js';
import {
  formView,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import type { FlowDefinition } from '../../engines/ivr/flow.js';
import { emptyFlow, receptionFlow } from './beginnings.js';
import { addComparePages } from './comparing/compare-pages.js';
import type { CompareService } from './comparing/compare-service.js';
import { addEditorPages } from './editor-pages.js';
import { editorView, flowPath, FLOWS_PATH } from './editor-view.js';
import type { FlowService } from './flow-service.js';
import { FLOW_SORTS, newFlowForm, type Beginning } from './flow.js';
import { addFlowTestPages } from './flow-tests/flow-test-pages.js';
import type { FlowTestService } from './flow-tests/flow-test-service.js';
import { addFiguresPage, LIST_PERIOD, periodOf, type FiguresParts } from './figures-pages.js';
import { NO_FIGURES, share, type FlowTotals } from './flow-figures.js';
import { addTransferPages } from './transfer-pages.js';
import { addTrialPages, type TrialPagesParts } from './trials/trial-pages.js';
import type { TrialService } from './trials/trial-service.js';
import { addVersionPages } from './version-pages.js';

const ACCESS = 'flows.edit';
const NEW_FORM = { prefix: 'flow.new', action: FLOWS_PATH } as const;

/** The set-up pages of IVR flows: list, new, editor, versions, archive, restore. */
export function flowPages(
  parts: FiguresParts &
    Pick<TrialPagesParts, 'site'> & {
      readonly tests: FlowTestService;
      readonly comparing: CompareService;
      readonly trials?: TrialService;
    },
): PageRoutes {
  const { service, tests, trials } = parts;
  const pages = new PageRoutes();
  pages.get(FLOWS_PATH, ACCESS, (page) => showList(page, parts));
  pages.get(`${FLOWS_PATH}/new`, ACCESS, async (page) => {
    const form = formView(NEW_FORM, { name: '', beginning: 'empty' });
    page.render('ivr-flows/new', { ...(await newPage(page, service)), form });
  });
  pages.post(FLOWS_PATH, ACCESS, (page) => create(page, service));
  const trialParts = trials && { service, trials, site: parts.site };
  addEditorPages(pages, service, trialParts);
  if (trialParts) addTrialPages(pages, trialParts);
  addVersionPages(pages, service);
  addComparePages(pages, parts.comparing);
  addTransferPages(pages, service);
  addFlowTestPages(pages, { flows: service, tests });
  addFiguresPage(pages, parts);
  pages.post(`${FLOWS_PATH}/:id/archive`, ACCESS, (page) => archive(page, service));
  pages.post(`${FLOWS_PATH}/:id/restore`, ACCESS, async (page) => {
    await service.restore(page.actor, page.id<FlowId>());
    await page.redirect(FLOWS_PATH, { message: 'flow.restored' });
  });
  return pages;
}

/** Of no calls there is no share. */
const withShares = (totals: FlowTotals) => ({
  ...totals,
  ...(totals.entered > 0 && {
    containedShare: share(totals.contained, totals.entered),
    droppedShare: share(totals.dropped, totals.entered),
  }),
});

async function showList(
  page: PageContext,
  { service, figures, clock }: FiguresParts,
): Promise<void> {
  const request = readList(page, {
    path: FLOWS_PATH,
    sorts: FLOW_SORTS,
    defaultSort: 'name',
    filters: ['archived'],
  });
  const archived = request.filters['archived'] === 'yes';
  const [result, uses, totals] = await Promise.all([
    service.list(page.actor, { ...request, archived, filters: {} }),
    service.useCounts(page.actor),
    figures.totals(periodOf(LIST_PERIOD, clock.now(), page.zone)),
  ]);
  const rows = result.rows.map((flow) => ({
    ...flow,
    href: `${flowPath(flow.id)}/edit`,
    restore: `${flowPath(flow.id)}/restore`,
    uses: uses.get(flow.id) ?? 0,
    figures: withShares(totals.get(flow.id) ?? NO_FIGURES),
    figuresHref: `${flowPath(flow.id)}/figures`,
  }));
  page.render('ivr-flows/list', {
    title: page.t('flow.title'),
    list: listView(request, { ...result, rows }, [
      { label: 'flow.settings.name', sort: 'name' },
      { label: 'flow.column.state' },
      { label: 'flow.column.uses', numeric: true },
      { label: 'flow.column.entered', numeric: true },
      { label: 'flow.column.contained', numeric: true },
      { label: 'flow.column.dropped', numeric: true },
      { label: 'flow.column.updated', sort: 'updated' },
      { label: '' },
    ]),
  });
}

/** Opens the editor of the new flow. */
async function create(page: PageContext, service: FlowService): Promise<void> {
  const done = { path: FLOWS_PATH, toast: { message: 'flow.created' } };
  await submitForm(page, {
    ...NEW_FORM,
    schema: newFlowForm,
    view: 'ivr-flows/new',
    data: () => newPage(page, service),
    save: async ({ name, beginning }) => {
      const definition = await beginWith(page, service, beginning);
      const id = await service.createDraft(page.actor, { name, definition });
      done.path = `${flowPath(id)}/edit`;
    },
    done,
  });
}

async function beginWith(
  page: PageContext,
  service: FlowService,
  beginning: Beginning,
): Promise<FlowDefinition> {
  if (beginning === 'reception') return receptionFlow(page.t);
  if (beginning === 'empty') return emptyFlow(page.t);
  const id = Number(beginning.slice('copy:'.length)) as FlowId;
  return (await service.open(page.actor, id)).definition;
}

async function newPage(page: PageContext, service: FlowService): Promise<PageData> {
  const query = { search: '', sortBy: 'name' as const, descending: false, offset: 0, limit: 200 };
  const { rows } = await service.list(page.actor, { ...query, archived: false, filters: {} });
  return {
    title: page.t('flow.new'),
    crumbs: [{ label: page.t('flow.title'), href: FLOWS_PATH }],
    beginnings: [
      { value: 'empty', label: page.t('flow.beginning.empty') },
      { value: 'reception', label: page.t('flow.beginning.reception') },
      ...rows.map((flow) => ({
        value: `copy:${String(flow.id)}`,
        label: page.t('flow.beginning.copy', { name: flow.name }),
      })),
    ],
  };
}

async function archive(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const uses = await service.archive(page.actor, id);
  if (uses.length === 0)
    return page.redirect(FLOWS_PATH, {
      message: 'flow.archived',
      undo: `${flowPath(id)}/restore`,
    });
  const notice = { level: 'error' as const, text: page.t('flow.in-use', { count: uses.length }) };
  const open = await service.open(page.actor, id);
  page.render('ivr-flows/editor', editorView(page, open, { selected: '', notice }), 409);
}
