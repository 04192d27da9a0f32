import { HORIZONS } from './laws.js';

const COUNT = HORIZONS.length;
/** So many agents at most are counted one by one; more by a normal law with its skewness (Edgeworth 1905). */
const COUNTED_AGENTS = 20;
const REACH = 40;
const LEAST_VARIANCE = 0.05;

/**
 * Agents who get free less calls that are answered, at each horizon: a sum of chances, each of which adds or takes one. Of
 * interest is only how likely it is that nobody is left.
 */
export class Balance {
  readonly #isCounted: boolean;
  readonly #chances: readonly Float64Array[];
  readonly #mean = new Float64Array(COUNT);
  readonly #variance = new Float64Array(COUNT);
  readonly #third = new Float64Array(COUNT);
  /** Between which places there are chances. */
  readonly #low = new Uint8Array(COUNT);
  readonly #high = new Uint8Array(COUNT);
  /** Chance that no agent is left for one more answer, by horizon; and the worst from a horizon on. */
  readonly none = new Float64Array(COUNT);
  readonly worst = new Float64Array(COUNT);

  constructor(agents: number) {
    this.#isCounted = agents <= COUNTED_AGENTS;
    const size = this.#isCounted ? 2 * REACH + 1 : 0;
    this.#chances = HORIZONS.map(() => new Float64Array(size));
  }

  static fits(balance: Balance, agents: number): boolean {
    return balance.#isCounted === agents <= COUNTED_AGENTS;
  }

  clear(): void {
    this.#mean.fill(0);
    this.#variance.fill(0);
    this.#third.fill(0);
    if (!this.#isCounted) return;
    this.#low.fill(REACH);
    this.#high.fill(REACH);
    for (const chances of this.#chances) {
      chances.fill(0);
      chances[REACH] = 1;
    }
  }

  /** So many agents get free by a horizon, each with this chance. */
  frees(horizon: number, chance: number, count = 1): void {
    if (chance <= 0) return;
    this.#add(horizon, chance, count);
    const chances = this.#chances[horizon];
    if (!this.#isCounted || chances === undefined) return;
    const last = chances.length - 1;
    for (let done = 0; done < count; done++) {
      const [low, high] = this.#spread(horizon, 1);
      if (high === last) chances[last] = (chances[last] ?? 0) + chance * (chances[last - 1] ?? 0);
      for (let at = Math.min(high, last - 1); at > low; at--)
        chances[at] = (chances[at] ?? 0) * (1 - chance) + (chances[at - 1] ?? 0) * chance;
      chances[low] = (chances[low] ?? 0) * (1 - chance);
    }
  }

  /** So many calls are answered by a horizon, each with this chance. */
  takes(horizon: number, chance: number, count = 1): void {
    if (chance <= 0) return;
    this.#add(horizon, chance, -count);
    const chances = this.#chances[horizon];
    if (!this.#isCounted || chances === undefined) return;
    for (let done = 0; done < count; done++) {
      const [low, high] = this.#spread(horizon, -1);
      if (low === 0) chances[0] = (chances[0] ?? 0) + chance * (chances[1] ?? 0);
      for (let at = Math.max(1, low); at < high; at++)
        chances[at] = (chances[at] ?? 0) * (1 - chance) + (chances[at + 1] ?? 0) * chance;
      chances[high] = (chances[high] ?? 0) * (1 - chance);
    }
  }

  /** Agents who get free less calls that are answered by a horizon, on average. */
  mean(horizon: number): number {
    return this.#mean[horizon] ?? 0;
  }

  /** Works out {@link none} and {@link worst}; `idle`: agents who are free now less answers that wait. */
  weigh(idle: number): void {
    let worst = 0;
    for (let horizon = COUNT - 1; horizon >= 0; horizon--) {
      const none = this.#isCounted ? this.#counted(horizon, idle) : this.#normal(horizon, idle);
      this.none[horizon] = none;
      worst = Math.max(worst, none);
      this.worst[horizon] = worst;
    }
  }

  /** `count`: below 0 for those that take. */
  #add(horizon: number, chance: number, count: number): void {
    const variance = chance * (1 - chance);
    this.#mean[horizon] = (this.#mean[horizon] ?? 0) + count * chance;
    this.#variance[horizon] = (this.#variance[horizon] ?? 0) + Math.abs(count) * variance;
    this.#third[horizon] = (this.#third[horizon] ?? 0) + count * variance * (1 - 2 * chance);
  }

  /** What may have happened reaches a step further, up or down. */
  #spread(horizon: number, by: 1 | -1): readonly [low: number, high: number] {
    const low = Math.max(0, (this.#low[horizon] ?? REACH) + Math.min(0, by));
    const high = Math.min(2 * REACH, (this.#high[horizon] ?? REACH) + Math.max(0, by));
    this.#low[horizon] = low;
    this.#high[horizon] = high;
    return [low, high];
  }

  #counted(horizon: number, idle: number): number {
    const chances = this.#chances[horizon];
    let sum = 0;
    const last = Math.min(2 * REACH, REACH - idle);
    for (let at = 0; at <= last; at++) sum += chances?.[at] ?? 0;
    return sum;
  }

  #normal(horizon: number, idle: number): number {
    const sigma = Math.sqrt(Math.max(LEAST_VARIANCE, this.#variance[horizon] ?? 0));
    const z = (0.5 - idle - (this.#mean[horizon] ?? 0)) / sigma;
    const skewness = (this.#third[horizon] ?? 0) / sigma ** 3;
    const none = normalShare(z) - (normalDensity(z) * skewness * (z * z - 1)) / 6;
    return Math.max(0, Math.min(1, none));
  }
}

const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Abramowitz and Stegun 26.2.17: wrong by less than 7.5e-8. */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = normalDensity(z) * series;
  return z > 0 ? 1 - above : above;
}
