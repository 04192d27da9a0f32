import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.js';

/** So much of the time that passes is what a wrong clock is corrected by, at most. */
const SLEW = 0.02;
/** A clock that differs by more, and for so long, was wrong before: it is followed at once. */
const STEP_MS = 15 * 60_000;
const STEP_AFTER_MS = 60_000;

/**
 * Time that passes as it does, whatever is done to the wall clock: when somebody sets that, or NTP steps it, what was seen of it is
 * approached by a fiftieth of the time that passes. Talks keep their length, and nobody's wait begins anew. Only where it
 * stays wrong by a quarter of an hour is it followed at once, after a minute: reports must not count calls at the wrong hour.
 * `wallNow` and `monotonicNow` in ms.
 */
export function makeSteadyNow(wallNow: () => number, monotonicNow: () => number): () => number {
  let told = wallNow();
  let toldAt = monotonicNow();
  let apartSince: number | undefined;
  return () => {
    const at = monotonicNow();
    const passed = at - toldAt;
    const missing = wallNow() - (told + passed);
    const isApart = Math.abs(missing) > STEP_MS;
    apartSince = isApart ? (apartSince ?? at) : undefined;
    const isFollowed = apartSince !== undefined && at - apartSince >= STEP_AFTER_MS;
    const most = isFollowed ? Infinity : passed * SLEW;
    told += passed + Math.min(most, Math.max(-most, missing));
    toldAt = at;
    return Math.round(told);
  };
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: makeSteadyNow(
    () => Date.now(),
    () => performance.now(),
  ),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? (signal.reason as Error) : error;
    }
  },
};
