import { studentQuantile } from '../engines/reporting/intervals.js';

/** The mean of independent replications and how sure it is. */
export interface Estimate {
  readonly mean: number;
  /** Bounds of the confidence intervals; absent for a single replication, which says nothing of its error. */
  readonly ci95?: readonly [number, number];
  readonly ci99?: readonly [number, number];
}

/** Mean and confidence intervals by Student's distribution; undefined where there is no value. NaN is left out. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  const count = known.length;
  if (count === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean };
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  const around = (share: number): readonly [number, number] => {
    const half = error * studentQuantile(share, count - 1);
    return [mean - half, mean + half];
  };
  return { mean, ci95: around(0.95), ci99: around(0.99) };
}

/** True where the 99 % interval covers a value. */
export const covers99 = ({ ci99 }: Estimate, value: number): boolean =>
  ci99 !== undefined && ci99[0] <= value && value <= ci99[1];
