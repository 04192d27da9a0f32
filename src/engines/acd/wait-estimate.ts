/** How many settled estimates judge the next ones. */
const REMEMBERED = 60;
/** Nothing is told before so many estimates have come true or not. */
const SAMPLES_NEEDED = 10;
/** An estimate may be told while four of five are wrong by no more than this, or by half of what was told. */
export const ERROR_FLOOR_MS = 60_000;
export const ERROR_SHARE = 0.5;
/** Weight of the newest gap between two callers who left the line for an agent. */
const GAP_WEIGHT = 0.15;
/** Callers who were answered within this time hardly waited: they say nothing about estimates. */
const SHORT_WAIT_MS = 5_000;

/** How far off the last estimates were. */
export interface EstimateBand {
  readonly samples: number;
  /** Four of five were off by at most this. */
  readonly errorMs: number;
  /** Estimates may be told to callers. */
  readonly isAcceptable: boolean;
}

/** What was learned of a queue, as it is kept over a restart. */
export interface LearnedEstimate {
  readonly gapMs?: number;
  readonly settled: readonly { readonly expectedMs: number; readonly errorMs: number }[];
}

/**
 * The expected rest of the wait in one queue: place in line times the mean gap between two callers who went to an agent
 * while others waited. That gap follows the number of agents, their talks and the other queues that they serve without
 * asking for any of them. Each estimate is settled with what really came, and none is told while too many are wrong.
 */
export class WaitEstimate {
  #gapMs: number | undefined;
  #lastServedAt: number | undefined;
  readonly #settled: { readonly expectedMs: number; readonly errorMs: number }[];

  constructor(learned: LearnedEstimate = { settled: [] }) {
    this.#gapMs = learned.gapMs;
    this.#settled = learned.settled.slice(-REMEMBERED);
  }

  /** The gap that is going on is left out: a restart lies in it. */
  get learned(): LearnedEstimate {
    return {
      ...(this.#gapMs === undefined ? {} : { gapMs: this.#gapMs }),
      settled: [...this.#settled],
    };
  }

  /** A caller went to an agent. `left`: how many wait behind now. */
  served(at: number, left: number): void {
    if (this.#lastServedAt !== undefined) {
      const gap = Math.max(0, at - this.#lastServedAt);
      this.#gapMs =
        this.#gapMs === undefined ? gap : this.#gapMs + GAP_WEIGHT * (gap - this.#gapMs);
    }
    // A gap in which nobody waited says how often people call, not how fast they are served.
    this.#lastServedAt = left > 0 ? at : undefined;
  }

  /** Rest of the wait in ms for a place in line (1 is next); undefined while nothing is known. */
  expectedMs(place: number): number | undefined {
    return this.#gapMs === undefined ? undefined : Math.round(this.#gapMs * Math.max(1, place));
  }

  /** What was expected on entry, and how long the caller really waited: until an agent answered, or patience was at its end. */
  settle(expectedMs: number, waitedMs: number): void {
    if (expectedMs < SHORT_WAIT_MS && waitedMs < SHORT_WAIT_MS) return;
    this.#settled.push({ expectedMs, errorMs: Math.abs(waitedMs - expectedMs) });
    if (this.#settled.length > REMEMBERED) this.#settled.shift();
  }

  get band(): EstimateBand {
    const samples = this.#settled.length;
    const errors = this.#settled.map(({ errorMs }) => errorMs).sort((a, b) => a - b);
    const errorMs = errors[Math.max(0, Math.ceil(samples * 0.8) - 1)] ?? 0;
    const mean =
      samples === 0 ? 0 : this.#settled.reduce((sum, one) => sum + one.expectedMs, 0) / samples;
    const limit = Math.max(ERROR_FLOOR_MS, ERROR_SHARE * mean);
    return { samples, errorMs, isAcceptable: samples >= SAMPLES_NEEDED && errorMs <= limit };
  }
}
