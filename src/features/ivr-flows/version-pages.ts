import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import { versionOf, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { flowPath, flowPictures, FLOWS_PATH, problemsView, type Notice } from './editor-view.js';
import type { FlowService } from './flow-service.js';
import { testLinks } from './flow-tests/flow-test-view.js';

const PATH = '/setup/ivr/:id/versions';
const ACCESS = 'flows.edit';

/** Adds the published versions of a flow: list, look, restore. */
export function addVersionPages(pages: PageRoutes, service: FlowService): void {
  pages.get(PATH, ACCESS, (page) => showList(page, service));
  pages.get(`${PATH}/:number`, ACCESS, (page) => showVersion(page, service, 200));
  pages.post(`${PATH}/:number/restore`, ACCESS, (page) => restore(page, service));
}

const comparePath = (id: FlowId, from: number, to: number | 'draft'): string =>
  `${flowPath(id)}/compare?from=${String(from)}&to=${String(to)}`;

async function showList(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const flow = await service.get(page.actor, id);
  const versions = await service.versions(page.actor, id);
  page.render('ivr-flows/versions', {
    title: page.t('flow.versions.title'),
    crumbs: [
      { label: page.t('flow.title'), href: FLOWS_PATH },
      { label: flow.name, href: `${flowPath(id)}/edit` },
    ],
    versions: versions.map((version) => ({
      ...version,
      isPublished: version.version === flow.publishedVersion,
      href: `${flowPath(id)}/versions/${String(version.version)}`,
      // What is published is compared with what is being worked on, anything else with what is published.
      compareHref: comparePath(
        id,
        version.version,
        version.version === flow.publishedVersion ? 'draft' : flow.publishedVersion,
      ),
    })),
    editHref: `${flowPath(id)}/edit`,
  });
}

async function showVersion(
  page: PageContext,
  service: FlowService,
  status: number,
  notice?: Notice,
): Promise<void> {
  const id = page.id<FlowId>();
  const number = numberOf(page);
  const open = await service.openVersion(page.actor, id, number);
  const { flow, diff } = open;
  page.render(
    'ivr-flows/version',
    {
      title: page.t('flow.version', { version: number }),
      crumbs: [
        { label: page.t('flow.title'), href: FLOWS_PATH },
        { label: flow.name, href: `${flowPath(id)}/edit` },
        { label: page.t('flow.versions.title'), href: `${flowPath(id)}/versions` },
      ],
      styles: ['ivr'],
      scripts: ['ivr'],
      mainClass: 'ivr-body',
      fold: true,
      flow,
      number,
      notice,
      isPublished: number === flow.publishedVersion,
      compareHref: comparePath(id, flow.publishedVersion, number),
      restore: `${flowPath(id)}/versions/${String(number)}/restore`,
      nextVersion: flow.publishedVersion + 1,
      problems: problemsView(page, open),
      added: diff.added.join(', '),
      changed: diff.changed.join(', '),
      removed: diff.removed.join(', '),
      ...flowPictures(page, open, {
        selected: '',
        isEditable: false,
        hrefOf: () => `${flowPath(id)}/versions/${String(number)}`,
      }),
    },
    status,
  );
}

async function restore(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const number = numberOf(page);
  const shown = versionOf(page.body);
  const anyway = page.body['anyway'] === '1';
  const again = (status: number, text: string): Promise<void> =>
    showVersion(page, service, status, { level: 'error', text });
  try {
    const result = await service.restoreVersion(page.actor, id, shown, number, anyway);
    switch (result.kind) {
      case 'published':
        return await page.redirect(`${flowPath(id)}/versions`, {
          message: 'flow.version-restored',
          params: { number, version: result.version },
        });
      case 'unchanged':
        return await again(422, page.t('flow.version-unchanged'));
      case 'tests-failed':
        return await showVersion(page, service, 422, {
          level: 'error',
          text: page.t('flow.version-tests-failed', { count: result.failed.length }),
          links: testLinks(id, result.failed),
          mayGoOn: true,
        });
      case 'refused': {
        const errors = result.problems.filter((problem) => problem.level === 'error');
        return await again(422, page.t('flow.version-refused', { count: errors.length }));
      }
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    await again(409, page.t('flow.conflict'));
  }
}

function numberOf(page: PageContext): number {
  const text = page.param('number');
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('not-found', `${text} is no version`);
  return Number(text);
}
