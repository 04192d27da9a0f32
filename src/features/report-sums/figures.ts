import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import type { ReportSource } from './source.js';
import type { SourceName } from './sources.js';

/** Figures of a group by measure; durations in ms. */
export type Numbers = Readonly<Record<string, number>>;

export interface FiguresQuery {
  readonly source: SourceName;
  readonly subject: string;
  /** undefined: all items. */
  readonly item?: string | undefined;
  /** item: over the whole time; span: all items together; all: one number for everything. */
  readonly by: 'item' | 'span' | 'all';
  /** In order, one right after the other: whole days where the grain is a day, else whole quarters. */
  readonly spans: readonly TimeSpan[];
  readonly grain: 'quarter' | 'day';
}

/** By item, by number of the span, or '0'. What had nothing is absent. */
export type FoundFigures = ReadonlyMap<string, Numbers>;

export interface Figures {
  read(query: FiguresQuery): Promise<FoundFigures>;
}

/** Figures of two parts of a whole together; what is no measure of the source is a sum. */
export function addFigures(
  { measures }: ReportSource,
  a: Numbers | undefined,
  b: Numbers,
): Numbers {
  if (a === undefined) return b;
  const both: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const before = both[name] ?? 0;
    both[name] = measures[name]?.kind === 'max' ? Math.max(before, value) : before + value;
  }
  return both;
}
