import { groupsOf } from './groups.js';
import { SOURCES } from './sources.js';
import type { ReportSource } from './source.js';

/** The calls behind one figure of a report: those rows of a source that it counted. */
export interface FigureFilter {
  readonly source: string;
  /** Of the source, or of groups of its items. */
  readonly subject: string;
  /** undefined: all items. */
  readonly item: string | undefined;
  readonly measure: string;
  readonly fromAt: number;
  readonly toAt: number;
}

/** As it stands in an address: `visits.queue.3.abandoned.1780000000000.1780600000000`. */
export const figureText = ({
  source,
  subject,
  item,
  measure,
  fromAt,
  toAt,
}: FigureFilter): string => [source, subject, item ?? 'any', measure, fromAt, toAt].join('.');

/** undefined for what is no figure that counts calls. */
export function parseFigure(text: string | undefined): FigureFilter | undefined {
  const [, name = '', subject = '', item = '', measure = '', from, to] =
    /^([a-zA-Z]+)\.([a-z]+)\.(.{1,40})\.([a-zA-Z]+)\.(\d{1,14})\.(\d{1,14})$/.exec(text ?? '') ??
    [];
  const source: ReportSource | undefined = Object.hasOwn(SOURCES, name)
    ? SOURCES[name as keyof typeof SOURCES]
    : undefined;
  const isKnown =
    source?.callId !== undefined &&
    Object.hasOwn(source.subjects, groupsOf(subject)?.of ?? subject) &&
    source.measures[measure]?.kind === 'count';
  if (!isKnown) return undefined;
  return {
    ...{ source: name, subject, measure },
    item: item === 'any' ? undefined : item,
    fromAt: Number(from),
    toAt: Number(to),
  };
}
