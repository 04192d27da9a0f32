/** One caller who was told, or could have been told, a wait on entry, and then was answered. Times in ms. */
export interface SettledEstimate {
  /** When the caller entered the line. */
  readonly at: number;
  readonly expectedMs: number;
  readonly waitedMs: number;
}

/** How good the estimates of a group of callers were. Times in ms; means are rounded. */
export interface EstimateError {
  readonly count: number;
  readonly meanExpectedMs: number;
  readonly meanWaitedMs: number;
  /** Four of five were off by at most this. */
  readonly errorMs: number;
  /** Share (0 to 1) of those who waited at most what was expected. */
  readonly servedInTime: number;
}

/** The error of one hour; `startAt` is where the hour begins. */
export interface HourError extends EstimateError {
  readonly startAt: number;
}

const HOUR_MS = 3_600_000;
/** The error is the one that this share of the estimates stays within, as where estimates are told to callers. */
const BAND_SHARE = 0.8;

/** The error of all estimates together; undefined where there is none. */
export function estimateError(estimates: readonly SettledEstimate[]): EstimateError | undefined {
  const count = estimates.length;
  if (count === 0) return undefined;
  const errors = estimates
    .map(({ expectedMs, waitedMs }) => Math.abs(waitedMs - expectedMs))
    .sort((a, b) => a - b);
  const mean = (of: (one: SettledEstimate) => number): number =>
    Math.round(estimates.reduce((sum, one) => sum + of(one), 0) / count);
  return {
    count,
    meanExpectedMs: mean((one) => one.expectedMs),
    meanWaitedMs: mean((one) => one.waitedMs),
    errorMs: errors[Math.ceil(count * BAND_SHARE) - 1] ?? 0,
    servedInTime: estimates.filter((one) => one.waitedMs <= one.expectedMs).length / count,
  };
}

/** The error by the hour of entry, counted from `startAt` on; hours without estimates are left out. */
export function errorByHour(
  estimates: readonly SettledEstimate[],
  startAt: number,
): readonly HourError[] {
  const hours = new Map<number, SettledEstimate[]>();
  for (const one of estimates) {
    const hour = Math.floor((one.at - startAt) / HOUR_MS);
    const group = hours.get(hour);
    if (group) group.push(one);
    else hours.set(hour, [one]);
  }
  return [...hours]
    .sort(([a], [b]) => a - b)
    .flatMap(([hour, group]) => {
      const error = estimateError(group);
      return error ? [{ startAt: startAt + hour * HOUR_MS, ...error }] : [];
    });
}
