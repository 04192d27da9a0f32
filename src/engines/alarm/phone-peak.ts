/** Phones that are registered are compared with the most in this time before. */
const WINDOW_MS = 15 * 60_000;
const STEP_MS = 60_000;

/** The most phones that were registered in each minute of the window: `[minute, count]`, the oldest first. */
export type PhonePeaks = readonly (readonly [minuteAt: number, count: number])[];

/** Adds what was counted at `at`. `keeps`: nothing is forgotten now, because the alarm is measured by it. */
export function notePhones(
  peaks: PhonePeaks,
  registered: number,
  at: number,
  keeps: boolean,
): PhonePeaks {
  const minute = Math.floor(at / STEP_MS) * STEP_MS;
  const kept = keeps ? peaks : peaks.filter(([from]) => from > at - WINDOW_MS);
  const last = kept.at(-1);
  if (last?.[0] === minute)
    return last[1] >= registered ? kept : [...kept.slice(0, -1), [minute, registered]];
  return [...kept, [minute, registered]];
}

/** How many percent of the phones that were there are gone. */
export function lostPercent(peaks: PhonePeaks, registered: number): number {
  const peak = Math.max(0, ...peaks.map(([, count]) => count));
  return peak === 0 ? 0 : (100 * Math.max(0, peak - registered)) / peak;
}
