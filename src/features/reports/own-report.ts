import type { SpanUnit } from '../../engines/reporting/time-spans.js';
import { SOURCES, type SourceName } from '../report-sums/index.js';
import { STANDARD_REPORTS } from './definitions/index.js';
import { ALL_UNITS, DAY_UNITS } from './definitions/units.js';
import type { ReportColumn, ReportDefinition, ReportSubject } from './report-definition.js';

/** The address of reports that people build: `/reports/own?about=queue&columns=offered.abandoned`. */
export const OWN_SLUG = 'own';
/** More columns fit neither a page nor an address. */
export const MOST_COLUMNS = 20;
const MOST_LEAST = 1_000_000_000;

type Query = Readonly<Record<string, string>>;

/** What reports can be about, each once, in the order of the library. */
export const OWN_SUBJECTS: readonly ReportSubject[] = [
  ...new Map(
    STANDARD_REPORTS.flatMap(({ subjects }) => subjects).map((one) => [one.key, one]),
  ).values(),
];

/** The sources whose figures a column is made of. */
function sourcesOf({ value, calls }: ReportColumn): readonly SourceName[] {
  const found = new Set<string>();
  const note = (name: string): number => {
    found.add(name.split('.')[0] ?? '');
    return 1;
  };
  value(note);
  if (calls !== undefined) note(calls);
  return [...found] as SourceName[];
}

/** A standard report with those of its columns that have figures for a subject. */
export interface ColumnGroup {
  readonly slug: string;
  readonly columns: readonly ReportColumn[];
}

/**
 * Columns that can stand beside each other: those of standard reports that can be about this subject, whose figures all know it.
 * Each column is in the first report that has it.
 */
export function columnsFor({ key, groupsOf }: ReportSubject): readonly ColumnGroup[] {
  const seen = new Set<string>();
  const isOf = (column: ReportColumn): boolean =>
    sourcesOf(column).every((name) => (groupsOf ?? key) in SOURCES[name].subjects);
  return STANDARD_REPORTS.filter(({ subjects }) => subjects.some((one) => one.key === key))
    .map(({ slug, columns }) => ({
      slug,
      columns: columns.filter((column) => {
        const isNew = !seen.has(column.key) && isOf(column);
        if (isNew) seen.add(column.key);
        return isNew;
      }),
    }))
    .filter(({ columns }) => columns.length > 0);
}

/** What an address says of a built report; what it names that is none is left out. */
export function readOwn(query: Query) {
  const [usual] = OWN_SUBJECTS;
  const subject = OWN_SUBJECTS.find(({ key }) => key === query['about']) ?? usual;
  if (subject === undefined) throw new Error('no report has a subject');
  const known = columnsFor(subject).flatMap(({ columns }) => columns);
  const asked = [...new Set((query['columns'] ?? '').split('.'))];
  const columns = asked
    .flatMap((key) => known.find((column) => column.key === key) ?? [])
    .slice(0, MOST_COLUMNS);
  const where = columns.find(({ key, kind }) => key === query['where'] && kind === 'count');
  const least = /^\d{1,10}$/.test(query['least'] ?? '') ? Number(query['least']) : 0;
  return { subject, columns, where, least: Math.min(MOST_LEAST, least) };
}

/** Days alone where something is summed by day, nothing where groups overlap. */
function unitsOf(subject: ReportSubject, sources: readonly SourceName[]): readonly SpanUnit[] {
  if (subject.groupsOf !== undefined) return [];
  return sources.includes('agents') ? DAY_UNITS : ALL_UNITS;
}

const countsOf = (sources: readonly SourceName[]): ReportDefinition['counts'] =>
  sources.includes('agents')
    ? 'time'
    : sources.includes('visits')
      ? 'visits'
      : sources.includes('attempts')
        ? 'dials'
        : 'calls';

/** The report that an address describes; undefined where it has no column. */
export function ownReport(query: Query): ReportDefinition | undefined {
  const { subject, columns, where, least } = readOwn(query);
  if (columns.length === 0) return undefined;
  const sources = [...new Set(columns.flatMap(sourcesOf))];
  return {
    ...{ slug: OWN_SLUG, icon: 'table', sources, columns },
    subjects: [subject],
    units: unitsOf(subject, sources),
    counts: countsOf(sources),
    ...(where === undefined || least === 0 ? {} : { only: { column: where.key, least } }),
    address: {
      about: subject.key,
      columns: columns.map(({ key }) => key).join('.'),
      ...(where === undefined || least === 0 ? {} : { where: where.key, least: String(least) }),
    },
  };
}

/** The report of a slug, standard or built; undefined where there is none. */
export const reportOf = (slug: string, query: Query): ReportDefinition | undefined =>
  slug === OWN_SLUG ? ownReport(query) : STANDARD_REPORTS.find((one) => one.slug === slug);
