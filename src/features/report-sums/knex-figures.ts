import type { Knex } from 'knex';
import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import {
  addFigures,
  type Figures,
  type FiguresQuery,
  type FoundFigures,
  type Numbers,
} from './figures.js';
import { ALL_ITEMS, columnOf, measureSql, readSql, rowsSql, type ReportSource } from './source.js';
import { SOURCES } from './sources.js';

type Row = Readonly<Record<string, string | number | Date | null>>;

/** Reads figures from sums, and from the rows of the ledger where a subject is narrowed by another one. */
export class KnexFigures implements Figures {
  constructor(private readonly db: Knex) {}

  read(query: FiguresQuery): Promise<FoundFigures> {
    return query.spans.length === 0 ? Promise.resolve(new Map()) : this.#summed(query);
  }

  /** The same from the rows themselves, over the whole time: what sums are compared with. */
  async raw(query: FiguresQuery): Promise<FoundFigures> {
    const source: ReportSource = SOURCES[query.source];
    const subject = source.subjects[query.subject];
    const { fromAt, toAt } = wholeOf(query.spans);
    if (subject === undefined) return new Map();
    const narrowed = query.item === undefined ? '' : `AND ${subject.item} = :item`;
    const [rows] = await this.db.raw<readonly [readonly Row[], unknown]>(
      `SELECT ${query.by === 'item' ? `${subject.item} AS item, ` : ''}${Object.entries(
        source.measures,
      )
        .map(([name, measure]) => `${measureSql(measure)} AS ${columnOf(name)}`)
        .join(
          ', ',
        )} ${rowsSql(source, subject)} ${narrowed} ${query.by === 'item' ? `GROUP BY ${subject.item}` : ''}`,
      { from: new Date(fromAt), to: new Date(toAt), item: query.item ?? '' },
    );
    return new Map(
      rows.map((row) => [query.by === 'item' ? String(row['item']) : '0', numbers(source, row)]),
    );
  }

  async #summed(query: FiguresQuery): Promise<FoundFigures> {
    const source: ReportSource = SOURCES[query.source];
    const { fromAt, toAt } = wholeOf(query.spans);
    const rows = this.db(source.table)
      .where({ subject: query.subject, grain: query.grain })
      .where('at', '>=', new Date(fromAt))
      .where('at', '<', new Date(toAt));
    if (query.by === 'span') {
      void rows
        .where('item', query.item ?? ALL_ITEMS)
        .select('at', ...Object.keys(source.measures).map(columnOf));
      const found: readonly Row[] = await rows;
      return intoSpans(source, found, query.spans);
    }
    for (const [name, measure] of Object.entries(source.measures))
      void rows.select(this.db.raw(`${readSql(name, measure)} AS ??`, [columnOf(name)]));
    if (query.by === 'all') {
      const found: readonly Row[] = await rows.where('item', query.item ?? ALL_ITEMS);
      return new Map(found.map((row) => ['0', numbers(source, row)]));
    }
    if (query.item === undefined) void rows.whereNot('item', ALL_ITEMS);
    else void rows.where('item', query.item);
    const found: readonly Row[] = await rows.groupBy('item').select('item');
    return new Map(found.map((row) => [String(row['item']), numbers(source, row)]));
  }
}

const wholeOf = (spans: readonly TimeSpan[]) => ({
  fromAt: spans[0]?.startAt ?? 0,
  toAt: spans.at(-1)?.endAt ?? 0,
});

/** Sums of the rows themselves come as decimal texts. */
const numbers = ({ measures }: ReportSource, row: Row): Numbers =>
  Object.fromEntries(Object.keys(measures).map((name) => [name, Number(row[columnOf(name)] ?? 0)]));

function intoSpans(
  source: ReportSource,
  rows: readonly Row[],
  spans: readonly TimeSpan[],
): FoundFigures {
  const found = new Map<string, Numbers>();
  for (const row of rows) {
    const place = String(spanAt(spans, (row['at'] as Date).getTime()));
    const own = numbers(source, row);
    const before = found.get(place);
    found.set(place, addFigures(source, before, own));
  }
  return found;
}

/** The last span that begins at or before an instant; they are in order. */
function spanAt(spans: readonly TimeSpan[], at: number): number {
  let [low, high] = [0, spans.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((spans[middle]?.startAt ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
