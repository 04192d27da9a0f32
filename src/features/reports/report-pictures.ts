import { formatWhen, urlWith } from '../../web/kit/index.js';
import type { ConfigurationChange } from './configuration-changes.js';
import type { FigureFilter } from '../report-sums/index.js';
import { heatMap, spanName } from './heat-map.js';
import type { Figure, ReportColumn, ReportDefinition } from './report-definition.js';
import type { ReportRow, WholeReport } from './read-report.js';
import { columnName, shownFigure, type ReportWords } from './report-table.js';
import { MOST_COLUMNS, spanChart } from './span-chart.js';

const DAY_MS = 86_400_000;

export const columnOf = ({ columns }: ReportDefinition, key: string): ReportColumn | undefined =>
  columns.find((column) => column.key === key) ?? EXTRA.find((column) => column.key === key);

/** Parts of charts and sums that no table has a column for. */
const EXTRA: readonly ReportColumn[] = [
  { key: 'waiting', kind: 'count', value: (of) => of('visits.waiting'), calls: 'visits.waiting' },
  { key: 'unknown', kind: 'count', value: (of) => of('visits.unknown'), calls: 'visits.unknown' },
];

export const numberOf = (column: ReportColumn | undefined, of: Figure): number => {
  const value = column?.value(of);
  return typeof value === 'number' ? value : 0;
};

/** What a figure of a row opens, of one hour of the week only where there is one. */
export type OpensCalls = (
  row: ReportRow,
  column: ReportColumn,
  weekHour?: FigureFilter['weekHour'],
) => string | undefined;

/** Stacked columns; undefined where there is nothing, or the columns would be too many to be read. */
export function chartOf(
  words: ReportWords,
  definition: ReportDefinition,
  {
    report: { columns },
    changes,
    opens,
  }: {
    readonly report: WholeReport;
    readonly changes: readonly ConfigurationChange[];
    readonly opens: OpensCalls;
  },
  { path, query }: { readonly path: string; readonly query: Readonly<Record<string, string>> },
) {
  const parts = (definition.chart ?? []).flatMap((key) => columnOf(definition, key) ?? []);
  const isEmpty = columns.every(({ of }) => parts.every((part) => numberOf(part, of) === 0));
  if (parts.length === 0 || isEmpty || columns.length > MOST_COLUMNS) return undefined;
  const [first, second] = columns;
  const isHours = second !== undefined && second.span.endAt - (first?.span.startAt ?? 0) < DAY_MS;
  const unit = isHours ? 'hour' : 'day';
  return {
    ...spanChart(
      columns.map((row) => ({
        label: isHours ? formatWhen(row.span.startAt, 'time', words) : shortDay(row, words),
        parts: parts.map((part, n) => ({
          tone: `p${String(n + 1)}`,
          count: numberOf(part, row.of),
          href: opens(row, part) ?? '',
        })),
        text: `${spanName(row.span.startAt, unit, words)}: ${partsText(words, parts, row.of)}`,
        mark: markOf(words, row, changes),
      })),
    ),
    isMarked: changes.length > 0,
    legend: parts.map((part, n) => ({ tone: `p${String(n + 1)}`, label: columnName(words, part) })),
    title: words.t(isHours ? 'reports.by-hour' : 'reports.by-day'),
    table: urlWith(path, { ...query, by: unit }),
  };
}

/** What was changed in the time of a column; '' where nothing was. */
function markOf(
  words: ReportWords,
  { span }: ReportRow,
  changes: readonly ConfigurationChange[],
): string {
  const own = changes.filter(({ at }) => at >= span.startAt && at < span.endAt);
  return own.length === 0 ? '' : words.t('reports.changes.count', { count: own.length });
}

const shortDay = ({ span }: ReportRow, { language, zone }: ReportWords): string =>
  new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: zone }).format(
    span.startAt,
  );

const partsText = (words: ReportWords, parts: readonly ReportColumn[], of: Figure): string =>
  parts
    .filter((part) => numberOf(part, of) > 0)
    .map((part) => `${columnName(words, part)} ${String(numberOf(part, of))}`)
    .join(', ') || words.t('reports.no-calls');

/** The map of weekdays and hours with the ways of looking at it. */
export function heatOf(
  words: ReportWords,
  definition: ReportDefinition,
  { report: { hours }, opens }: { readonly report: WholeReport; readonly opens: OpensCalls },
  { path, query }: { readonly path: string; readonly query: Readonly<Record<string, string>> },
) {
  const keys = definition.heat ?? [];
  const metric = keys.find((key) => key === query['heat']) ?? keys[0];
  const column = metric === undefined ? undefined : columnOf(definition, metric);
  const [counted] = definition.columns;
  if (column === undefined || counted === undefined) return {};
  return {
    heatMetric: metric,
    heat: heatMap(hours, { column, counted, opens }, words),
    heats: keys.map((key) => ({
      label: words.t(`reports.column.${key}`),
      href: urlWith(path, { ...query, heat: key }),
      on: key === metric,
    })),
  };
}

/** `offered 120 = answered 100 + …`, and whether that holds. */
export function sumOf(
  words: ReportWords,
  definition: ReportDefinition,
  of: Figure,
  calls: (column: ReportColumn) => string | undefined,
) {
  const { sum } = definition;
  const whole = sum && columnOf(definition, sum.whole);
  if (sum === undefined || whole === undefined) return undefined;
  const keys = [...sum.parts, ...(sum.optional ?? [])];
  const parts = keys
    .flatMap((key) => columnOf(definition, key) ?? [])
    .filter(({ key }) => sum.parts.includes(key) || numberOf(columnOf(definition, key), of) > 0);
  const difference = parts.reduce((left, part) => left - numberOf(part, of), numberOf(whole, of));
  const text = (column: ReportColumn): string => shownFigure(column.kind, column.value(of), words);
  const missing = shownFigure(whole.kind, Math.abs(difference), words);
  const unknown = columnOf(definition, 'unknown');
  return {
    whole: { label: columnName(words, whole), text: text(whole), href: calls(whole) },
    parts: parts.map((part) => ({
      ...{ label: columnName(words, part), text: text(part) },
      href: calls(part),
    })),
    difference: difference === 0 ? '' : words.t('reports.difference', { value: missing }),
    href: definition.slug === 'queues' && unknown !== undefined ? calls(unknown) : undefined,
  };
}
