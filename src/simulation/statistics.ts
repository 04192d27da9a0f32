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

/** The t for which |T| is below it with this probability. */
export function studentQuantile(share: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentShare(high, degrees) < share) high *= 2;
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentShare(middle, degrees) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| < t), exactly for whole degrees of freedom: Abramowitz and Stegun 26.7.3 and 26.7.4. */
function studentShare(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
