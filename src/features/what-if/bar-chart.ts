interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written when somebody looks at it. */
  readonly text: string;
  readonly isBad?: boolean;
}

const TOP = 10;
const PLOT = 150;
const LINES = 4;
const MOST_LABELS = 6;

/** Columns from 0 to `most`, as the template draws them: x in percent of the plot, y in pixels; `mark` is a line across. */
export function barChart(
  bars: readonly Bar[],
  scale: {
    readonly most: number;
    readonly axis: (value: number) => string;
    readonly mark?: number;
  },
) {
  const yOf = (value: number): string =>
    (TOP + PLOT * (1 - Math.min(1, value / scale.most))).toFixed(1);
  const slot = 100 / Math.max(1, bars.length);
  const each = Math.ceil(bars.length / MOST_LABELS);
  return {
    grid: Array.from({ length: LINES + 1 }, (_, line) => {
      const value = (scale.most * line) / LINES;
      return { y: yOf(value), label: scale.axis(value) };
    }),
    mark: scale.mark === undefined ? undefined : yOf(scale.mark),
    bars: bars.map(({ label, value, text, isBad }, place) => ({
      x: ((place + 0.15) * slot).toFixed(2),
      width: (0.7 * slot).toFixed(2),
      center: ((place + 0.5) * slot).toFixed(2),
      y: yOf(value),
      height: (TOP + PLOT - Number(yOf(value))).toFixed(1),
      label: place % each === 0 ? label : '',
      text: `${label}: ${text}`,
      isBad: isBad === true,
    })),
  };
}
