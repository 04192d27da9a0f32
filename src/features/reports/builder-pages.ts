import { requirePermission } from '../../kernel/actor.js';
import { urlWith, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { columnsFor, MOST_COLUMNS, OWN_SUBJECTS, readOwn } from './own-report.js';
import { columnName } from './report-table.js';

export const BUILDER_PATH = '/reports/builder';
const ACCESS = 'calls.read';
/** What a report keeps of its address when its columns are chosen anew. */
const KEPT = ['period', 'from', 'to', 'by'];

/** Where people choose what a report of their own is about, its columns, and which rows it shows. */
export function addBuilderPages(pages: PageRoutes): void {
  pages
    .get(BUILDER_PATH, ACCESS, (page) => {
      showBuilder(page, page.query);
    })
    .post(BUILDER_PATH, ACCESS, (page) => build(page));
}

function showBuilder(page: PageContext, query: PageContext['query'], problem = ''): void {
  requirePermission(page.actor, ACCESS);
  const { subject, columns, where, least } = readOwn(query);
  const chosen = columns.map(({ key }) => key);
  const groups = columnsFor(subject);
  page.render(
    'reports/builder',
    {
      title: page.t('reports.own.build'),
      crumbs: [{ label: page.t('reports.title'), href: '/reports' }],
      styles: ['setup', 'reports'],
      path: BUILDER_PATH,
      problem,
      about: subject.key,
      subjects: OWN_SUBJECTS.map(({ key }) => ({
        value: key,
        label: page.t(`reports.subject.${key}`),
      })),
      kept: KEPT.flatMap((name) => (query[name] ? [{ name, value: query[name] }] : [])),
      groups: groups.map(({ slug, columns: known }) => ({
        title: page.t(`reports.${slug}.title`),
        columns: known.map((column) => ({
          value: column.key,
          label: columnName(page, column),
          definition: page.t(`reports.column.${column.key}.definition`),
          isChosen: chosen.includes(column.key),
        })),
      })),
      counts: groups
        .flatMap(({ columns: known }) => known)
        .filter(({ kind }) => kind === 'count')
        .map((column) => ({ value: column.key, label: columnName(page, column) })),
      where: where?.key ?? '',
      least: least === 0 ? '' : String(least),
      most: MOST_COLUMNS,
    },
    problem === '' ? 200 : 422,
  );
}

async function build(page: PageContext): Promise<void> {
  const one = (name: string): string => {
    const value = page.body[name];
    return typeof value === 'string' ? value : (value?.[0] ?? '');
  };
  const sent = page.body['columns'] ?? [];
  const columns = typeof sent === 'string' ? [sent] : sent;
  const [where, least] = [one('where'), one('least').trim()];
  const query = {
    ...{ about: one('about'), columns: columns.join('.') },
    ...(where === '' || least === '' ? {} : { where, least }),
    ...Object.fromEntries(KEPT.map((name) => [name, one(name)])),
  };
  const found = readOwn(query);
  const problem =
    columns.length > MOST_COLUMNS
      ? page.t('reports.own.problem.too-many', { max: MOST_COLUMNS })
      : found.columns.length === 0
        ? page.t('reports.own.problem.none')
        : where !== '' && least !== '' && !/^\d{1,10}$/.test(least)
          ? page.t('reports.own.problem.least')
          : where !== '' && least !== '' && found.where === undefined
            ? page.t('reports.own.problem.where')
            : '';
  if (problem === '') await page.redirect(urlWith('/reports/own', query));
  else showBuilder(page, query, problem);
}
