import {
  csvTime,
  formatDuration,
  formatPercent,
  formatPhone,
  formatWhen,
  NO_VALUE,
  urlWith,
  type PageContext,
  type Reader,
} from '../../web/kit/index.js';
import { figureText, SOURCES, type FigureFilter } from '../report-sums/index.js';
import { spanName } from './heat-map.js';
import type {
  ColumnKind,
  Figure,
  ReportColumn,
  ReportDefinition,
  ReportItem,
} from './report-definition.js';
import { STRETCHES_PATH } from './stretch-figure.js';
import {
  isUnit,
  subjectOf,
  type AskedReport,
  type ReportRow,
  type WholeReport,
} from './read-report.js';

/** What words a report needs of the page that it is written for. */
export type ReportWords = Pick<PageContext, 't' | 'hasText' | 'language' | 'zone'> & Reader;

type Value = ReturnType<ReportColumn['value']>;

/** The figure as it is shown. */
export function shownFigure(
  kind: ColumnKind,
  figure: Value,
  { language }: Pick<Reader, 'language'>,
  currency?: string,
): string {
  if (figure === undefined) return NO_VALUE;
  if (typeof figure !== 'number')
    return `${formatPercent(figure[0], language)} – ${formatPercent(figure[1], language)}`;
  if (kind === 'share') return formatPercent(figure, language);
  // To the nearest second, as in files: what lasts only is cut.
  if (kind === 'duration') return formatDuration(1_000 * Math.round(figure / 1_000));
  if (kind === 'money') return shownMoney(figure, language, currency);
  return new Intl.NumberFormat(language).format(figure);
}

/** Millionths as money; two decimals, of what is less than one four. */
function shownMoney(micros: number, language: string, currency: string | undefined): string {
  const digits = micros > 0 && micros < 1e6 ? 4 : 2;
  return new Intl.NumberFormat(language, {
    ...(currency === undefined ? {} : { style: 'currency', currency }),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(micros / 1e6);
}

/** The figure as a file has it: counts, shares from 0 to 1 with four decimals, seconds, money of the currency; '' where there is none. */
export function exportedFigure(kind: ColumnKind, figure: Value): number | string {
  if (figure === undefined) return '';
  if (typeof figure !== 'number') return figure.map((one) => one.toFixed(4)).join(' – ');
  if (kind === 'share') return Number(figure.toFixed(4));
  if (kind === 'money') return Number((figure / 1e6).toFixed(6));
  return kind === 'duration' ? Math.round(figure / 1_000) : figure;
}

export const columnName = (words: ReportWords, { key }: Pick<ReportColumn, 'key'>): string =>
  words.t(`reports.column.${key}`);

/** Columns with what they mean. */
export const tableHead = (words: ReportWords, columns: readonly ReportColumn[]) =>
  columns.map(({ key }) => ({
    label: words.t(`reports.column.${key}`),
    definition: words.t(`reports.column.${key}.definition`),
  }));

/** What the first column is called. */
export const rowLabel = (words: ReportWords, definition: ReportDefinition, by: string): string =>
  words.t(
    isUnit(definition, by)
      ? `reports.by.${by}`
      : `reports.subject.${subjectOf(definition, by).key}`,
  );

/** Names of items that have none in the database. */
export type ItemWords = (subject: string, item: string) => string | undefined;

/** The name of an item: as the company gave it, else in the product's words. */
export function itemName(
  words: ReportWords,
  subject: string,
  { item, name }: ReportItem,
  known: ItemWords = () => undefined,
): string {
  if (subject === 'did') return name.replace(/^\S+/, (number) => formatPhone(number, words));
  if (name !== '') return name;
  const key = `reports.item.${subject}.${item}`;
  return known(subject, item) ?? (words.hasText(key) ? words.t(key) : item);
}

/** What a row is called on the page. */
export function rowName(
  words: ReportWords,
  definition: ReportDefinition,
  by: string,
  row: ReportRow,
  known?: ItemWords,
): string {
  if (row.item !== undefined)
    return itemName(words, subjectOf(definition, by).key, row.item, known);
  return isUnit(definition, by) ? spanName(row.span.startAt, by, words) : words.t('reports.total');
}

/** The calls that a figure counts or is computed of, of agents' time its stretches; undefined where there is nothing to be opened. */
export function callsOf(
  definition: ReportDefinition,
  asked: AskedReport,
  row: ReportRow,
  column: ReportColumn,
  weekHour?: FigureFilter['weekHour'],
): string | undefined {
  const { key, calls } = column;
  const figure = column.value(row.of);
  if (calls === undefined || figure === undefined) return undefined;
  if (row.of(calls) === 0 && figure === 0) return undefined;
  const subject = subjectOf(definition, asked.by);
  const [source = '', measure = ''] = calls.split('.');
  const base = subject.groupsOf ?? subject.key;
  if (!(base in SOURCES[source as keyof typeof SOURCES].subjects)) return undefined;
  return urlWith(source === 'agents' ? STRETCHES_PATH : '/calls', {
    figure: figureText({
      ...{ source, measure, subject: subject.key, item: row.item?.item ?? asked.item },
      fromAt: Math.max(row.span.startAt, asked.span.startAt),
      toAt: Math.min(row.span.endAt, asked.span.endAt),
      weekHour,
    }),
    column: key,
  });
}

/** Cells of a row, with the calls behind each. */
export const rowCells = (
  words: ReportWords,
  definition: ReportDefinition,
  asked: AskedReport,
  row: ReportRow,
) =>
  definition.columns.map((column) => {
    const figure = column.value(row.of);
    return {
      label: columnName(words, column),
      text: shownFigure(column.kind, figure, words, asked.currency),
      href: callsOf(definition, asked, row, column),
      isQuiet: figure === 0,
    };
  });

/** A report as a file has it, CSV and workbook alike. */
export interface ExportTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly total: readonly (string | number)[];
  /** Until when the figures are, and how they count; last, where rows are left out, which. */
  readonly notes: readonly string[];
}

/** What a file has below its head. */
export const exportLines = ({
  rows,
  total,
  notes,
}: ExportTable): readonly (readonly (string | number)[])[] => [
  ...rows,
  total,
  ...notes.map((note) => [note]),
];

/** The name of a column with the unit of its figures. */
function exportedName(words: ReportWords, column: ReportColumn, currency = ''): string {
  const name = columnName(words, column);
  if (column.kind === 'duration') return words.t('reports.in-seconds', { name });
  return column.kind === 'money' && currency !== ''
    ? words.t('reports.in-currency', { name, currency })
    : name;
}

export function exportTable(
  words: ReportWords,
  definition: ReportDefinition,
  asked: AskedReport,
  read: Pick<WholeReport, 'rows' | 'total' | 'isCut'> & { readonly until: string },
  known?: ItemWords,
): ExportTable {
  const { columns } = definition;
  const cells = (of: Figure): (string | number)[] =>
    columns.map(({ kind, value }) => exportedFigure(kind, value(of)));
  const nameOf = (row: ReportRow): string =>
    row.item === undefined
      ? csvTime(new Date(row.span.startAt), words).slice(0, 16)
      : rowName(words, definition, asked.by, row, known);
  return {
    head: [
      rowLabel(words, definition, asked.by),
      ...columns.map((column) => exportedName(words, column, asked.currency)),
    ],
    rows: read.rows.map((row) => [nameOf(row), ...cells(row.of)]),
    total: [words.t('reports.total'), ...cells(read.total)],
    notes: [read.until, ...(read.isCut ? [words.t('reports.cut')] : [])],
  };
}

export const untilText = (
  words: ReportWords,
  { counts }: ReportDefinition,
  freshAt: number | undefined,
): string =>
  words.t(`reports.until.${counts}`, {
    time: freshAt === undefined ? NO_VALUE : formatWhen(freshAt, 'full', words),
  });
