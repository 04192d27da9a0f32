/** What is counted of the rows of a source; names are those of columns in camel case. */
export interface Measure {
  /** count: rows of which `sql` is true, which are also the calls that a figure opens; sum, max: of the value `sql`. */
  readonly kind: 'count' | 'sum' | 'max';
  readonly sql: string;
}

/** Whom or what figures are about: a queue, an agent, a trunk. */
export interface Subject {
  /** SQL of the item's name, at most 40 characters; rows without one are left out. */
  readonly item: string;
  /** Rows that count for this subject. */
  readonly where?: string;
}

/** Rows that a rate or a mean is of, where no measure counts exactly them. */
export interface Base {
  readonly sql: string;
  /** How many they are, from measures; absent where these do not say it. */
  readonly rows?: (of: (measure: string) => number) => number;
}

/** Limits an instant to the time asked for; bound as `:from` and `:to`. */
export type Within = (column: string) => string;

/** Which changes make sums of a source anew: of the ledger's calls and agents, or of a table that features write. */
export type Marked = 'calls' | 'agents' | 'attempts' | 'dispositions' | 'callbacks' | 'rates';

/**
 * Something that reports count, as SQL over the tables of the ledger. Its sums, its raw figures and the calls behind them come from
 * this one description.
 */
export interface ReportSource {
  readonly name: string;
  /** Where its sums are. */
  readonly table: string;
  /** Table and column with the first instant that can have sums. */
  readonly begins: readonly [table: string, column: string];
  /** FROM with everything that is joined. */
  readonly from: (within: Within) => string;
  readonly where: string;
  /** The instant at which a row counts; undefined where `from` has cut the rows to the time asked for. */
  readonly at?: string;
  /** The call of a row, where figures open calls. */
  readonly callId?: string;
  readonly marked: readonly Marked[];
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly measures: Readonly<Record<string, Measure>>;
  readonly bases?: Readonly<Record<string, Base>>;
  /** Later calls change what a row counts as for so many days; its sums are made anew every night. */
  readonly settlesForDays?: number;
}

export const count = (sql: string): Measure => ({ kind: 'count', sql });
export const sum = (sql: string): Measure => ({ kind: 'sum', sql });
export const most = (sql: string): Measure => ({ kind: 'max', sql });

/** The condition of the rows that a count or a base is of; undefined for what is neither. */
export function conditionOf(
  { measures, bases = {} }: ReportSource,
  name: string,
): string | undefined {
  if (Object.hasOwn(bases, name)) return bases[name]?.sql;
  const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
  return measure?.kind === 'count' ? measure.sql : undefined;
}

/** The item of a sum over all items. */
export const ALL_ITEMS = '*';

/** `talkMs` is the column `talk_ms`. */
export const columnOf = (measure: string): string =>
  measure.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** SQL of a measure over a group of rows of the source. */
export function measureSql({ kind, sql }: Measure): string {
  switch (kind) {
    case 'count':
      return sql === 'TRUE' ? 'COUNT(*)' : `COALESCE(SUM(${sql}), 0)`;
    case 'sum':
      return `COALESCE(SUM(${sql}), 0)`;
    case 'max':
      return `COALESCE(MAX(${sql}), 0)`;
  }
}

/** SQL of a measure over a group of rows of sums. */
export const summedSql = (name: string, { kind }: Measure): string =>
  `COALESCE(${kind === 'max' ? 'MAX' : 'SUM'}(${columnOf(name)}), 0)`;

/**
 * The same to be read: as a floating number, which the server adds up in half the time of a decimal one, and exactly below 2^53:
 * in ms 285,000 years.
 */
export const readSql = (name: string, { kind }: Measure): string =>
  `COALESCE(${kind === 'max' ? 'MAX' : 'SUM'}(${columnOf(name)} + 0e0), 0)`;

/** FROM and WHERE of a source for a subject; bindings `:from` and `:to`. */
export function rowsSql(source: ReportSource, subject: Subject): string {
  const within: Within = (column) => `${column} >= :from AND ${column} < :to`;
  const conditions = [
    ...(source.at === undefined ? [] : [within(source.at)]),
    source.where,
    ...(subject.where === undefined ? [] : [subject.where]),
    `${subject.item} IS NOT NULL`,
  ];
  return `FROM ${source.from(within)} WHERE ${conditions.join(' AND ')}`;
}
