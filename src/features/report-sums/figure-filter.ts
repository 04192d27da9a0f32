import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import type { QueueId } from '../../kernel/ids.js';
import { groupsOf } from './groups.js';
import { SOURCES } from './sources.js';
import { conditionOf, type ReportSource } from './source.js';

/** The calls behind one figure of a report: those rows of a source that it counted, or was computed of. */
export interface FigureFilter {
  readonly source: string;
  /** Of the source, or of groups of its items. */
  readonly subject: string;
  /** undefined: all items. */
  readonly item: string | undefined;
  readonly measure: string;
  readonly fromAt: number;
  readonly toAt: number;
  /** One hour of one weekday only: `weekday * 24 + hour` from Monday on, of the site's clock. */
  readonly weekHour?: { readonly place: number; readonly zone: string } | undefined;
}

/** Figures of visits that live pages open. */
export type OpenedVisits = 'offered' | 'answered' | 'abandoned' | 'other' | 'waiting' | 'rated';

/** Where the calls of a figure of visits are listed, of one queue or of all. */
export const visitsHref = (
  measure: OpenedVisits,
  { startAt, endAt }: TimeSpan,
  queue?: QueueId,
): string => {
  const item = queue === undefined ? undefined : String(queue);
  const text = figureText({
    ...{ source: 'visits', subject: 'queue', item, measure },
    ...{ fromAt: startAt, toAt: endAt },
  });
  return `/calls?figure=${text}&column=${COLUMNS[measure] ?? measure}`;
};

/** Columns of reports whose names say what a list has. */
const COLUMNS: Readonly<Partial<Record<OpenedVisits, string>>> = { rated: 'service-level' };

/** As it stands in an address: `visits.queue.3.abandoned.1780000000000.1780600000000`. */
export const figureText = ({
  source,
  subject,
  item,
  measure,
  fromAt,
  toAt,
  weekHour,
}: FigureFilter): string =>
  [
    ...[source, subject, item ?? 'any', measure, fromAt, toAt],
    ...(weekHour === undefined ? [] : [weekHour.place]),
  ].join('.');

/** What an address says, of whatever it is a figure; undefined where it says none. `zone` is the site's. */
export function readFigure(text: string | undefined, zone: string): FigureFilter | undefined {
  const [, source, subject = '', item = '', measure = '', from, to, place] =
    /^([a-zA-Z]+)\.([a-z]+)\.(.{1,40}?)\.([a-zA-Z]+)\.(\d{1,14})\.(\d{1,14})(?:\.(\d{1,3}))?$/.exec(
      text ?? '',
    ) ?? [];
  const known: ReportSource | undefined = sourceOf(source);
  if (source === undefined || known === undefined) return undefined;
  if (!Object.hasOwn(known.subjects, groupsOf(subject)?.of ?? subject)) return undefined;
  return {
    ...{ source, subject, measure },
    item: item === 'any' ? undefined : item,
    fromAt: Number(from),
    toAt: Number(to),
    ...(place === undefined ? {} : { weekHour: { place: Number(place), zone } }),
  };
}

/** undefined for what is no figure of calls. */
export function parseFigure(text: string | undefined, zone: string): FigureFilter | undefined {
  const figure = readFigure(text, zone);
  const source = sourceOf(figure?.source);
  if (figure === undefined || source?.callId === undefined) return undefined;
  return conditionOf(source, figure.measure) === undefined ? undefined : figure;
}

const sourceOf = (name = ''): ReportSource | undefined =>
  Object.hasOwn(SOURCES, name) ? SOURCES[name as keyof typeof SOURCES] : undefined;
