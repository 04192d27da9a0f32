import { spansOf, type SpanUnit, type TimeSpan } from '../../engines/reporting/time-spans.js';
import type {
  Figures,
  FiguresQuery,
  FoundFigures,
  Numbers,
  SourceName,
} from '../report-sums/index.js';
import { addFigures, SOURCES } from '../report-sums/index.js';
import {
  figureOf,
  type Figure,
  type ReportDefinition,
  type ReportItem,
  type ReportSubject,
} from './report-definition.js';

/** What items of a subject are called, and which groups they are in. */
export interface ReportNames {
  /** Also those that are archived; undefined where items are words of the product. */
  items(subject: string): Promise<readonly ReportItem[] | undefined>;
  /** Item to groups. */
  groups(subject: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** That of the rates in use (ISO 4217); undefined where there are none. */
  currency(): Promise<string | undefined>;
}

/** What is not in sums: agents' states of now, and for how long agents were signed in. */
export interface AgentTime {
  read(
    query: Omit<FiguresQuery, 'source' | 'subject' | 'grain'>,
    now: number,
  ): Promise<FoundFigures>;
}

export interface ReportSources {
  readonly figures: Figures;
  readonly names: ReportNames;
  readonly agentTime: AgentTime;
}

/** A report as it is asked for. */
export interface AskedReport {
  readonly span: TimeSpan;
  /** Key of a subject, or a unit. */
  readonly by: string;
  /** Of the first subject; undefined: all. */
  readonly item?: string | undefined;
  readonly zone: string;
  readonly now: number;
  /** Of figures that are money. */
  readonly currency?: string | undefined;
}

/** One row: an item over the whole time, or everything in one span. */
export interface ReportRow {
  readonly item?: ReportItem;
  readonly span: TimeSpan;
  readonly of: Figure;
}

export const isUnit = (definition: ReportDefinition, by: string): by is SpanUnit =>
  definition.units.some((unit) => unit === by);

/** Subject by whose items rows are; where rows are spans the first one. */
export const subjectOf = ({ subjects }: ReportDefinition, by: string): ReportSubject => {
  const subject = subjects.find(({ key }) => key === by) ?? subjects[0];
  if (subject === undefined) throw new Error('a report without subjects');
  return subject;
};

type Part = Pick<FiguresQuery, 'by' | 'spans' | 'item' | 'grain'>;
/** Figures of a row by source. */
type Found = ReadonlyMap<string, Numbers>;
type Rows = ReadonlyMap<string, Found>;

/** Reads the parts of a report; each of them from all its sources at once. */
export class ReportReader {
  constructor(
    private readonly parts: ReportSources,
    private readonly definition: ReportDefinition,
    private readonly asked: AskedReport,
  ) {}

  /** Rows as they were asked for, in order, and everything together. */
  async rows(): Promise<{ readonly rows: readonly ReportRow[]; readonly total: Figure }> {
    const { definition, asked } = this;
    return isUnit(definition, asked.by) ? this.#spans(asked.by) : this.#items();
  }

  /** Everything together over another time. */
  async total(span: TimeSpan): Promise<Figure> {
    const found = await this.#read({
      by: 'all',
      spans: [span],
      item: this.asked.item,
      grain: 'day',
    });
    return figureOf(found.get('0') ?? new Map());
  }

  /** One row a span; of very many spans the last ones. */
  async spans(unit: SpanUnit): Promise<readonly ReportRow[]> {
    return (await this.#readSpans(unit)).rows;
  }

  async #readSpans(unit: SpanUnit) {
    const { span, zone, item } = this.asked;
    const spans = spansOf(span.startAt, span.endAt, unit, zone);
    const grain: Part['grain'] = unit === 'quarter' || unit === 'hour' ? 'quarter' : 'day';
    const found = await this.#read({ by: 'span', spans, item, grain });
    const rows = spans.map((one, n) => ({
      span: one,
      of: figureOf(found.get(String(n)) ?? new Map()),
    }));
    return { rows, found, spans, grain };
  }

  async #spans(unit: SpanUnit) {
    const { span } = this.asked;
    const { rows, found, spans, grain } = await this.#readSpans(unit);
    // Thousands of quarters take longer to be added up here than their days take to be read.
    const isAddedUp = grain === 'day' && (spans[0]?.startAt ?? Infinity) <= span.startAt;
    return { rows, total: isAddedUp ? figureOf(together(found)) : await this.total(span) };
  }

  async #items() {
    const { definition, asked, parts } = this;
    const subject = subjectOf(definition, asked.by);
    const [items, found, groups] = await Promise.all([
      parts.names.items(subject.key),
      this.#read({ by: 'item', spans: [asked.span], item: asked.item, grain: 'day' }),
      subject.groupsOf === undefined ? undefined : parts.names.groups(subject.key),
    ]);
    const figures = groups === undefined ? found : grouped(found, groups);
    const names = new Map(items?.map((item) => [item.item, item]));
    const listed = definition.isOfAll === true && items !== undefined ? unusedOf(items, asked) : [];
    const rows = [...new Set([...figures.keys(), ...listed])].map((item) => ({
      item: names.get(item) ?? { item, name: items === undefined ? '' : `#${item}` },
      span: asked.span,
      of: figureOf(figures.get(item) ?? new Map()),
    }));
    return { rows: rows.sort(order(definition, items)), total: figureOf(together(found)) };
  }

  async #read(part: Part): Promise<Rows> {
    const { definition, asked } = this;
    const subject = subjectOf(definition, asked.by);
    const base = subject.groupsOf ?? subject.key;
    const sources = definition.sources.filter((name) => base in SOURCES[name].subjects);
    const found = await Promise.all(
      sources.map(async (name) => [name, await this.#source(name, base, part)] as const),
    );
    const rows = new Map<string, Map<string, Numbers>>();
    for (const [name, figures] of found)
      for (const [key, numbers] of figures) {
        const row = rows.get(key) ?? new Map<string, Numbers>();
        rows.set(key, row.set(name, numbers));
      }
    return rows;
  }

  async #source(source: SourceName, subject: string, part: Part): Promise<FoundFigures> {
    const { figures, agentTime } = this.parts;
    const isOfAgents = source === 'agents' && subject === 'agent';
    const [found, live] = await Promise.all([
      figures.read({ ...part, source, subject }),
      isOfAgents ? agentTime.read(part, this.asked.now) : undefined,
    ]);
    if (live === undefined) return found;
    return new Map(
      [...new Set([...found.keys(), ...live.keys()])].map((key) => [
        key,
        addFigures(SOURCES[source], found.get(key), live.get(key) ?? {}),
      ]),
    );
  }
}

/** Adds figures of one row to those of another. */
function put(row: Map<string, Numbers>, figures: Found): Map<string, Numbers> {
  for (const [name, numbers] of figures)
    row.set(name, addFigures(SOURCES[name as SourceName], row.get(name), numbers));
  return row;
}

/** All rows as one. */
const together = (rows: Rows): Found =>
  [...rows.values()].reduce((sum: Map<string, Numbers>, row) => put(sum, row), new Map());

/** Items as their groups: one that is in two counts in both. */
function grouped(rows: Rows, groups: ReadonlyMap<string, readonly string[]>): Rows {
  const found = new Map<string, Map<string, Numbers>>();
  for (const [item, figures] of rows)
    for (const group of groups.get(item) ?? [])
      found.set(group, put(found.get(group) ?? new Map<string, Numbers>(), figures));
  return found;
}

/** Items that are rows though nothing was counted. */
const unusedOf = (items: readonly ReportItem[], { item: only }: AskedReport): readonly string[] =>
  items
    .filter(({ item, isArchived }) => isArchived !== true && (only === undefined || only === item))
    .map(({ item }) => item);

function order(definition: ReportDefinition, items: readonly ReportItem[] | undefined) {
  const [first] = definition.columns;
  const place = new Map(items?.map(({ item }, n) => [item, n]));
  const placeOf = ({ item }: ReportRow): number =>
    place.get(item?.item ?? '') ?? Number(item?.item);
  const most = ({ of }: ReportRow): number => {
    const value = first?.value(of);
    return typeof value === 'number' ? value : 0;
  };
  return (a: ReportRow, b: ReportRow): number =>
    (definition.isByName === true ? 0 : most(b) - most(a)) || placeOf(a) - placeOf(b) || 0;
}

/** Everything that a page shows of a report. */
export interface WholeReport {
  readonly rows: readonly ReportRow[];
  readonly total: Figure;
  readonly totalBefore: Figure | undefined;
  /** Days, or hours where it is about one day; none where nothing is drawn. */
  readonly columns: readonly ReportRow[];
  readonly hours: readonly ReportRow[];
  /** Of a very long period only the last rows are there; the total is of all of it. */
  readonly isCut: boolean;
}

/** Whether a row has enough to be shown. */
function isShown({ only, columns }: ReportDefinition): (row: ReportRow) => boolean {
  const column = columns.find(({ key }) => key === only?.column);
  if (only === undefined || column === undefined) return () => true;
  return ({ of }) => {
    const value = column.value(of);
    return typeof value === 'number' && value >= only.least;
  };
}

/** Reads a report: for a file rows and total are enough; `before` is the time that its tiles are compared with. */
export async function readReport(
  parts: ReportSources,
  definition: ReportDefinition,
  asked: AskedReport,
  shown: { readonly pictures: boolean; readonly before: TimeSpan | undefined },
): Promise<WholeReport> {
  const reader = new ReportReader(parts, definition, asked);
  const { span, zone, by } = asked;
  const unit = spansOf(span.startAt, span.endAt, 'day', zone).length > 1 ? 'day' : 'hour';
  const isDrawn = shown.pictures && definition.chart !== undefined;
  const isMapped = shown.pictures && definition.heat !== undefined;
  const read = reader.rows();
  const spansBy = (wanted: SpanUnit) =>
    wanted === by ? read.then(({ rows }) => rows) : reader.spans(wanted);
  const hours = isMapped ? spansBy('hour') : [];
  const columns = !isDrawn ? [] : unit === 'hour' && isMapped ? hours : spansBy(unit);
  const isCompared = definition.tiles !== undefined && shown.before !== undefined;
  const [{ rows: all, total }, totalBefore, drawn, mapped] = await Promise.all([
    read,
    isCompared ? reader.total(shown.before) : undefined,
    columns,
    hours,
  ]);
  return {
    rows: all.filter(isShown(definition)),
    total,
    totalBefore,
    columns: drawn,
    hours: mapped,
    isCut: isUnit(definition, by) && (all[0]?.span.startAt ?? 0) > span.startAt,
  };
}
