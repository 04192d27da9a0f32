import type { SpanUnit } from '../../engines/reporting/time-spans.js';
import { SOURCES, type Numbers, type ReportSource, type SourceName } from '../report-sums/index.js';

/** A measure or a base of a source. */
export type Counted = `${SourceName}.${string}`;

/** Figures of one row: `source.measure`, 0 where nothing was counted. */
export type Figure = (name: Counted) => number;

/**
 * count; share: from 0 to 1; duration: ms; mean: of scores, from 0 to 1, with the interval in which it lies with 95 %;
 * interval: that interval. money: millionths of the currency.
 */
export type ColumnKind = 'count' | 'share' | 'duration' | 'interval' | 'money';

/** One column of a report. Its words are `reports.column.<key>` and `reports.column.<key>.definition`. */
export interface ReportColumn {
  readonly key: string;
  readonly kind: ColumnKind;
  /** undefined where there is nothing to be divided by. */
  readonly value: (of: Figure) => number | readonly [low: number, high: number] | undefined;
  /** The count whose calls the figure opens, or the one that it is computed of; of agents' time its stretches. */
  readonly calls?: Counted;
}

/** What the items of a subject are and are called. */
export interface ReportItem {
  readonly item: string;
  readonly name: string;
  readonly isArchived?: boolean;
}

/** What rows can be about: `reports.by.<key>` and `reports.subject.<key>` are its words. */
export interface ReportSubject {
  readonly key: string;
  /** A subject of the sources of which groups are made: skills of agents. */
  readonly groupsOf?: string;
}

export interface ReportTile {
  readonly column: string;
  /** Beside the figure. */
  readonly small?: string;
  /** Below it: a text with the shown figure of a column. */
  readonly note?: { readonly text: string; readonly column: string };
}

/** A standard report. Its title and what it is about are `reports.<slug>.title` and `.about`. */
export interface ReportDefinition {
  readonly slug: string;
  readonly icon: string;
  readonly sources: readonly SourceName[];
  /** The first is the usual one, and the one that can be narrowed to an item. */
  readonly subjects: readonly ReportSubject[];
  readonly units: readonly SpanUnit[];
  /** Rows when nothing else is asked for; else by the first subject. */
  readonly usualBy?: SpanUnit;
  readonly columns: readonly ReportColumn[];
  /** Items of which nothing was counted are rows, too, as long as they are in use. */
  readonly isOfAll?: boolean;
  /** Rows by name instead of by the first column. */
  readonly isByName?: boolean;
  readonly tiles?: readonly ReportTile[];
  /** Columns that add up: `whole = part + part`. */
  readonly sum?: {
    readonly whole: string;
    readonly parts: readonly string[];
    readonly optional?: readonly string[];
  };
  /** Columns that the chart stacks. */
  readonly chart?: readonly string[];
  /** Columns of the map of weekdays and hours; the first is the usual one. */
  readonly heat?: readonly string[];
  /** A report whose rows by its first subject are shown below. */
  readonly more?: string;
  /** Rows with less of a column are left out; the total is of all. */
  readonly only?: { readonly column: string; readonly least: number };
  /** What its address says beside what was asked for: of a report that somebody built. */
  readonly address?: Readonly<Record<string, string>>;
  /** What `until` says of how things count: `reports.until.<counts>`. */
  readonly counts: 'visits' | 'time' | 'calls' | 'dials';
}

export const share = (part: number, whole: number): number | undefined =>
  whole <= 0 ? undefined : part / whole;

/** Puts figures of sources together under `source.measure`. */
export const figureOf =
  (numbers: ReadonlyMap<string, Numbers>): Figure =>
  (name) => {
    const [source = '', measure = ''] = name.split('.');
    const own = numbers.get(source);
    const { bases }: ReportSource = SOURCES[source as SourceName];
    return bases?.[measure]?.rows?.((of) => own?.[of] ?? 0) ?? own?.[measure] ?? 0;
  };

/** A column of a plain count that opens its calls. */
export const counted = (key: string, name: Counted): ReportColumn => ({
  key,
  kind: 'count',
  value: (of) => of(name),
  calls: name,
});

/** A time, and the calls that have it. */
export const lasting = (key: string, name: Counted, calls: Counted = name): ReportColumn => ({
  ...{ key, kind: 'duration', calls },
  value: (of) => of(name),
});

/** One figure divided by another, and the calls that the other one is of. */
export const ratio = (
  key: string,
  kind: 'share' | 'duration' | 'money',
  part: (of: Figure) => number,
  calls: Counted,
  whole: (of: Figure) => number = (of) => of(calls),
): ReportColumn => ({ key, kind, calls, value: (of) => share(part(of), whole(of)) });
