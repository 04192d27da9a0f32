/** One column of a chart: a label and its parts from the bottom up. */
export interface ChartColumn {
  readonly label: string;
  readonly parts: readonly {
    readonly tone: string;
    readonly count: number;
    readonly href: string;
  }[];
  /** What is written when somebody looks at it. */
  readonly text: string;
  /** What is written at the mark above it; '' where it has none. */
  readonly mark: string;
}

/** As the template draws it; x in percent of the plot, y in pixels. */
export interface SpanChart {
  readonly columns: readonly {
    readonly x: string;
    readonly width: string;
    readonly center: string;
    readonly label: string;
    readonly text: string;
    readonly mark: string;
    readonly bars: readonly {
      readonly tone: string;
      readonly y: string;
      readonly height: string;
      readonly href: string;
    }[];
  }[];
  readonly grid: readonly { readonly y: string; readonly label: string }[];
}

const PLOT = 180;
const TOP = 10;
const LINES = 4;
/** With more columns than this a chart cannot be read. */
export const MOST_COLUMNS = 100;
/** So many columns have a label below them at most. */
const MOST_LABELS = 12;

/** Stacked columns on a scale that ends on a round number. */
export function spanChart(columns: readonly ChartColumn[]): SpanChart {
  const sums = columns.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0));
  const step = roundStep(Math.max(LINES, ...sums) / LINES);
  const heightOf = (count: number): number => (count / (step * LINES)) * PLOT;
  const each = Math.ceil(columns.length / MOST_LABELS);
  const slot = 100 / Math.max(1, columns.length);
  return {
    columns: columns.map(({ label, parts, text, mark }, place) => {
      let top = TOP + PLOT;
      return {
        x: fixed((place + 0.18) * slot),
        width: fixed(0.64 * slot),
        center: fixed((place + 0.5) * slot),
        label: place % each === 0 ? label : '',
        ...{ text, mark },
        bars: parts
          .filter(({ count }) => count > 0)
          .map(({ tone, count, href }) => {
            const height = heightOf(count);
            top -= height;
            return { tone, y: fixed(top), height: fixed(height), href };
          }),
      };
    }),
    grid: Array.from({ length: LINES + 1 }, (_, line) => ({
      y: fixed(TOP + PLOT - heightOf(line * step)),
      label: String(line * step),
    })),
  };
}

const fixed = (value: number): string => value.toFixed(2);

/** The next of 1, 2, 5, 10, 20 … that is not below. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= value) ?? power * 10;
}
