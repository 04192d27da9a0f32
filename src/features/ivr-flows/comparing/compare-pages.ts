import type { FlowId } from '../../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../../web/kit/index.js';
import { flowPath, FLOWS_PATH } from '../editor-view.js';
import type { CompareService, ComparedFlow, Side } from './compare-service.js';
import { compareView } from './compare-view.js';

/** Adds the page that shows two versions of a flow beside each other, field by field. */
export function addComparePages(pages: PageRoutes, service: CompareService): void {
  pages.get('/setup/ivr/:id/compare', 'flows.edit', async (page) => {
    const id = page.id<FlowId>();
    const [from, to] = [sideOf(page.query['from']), sideOf(page.query['to'])];
    const compared = await service.open(page.actor, id, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const { flow } = compared;
    const path = flowPath(id);
    page.render('ivr-flows/compare', {
      title: page.t('flow.compare.title'),
      crumbs: [
        { label: page.t('flow.title'), href: FLOWS_PATH },
        { label: flow.name, href: `${path}/edit` },
        { label: page.t('flow.versions.title'), href: `${path}/versions` },
      ],
      styles: ['ivr'],
      scripts: ['ivr-compare'],
      mainClass: 'ivr-body',
      fold: true,
      flow,
      action: `${path}/compare`,
      swap: `${path}/compare?from=${String(compared.to)}&to=${String(compared.from)}`,
      from: String(compared.from),
      to: String(compared.to),
      names: {
        before: sideName(page, compared.from),
        after: sideName(page, compared.to),
      },
      sides: sideOptions(page, compared),
      ...compareView(page, compared),
    });
  });
}

function sideOf(text: string | undefined): Side | undefined {
  if (text === 'draft') return 'draft';
  return text !== undefined && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;
}

function sideName(page: PageContext, side: Side): string {
  if (side === 'draft') return page.t('flow.compare.draft');
  return side === 0 ? page.t('flow.compare.nothing') : page.t('flow.version', { version: side });
}

function sideOptions(page: PageContext, { flow, versions }: ComparedFlow) {
  const option = (side: Side, note = '') => ({
    value: String(side),
    label: [sideName(page, side), note].filter((text) => text !== '').join(' · '),
  });
  return [
    option('draft'),
    ...versions.map(({ version, note }) =>
      option(version, version === flow.publishedVersion ? page.t('flow.state.live') : note),
    ),
    ...(versions.length === 0 ? [option(0)] : []),
  ];
}
