import { serviceLevel } from '../../engines/reporting/service.js';
import { formatPercent, formatWhen, type Reader } from '../../web/kit/index.js';
import { visitsHref, type OpenedVisits } from '../report-sums/index.js';
import type { QuarterHour, Today } from './today.js';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
/** Height of the plot and of the room above the highest bar, in pixels. */
const PLOT = 196;
const TOP = 10;
/** A day of the site shows at least these hours; earlier and later calls widen it. */
const OPEN_FROM_H = 8;
const OPEN_UNTIL_H = 18;

interface Bar {
  readonly y: string;
  readonly height: string;
  readonly tone: 'answered' | 'abandoned' | 'other' | 'open';
  readonly href: string;
}

/** One quarter hour as the template draws it; x and widths in percent of the plot, y and heights in pixels. */
export interface QuarterColumn {
  readonly x: string;
  readonly width: string;
  readonly center: string;
  readonly bars: readonly Bar[];
  /** The quarter that runs now. */
  readonly isOpen: boolean;
  readonly time: string;
  readonly counts: QuarterHour;
  readonly hrefs: Readonly<Record<string, string>>;
  readonly level: string;
}

export interface QuarterChart {
  readonly columns: readonly QuarterColumn[];
  readonly hours: readonly {
    readonly x: string;
    readonly label: string;
    readonly isMinor: boolean;
  }[];
  readonly grid: readonly { readonly y: string; readonly label: string; readonly share: string }[];
  readonly levelLines: readonly Record<'x1' | 'y1' | 'x2' | 'y2', string>[];
  readonly levelPoints: readonly {
    readonly x: string;
    readonly y: string;
    readonly text: string;
  }[];
  readonly isEmpty: boolean;
}

/** Draws the day by quarter hours. `serviceLevel` is the green line; a quarter without calls leaves a gap. */
export function quarterChart(today: Today, now: number, reader: Reader): QuarterChart {
  const { from, until } = hoursShown(today, now);
  const x = (at: number): number => ((at - from) / (until - from)) * 100;
  const step = niceStep(Math.max(3, ...today.quarters.map((quarter) => quarter.offered)));
  const top = step * 3;
  const height = (count: number): number => (count / top) * PLOT;
  const points = today.quarters.flatMap((quarter) => {
    const level = serviceLevel(quarter);
    if (level === undefined) return [];
    const y = TOP + PLOT * (1 - level);
    const text = `${formatWhen(quarter.startAt, 'time', reader)} ${formatPercent(level, reader.language)}`;
    return [{ at: quarter.startAt, x: x(quarter.startAt + QUARTER_MS / 2), y, text }];
  });
  return {
    columns: today.quarters.map((quarter) => column(quarter, { x, height, now, reader })),
    hours: hourLabels(from, until, reader).map((hour) => ({ ...hour, x: percent(x(hour.at)) })),
    grid: [0, 1, 2, 3].map((line) => ({
      y: pixels(TOP + PLOT - height(line * step)),
      label: String(line * step),
      share: formatPercent(line / 3, reader.language).replace(/[.,]\d/, ''),
    })),
    levelLines: points.slice(1).flatMap((point, index) => {
      const before = points[index];
      if (!before || point.at - before.at > QUARTER_MS) return [];
      return [
        { x1: percent(before.x), y1: pixels(before.y), x2: percent(point.x), y2: pixels(point.y) },
      ];
    }),
    levelPoints: points.map((point) => ({
      x: percent(point.x),
      y: pixels(point.y),
      text: point.text,
    })),
    isEmpty: today.quarters.length === 0,
  };
}

const percent = (value: number): string => `${value.toFixed(3)}%`;
const pixels = (value: number): string => value.toFixed(1);

function hoursShown(today: Today, now: number): { readonly from: number; readonly until: number } {
  const first = today.quarters[0]?.startAt ?? Number.POSITIVE_INFINITY;
  const last = (today.quarters.at(-1)?.startAt ?? 0) + QUARTER_MS;
  const hour = (at: number): number => (at - today.startAt) / HOUR_MS;
  const from = Math.max(0, Math.floor(Math.min(OPEN_FROM_H, hour(first), hour(now))));
  const until = Math.ceil(Math.max(OPEN_UNTIL_H, hour(last), hour(now)));
  return {
    from: today.startAt + from * HOUR_MS,
    until: Math.min(today.endAt, today.startAt + until * HOUR_MS),
  };
}

/** A third of the scale: 1, 2 or 5 times a power of ten, so that labels are round numbers. */
function niceStep(highest: number): number {
  const least = highest / 3;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10;
  return Math.max(1, Math.round(factor * power));
}

function hourLabels(from: number, until: number, reader: Reader) {
  const every = until - from > 12 * HOUR_MS ? 2 : 1;
  const labels = [];
  for (let at = from, index = 0; at <= until; at += HOUR_MS, index += 1)
    if (index % every === 0)
      labels.push({
        at,
        label: formatWhen(at, 'time', reader),
        isMinor: (index / every) % 2 === 1,
      });
  return labels;
}

interface Scale {
  readonly x: (at: number) => number;
  readonly height: (count: number) => number;
  readonly now: number;
  readonly reader: Reader;
}

/** What the figures of a quarter open. */
function hrefsOf({ startAt }: QuarterHour) {
  const to = (measure: OpenedVisits): string =>
    visitsHref(measure, { startAt, endAt: startAt + QUARTER_MS });
  return {
    ...{ offered: to('offered'), answered: to('answered'), abandoned: to('abandoned') },
    ...{ other: to('other'), open: to('waiting'), level: to('rated') },
  };
}

function column(quarter: QuarterHour, scale: Scale): QuarterColumn {
  const slot = scale.x(quarter.startAt + QUARTER_MS) - scale.x(quarter.startAt);
  const left = scale.x(quarter.startAt) + slot * 0.17;
  let base = TOP + PLOT;
  const hrefs = hrefsOf(quarter);
  const bars = (['answered', 'open', 'other', 'abandoned'] as const)
    .filter((tone) => quarter[tone] > 0)
    .map((tone) => {
      const height = scale.height(quarter[tone]);
      base -= height;
      return { tone, y: pixels(base), height: pixels(height), href: hrefs[tone] };
    });
  const level = serviceLevel(quarter);
  return {
    hrefs,
    x: percent(left),
    width: percent(slot * 0.66),
    center: percent(left + slot * 0.33),
    bars,
    isOpen: scale.now >= quarter.startAt && scale.now < quarter.startAt + QUARTER_MS,
    time: formatWhen(quarter.startAt, 'time', scale.reader),
    counts: quarter,
    level: level === undefined ? '–' : formatPercent(level, scale.reader.language),
  };
}
