/** What lies between two bounds with a certain confidence. */
export type Interval = readonly [low: number, high: number];

/** The quantile of the normal distribution for 95 %. */
const Z95 = 1.959_963_984_540_054;

/**
 * The 95 % interval of a share by Wilson's score (JASA 22, 1927), which holds for few cases and for shares near 0 and 1;
 * undefined where there is no case.
 */
export function wilsonInterval(hits: number, cases: number): Interval | undefined {
  if (cases <= 0) return undefined;
  const share = hits / cases;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * cases)) / (1 + z2 / cases);
  const half =
    (Z95 / (1 + z2 / cases)) * Math.sqrt((share * (1 - share)) / cases + z2 / (4 * cases * cases));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** How often each value was given. */
export type Counts = ReadonlyMap<number, number>;

/** The mean of counted values. */
export interface MeanOfCounts {
  readonly cases: number;
  readonly mean: number;
  /** 95 %, by Student's distribution; undefined for one case, which says nothing of its error. */
  readonly interval?: Interval;
}

/** Undefined where nothing was given. The interval stays within `bounds`: no mean can lie outside the scale. */
export function meanOfCounts(counts: Counts, bounds: Interval): MeanOfCounts | undefined {
  let [cases, sum, squares] = [0, 0, 0];
  for (const [value, count] of counts) {
    cases += count;
    sum += value * count;
    squares += value * value * count;
  }
  return meanOfSums(cases, sum, squares, bounds);
}

/** The same from the sum of all values and that of their squares. */
export function meanOfSums(
  cases: number,
  sum: number,
  squares: number,
  bounds: Interval,
): MeanOfCounts | undefined {
  if (cases === 0) return undefined;
  const mean = sum / cases;
  if (cases === 1) return { cases, mean };
  const variance = Math.max(0, (squares - cases * mean * mean) / (cases - 1));
  const half = studentQuantile(0.95, cases - 1) * Math.sqrt(variance / cases);
  const [low, high] = bounds;
  return { cases, mean, interval: [Math.max(low, mean - half), Math.min(high, mean + half)] };
}

/** From so many degrees of freedom on Student's distribution is taken for the one with so many: 0.1 % off at most. */
const MANY_DEGREES = 2_000;

/** The t for which |T| is below it with this probability. */
export function studentQuantile(share: number, degrees: number): number {
  const known = Math.min(degrees, MANY_DEGREES);
  let [low, high] = [0, 1];
  while (studentShare(high, known) < share) high *= 2;
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentShare(middle, known) < share) low = middle;
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
