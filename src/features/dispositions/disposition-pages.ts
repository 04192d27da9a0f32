import type { DispositionId } from '../../kernel/ids.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { DispositionService } from './disposition-service.js';
import { outlineOf, pathText, withBelow, type OutlineLine } from './disposition-tree.js';
import {
  DEEPEST_LEVEL,
  DISPOSITION_LIMITS,
  dispositionSchema,
  type StoredDisposition,
} from './disposition.js';
import { addImportPages } from './import-pages.js';

const PATH = '/setup/dispositions';
const ACCESS = 'reasons.edit';

/** The set-up pages of dispositions: the tree as an outline, the form, and the import. */
export function dispositionPages(service: DispositionService): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, ACCESS, (page) => showOutline(page, service));
  addImportPages(pages, service);
  for (const direction of ['up', 'down'] as const)
    pages.post(`${PATH}/:id/${direction}`, ACCESS, async (page) => {
      const id = page.id<DispositionId>();
      await service.move(page.actor, id, direction);
      await page.redirect(`${PATH}#d-${String(id)}`);
    });
  return rowPages(
    {
      name: 'dispositions',
      permission: ACCESS,
      service,
      schema: dispositionSchema,
      title: nameIn,
      newValues: (page) => ({
        parentId: page.query['parent'] ?? '',
        phoneKey: '',
        active: true,
        allQueues: true,
        queues: [],
        followUpQueue: '',
        followUpHours: DISPOSITION_LIMITS.followUpHours.default,
      }),
      values: (_page, disposition) => ({
        ...disposition,
        parentId: disposition.parentId ?? '',
        followUpQueue: disposition.followUpQueue ?? '',
      }),
      data: (page, disposition) => editData(page, service, disposition),
      create: (page, values) => service.create(page.actor, values),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
      uses: async (disposition) =>
        (await service.childrenOf(disposition.id)).map(({ id, names }) => ({
          kind: 'disposition' as const,
          id,
          name: names.en,
        })),
    },
    pages,
  );
}

const nameIn = (page: PageContext, disposition: StoredDisposition): string =>
  page.language === 'zh-CN' ? disposition.nameZh : disposition.nameEn;

async function showOutline(page: PageContext, service: DispositionService): Promise<void> {
  const [tree, queues] = await Promise.all([
    service.tree(page.actor),
    service.queueOptions(page.actor),
  ]);
  const queueNames = new Map(queues.map((queue) => [queue.id, queue.name]));
  const lines = outlineOf(tree, page.language);
  page.render('dispositions/list', {
    title: page.t('dispositions.title'),
    styles: ['setup', 'dispositions'],
    count: lines.filter((line) => !line.isGroup).length,
    lines: lines.map((line) => ({
      ...line,
      id: line.disposition.id,
      name: line.path.at(-1),
      fullName: pathText(line.path),
      isActive: line.disposition.isActive,
      phoneKey: line.disposition.phoneKey,
      mayHold: line.level < DEEPEST_LEVEL,
      queues:
        line.disposition.queues === 'all'
          ? ''
          : line.disposition.queues.map((id) => queueNames.get(id) ?? '').join(', '),
    })),
    archived: tree
      .filter((one) => one.isArchived)
      .map((one) => ({ id: one.id, name: one.names[page.language] })),
  });
}

async function editData(
  page: PageContext,
  service: DispositionService,
  disposition: StoredDisposition | undefined,
) {
  const [tree, queues] = await Promise.all([
    service.tree(page.actor),
    service.queueOptions(page.actor),
  ]);
  const own = disposition ? withBelow(tree, disposition.id) : new Set<DispositionId>();
  const mayHold = ({ level, disposition: { id } }: OutlineLine): boolean =>
    level < DEEPEST_LEVEL && !own.has(id);
  return {
    styles: ['setup'],
    scripts: ['check-filter'],
    parents: outlineOf(tree, page.language)
      .filter(mayHold)
      .map((line) => ({ value: String(line.disposition.id), label: pathText(line.path) })),
    limits: DISPOSITION_LIMITS,
    queues: queues.map((queue) => ({ value: queue.id, label: queue.name })),
  };
}
