import { requirePermission } from '../../kernel/actor.js';
import type { Language } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import {
  csvLine,
  listView,
  readList,
  sendCsv,
  urlWith,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { PERIODS } from '../calls/index.js';
import { askReport } from './ask-report.js';
import { BUILDER_PATH } from './builder-pages.js';
import { STANDARD_REPORTS } from './definitions/index.js';
import { OWN_SLUG, ownReport } from './own-report.js';
import type { Figure, ReportColumn, ReportDefinition, ReportItem } from './report-definition.js';
import {
  readReport,
  type AskedReport,
  type ReportRow,
  type ReportSources,
  type WholeReport,
} from './read-report.js';
import { changesShown, type ConfigurationChanges } from './configuration-changes.js';
import { chartOf, columnOf, heatOf, sumOf, type OpensCalls } from './report-pictures.js';
import {
  callsOf,
  columnName,
  exportLines,
  exportTable,
  itemName,
  rowCells,
  rowLabel,
  rowName,
  shownFigure,
  tableHead,
  untilText,
  type ItemWords,
  type ReportWords,
} from './report-table.js';
import type { WorkbookWriter } from './workbook.js';

export const REPORT_ACCESS = 'calls.read';

export interface ReportPageParts {
  readonly sources: (language: Language) => ReportSources;
  /** Until when the figures are. */
  readonly freshAt: () => Promise<number | undefined>;
  readonly changes: ConfigurationChanges;
  readonly clock: Clock;
  readonly workbook: WorkbookWriter;
  /** Names of items that have none in the database. */
  readonly itemWords: (words: ReportWords) => ItemWords;
}

/** The library and each standard report, on the page and as files. */
export function addReportPages(pages: PageRoutes, parts: ReportPageParts): void {
  pages.get('/reports', REPORT_ACCESS, showLibrary);
  for (const definition of STANDARD_REPORTS) {
    const path = `/reports/${definition.slug}`;
    pages.get(path, REPORT_ACCESS, (page) => showReport(page, definition, parts));
    pages.get(`${path}/export.csv`, REPORT_ACCESS, (page) => sendTable(page, definition, parts));
    pages.get(`${path}/export.xlsx`, REPORT_ACCESS, (page) =>
      sendWorkbook(page, definition, parts),
    );
  }
  // What an address without a column of use describes is built first.
  const own =
    (show: (page: PageContext, definition: ReportDefinition) => Promise<void>) =>
    (page: PageContext): Promise<void> => {
      const definition = ownReport(page.query);
      return definition === undefined
        ? page.redirect(urlWith(BUILDER_PATH, page.query))
        : show(page, definition);
    };
  const path = `/reports/${OWN_SLUG}`;
  pages
    .get(
      path,
      REPORT_ACCESS,
      own((page, definition) => showReport(page, definition, parts)),
    )
    .get(
      `${path}/export.csv`,
      REPORT_ACCESS,
      own((page, made) => sendTable(page, made, parts)),
    )
    .get(
      `${path}/export.xlsx`,
      REPORT_ACCESS,
      own((page, made) => sendWorkbook(page, made, parts)),
    );
}

function showLibrary(page: PageContext): void {
  page.render('reports/library', {
    title: page.t('reports.title'),
    styles: ['reports'],
    buildHref: BUILDER_PATH,
    reports: STANDARD_REPORTS.map(({ slug, icon, columns }) => ({
      icon,
      href: `/reports/${slug}`,
      title: page.t(`reports.${slug}.title`),
      about: page.t(`reports.${slug}.about`),
      columns: columns.map((column) => columnName(page, column)).join(' · '),
    })),
  });
}

/** What an address asks for, and where it is read from. */
async function askedOf(page: PageContext, definition: ReportDefinition, parts: ReportPageParts) {
  requirePermission(page.actor, REPORT_ACCESS);
  const sources = parts.sources(page.language);
  return {
    ...(await askReport(page, definition, sources.names, parts.clock.now())),
    sources,
  };
}

type Asked = Awaited<ReturnType<typeof askedOf>>;

async function showReport(
  page: PageContext,
  definition: ReportDefinition,
  parts: ReportPageParts,
): Promise<void> {
  const read = await askedOf(page, definition, parts);
  const { period, asked, address, subject, items, sources } = read;
  const path = `/reports/${definition.slug}`;
  const hasTiles = definition.tiles !== undefined;
  const [report, freshAt, changes] = await Promise.all([
    readReport(sources, definition, asked, { pictures: true, before: period.before }),
    parts.freshAt(),
    changesShown(page, definition, asked, parts.changes),
  ]);
  const request = readList(page, {
    path,
    sorts: ['row'],
    defaultSort: 'row',
    filters: [
      'period',
      'from',
      'to',
      'compare',
      'by',
      'heat',
      subject,
      ...Object.keys(definition.address ?? {}),
    ],
  });
  const shown = report.rows.slice(request.offset, request.offset + request.limit);
  const words = parts.itemWords(page);
  const at = { path, query: address };
  const whole: ReportRow = { span: asked.span, of: report.total };
  const opens: OpensCalls = (row, column, weekHour) =>
    callsOf(definition, asked, row, column, weekHour);
  const chart = chartOf(page, definition, { report, changes: changes.found, opens }, at);
  const heat = heatOf(page, definition, { report, opens }, at);
  page.render('reports/report', {
    title: page.t(`reports.${definition.slug}.title`),
    aboutText: page.t(`reports.${definition.slug}.about`),
    crumbs: [{ label: page.t('reports.title'), href: '/reports' }],
    styles: ['live', 'reports'],
    path,
    ...address,
    fixed: Object.entries(definition.address ?? {}).map(([name, value]) => ({ name, value })),
    buildHref: definition.slug === OWN_SLUG ? urlWith(BUILDER_PATH, address) : undefined,
    only: onlyText(page, definition),
    periods: PERIODS.map((value) => ({ value, label: page.t(`calls.period.${value}`) })),
    selects: selectsOf(page, definition, asked, items),
    canCompare: hasTiles,
    isCompared: period.before !== undefined,
    csvHref: urlWith(`${path}/export.csv`, address),
    xlsxHref: urlWith(`${path}/export.xlsx`, address),
    saveHref: urlWith('/reports/saved/new', {
      report: definition.slug,
      asked: new URLSearchParams(address).toString(),
    }),
    span: asked.span,
    last: asked.span.endAt - 1,
    hasPictures: chart !== undefined || heat.heat !== undefined,
    tiles: hasTiles
      ? tilesOf(page, definition, report, (column) => opens(whole, column))
      : undefined,
    chart,
    changes: changes.list,
    ...heat,
    columns: tableHead(page, definition.columns),
    rowLabel: rowLabel(page, definition, asked.by),
    rows: shown.map((row) => ({
      name: rowName(page, definition, asked.by, row, words),
      href: ownHref(definition, asked, row, at),
      isArchived: row.item?.isArchived === true,
      changes: changes.ofRow(row),
      cells: rowCells(page, definition, asked, row),
    })),
    list: listView(request, { rows: shown, total: report.rows.length }, []),
    total: {
      name: page.t('reports.total'),
      cells: rowCells(page, definition, asked, whole),
    },
    isCut: report.isCut ? page.t('reports.cut') : '',
    sum: sumOf(page, definition, report.total, (column) => opens(whole, column)),
    more: await moreOf(page, definition, read, parts),
    until: untilText(page, definition, freshAt),
    empty: page.t('reports.empty'),
  });
}

/** Which rows are left out. */
const onlyText = (page: PageContext, { only }: ReportDefinition): string =>
  only === undefined
    ? ''
    : page.t('reports.only', {
        name: columnName(page, { key: only.column }),
        least: only.least,
      });

/** Where a row has a report of its own: the same, by day. */
function ownHref(
  definition: ReportDefinition,
  asked: AskedReport,
  { item }: ReportRow,
  { path, query }: { readonly path: string; readonly query: Readonly<Record<string, string>> },
): string | undefined {
  const [first] = definition.subjects;
  const isOwn = item !== undefined && first?.key === asked.by && definition.units.includes('day');
  return isOwn && first.groupsOf === undefined
    ? urlWith(path, { ...query, [first.key]: item.item, by: 'day' })
    : undefined;
}

function selectsOf(
  page: PageContext,
  definition: ReportDefinition,
  { by, item }: AskedReport,
  items: readonly ReportItem[] | undefined,
) {
  const { subjects, units } = definition;
  const keys = [...subjects.map(({ key }) => key), ...units];
  const [first] = subjects;
  return [
    {
      ...{ name: 'by', label: page.t('reports.by'), value: by },
      options: keys.map((value) => ({ value, label: page.t(`reports.by.${value}`) })),
    },
    ...(items === undefined || first === undefined || first.groupsOf !== undefined
      ? []
      : [
          {
            ...{ name: first.key, label: page.t(`reports.subject.${first.key}`) },
            ...{ any: page.t('reports.every'), value: item ?? '' },
            options: items.map((one) => ({
              value: one.item,
              label: itemName(page, first.key, one),
            })),
          },
        ]),
  ];
}

/** The most important figures, with what they were in the time before. */
function tilesOf(
  page: PageContext,
  definition: ReportDefinition,
  { total, totalBefore: before }: WholeReport,
  calls: (column: ReportColumn) => string | undefined,
) {
  const figure = (key: string, of: Figure) => {
    const column = columnOf(definition, key);
    return column === undefined
      ? { text: '', href: undefined }
      : { text: shownFigure(column.kind, column.value(of), page), href: calls(column) };
  };
  return (definition.tiles ?? []).map(({ column, small, note }) => ({
    label: page.t(`reports.column.${column}`),
    definition: page.t(`reports.column.${column}.definition`),
    value: figure(column, total),
    small: small === undefined ? undefined : figure(small, total),
    note:
      note === undefined
        ? undefined
        : {
            text: page.t(note.text, { value: figure(note.column, total).text }),
            href: figure(note.column, total).href,
          },
    before:
      before === undefined
        ? ''
        : page.t('reports.before', { value: figure(small ?? column, before).text }),
  }));
}

/** Rows of another report below this one. */
async function moreOf(
  page: PageContext,
  definition: ReportDefinition,
  { asked, sources }: Asked,
  parts: ReportPageParts,
) {
  const other = STANDARD_REPORTS.find(({ slug }) => slug === definition.more);
  const [subject] = other?.subjects ?? [];
  if (other === undefined || subject === undefined || asked.item !== undefined) return undefined;
  const own = { ...asked, by: subject.key };
  const shown = { pictures: false, before: undefined };
  const { rows } = await readReport(sources, other, own, shown);
  if (rows.length === 0) return undefined;
  const label = rowLabel(page, other, subject.key);
  return {
    title: page.t(`reports.${other.slug}.title`),
    head: [label, ...other.columns.map((column) => columnName(page, column))],
    rows: rows.map((row) => [
      { label, text: rowName(page, other, subject.key, row, parts.itemWords(page)) },
      ...rowCells(page, other, own, row),
    ]),
  };
}

async function tableOf(page: PageContext, definition: ReportDefinition, parts: ReportPageParts) {
  const { asked, sources } = await askedOf(page, definition, parts);
  const [report, freshAt] = await Promise.all([
    readReport(sources, definition, asked, { pictures: false, before: undefined }),
    parts.freshAt(),
  ]);
  return exportTable(
    page,
    definition,
    asked,
    { ...report, until: untilText(page, definition, freshAt) },
    parts.itemWords(page),
  );
}

async function sendTable(
  page: PageContext,
  definition: ReportDefinition,
  parts: ReportPageParts,
): Promise<void> {
  const table = await tableOf(page, definition, parts);
  const lines = exportLines(table).map(csvLine);
  await sendCsv(
    page,
    { name: definition.slug, head: csvLine(table.head), at: parts.clock.now() },
    (write) => write(lines.join('')),
  );
}

async function sendWorkbook(
  page: PageContext,
  definition: ReportDefinition,
  parts: ReportPageParts,
): Promise<void> {
  const table = await tableOf(page, definition, parts);
  const day = new Date(parts.clock.now()).toISOString().slice(0, 10);
  const title = page.t(`reports.${definition.slug}.title`);
  const file = await parts.workbook.write({ title, ...table });
  page.res.attachment(`${definition.slug}-${day}.xlsx`).set('Cache-Control', 'private, no-store');
  page.res.end(file);
}
