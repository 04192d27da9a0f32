/** Weights are scaled back before numbers grow past this. */
const WEIGHT_LIMIT = 1e12;

/**
 * How long something lasts, learnt from what ended (by one of several causes) and from what was still going on when it was
 * last seen: for each bin of elapsed time the rate at which each cause ends it. Nobody who is censored is lost: a line that
 * was given up after 15 s has shown that it was not answered for 15 s. Older observations count less, each newer one by the
 * factor `1 / memory`. (Nelson 1969, Aalen 1978, with exponential forgetting.)
 */
export class HazardTable {
  /** Time at risk by bin, in seconds. */
  readonly #exposure: Float64Array;
  /** Ends by cause and bin. */
  readonly #ends: readonly Float64Array[];
  #weight = 1;

  /**
   * @param edges where bins begin, in seconds, ascending from 0; the last one has no end
   * @param memory how many observations are remembered
   */
  constructor(
    readonly edges: readonly number[],
    causes: number,
    public memory: number,
  ) {
    this.#exposure = new Float64Array(edges.length);
    this.#ends = Array.from({ length: causes }, () => new Float64Array(edges.length));
  }

  /** What is believed before anything was seen: `count` observations with these rates per second up to `limit` seconds. */
  believe(count: number, rates: readonly number[], limit: number): void {
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    for (let bin = 0; bin < this.edges.length; bin++) {
      const from = this.edges[bin] ?? 0;
      if (from >= limit) break;
      const to = Math.min(limit, this.edges[bin + 1] ?? limit);
      const alive =
        total > 0 ? (Math.exp(-total * from) - Math.exp(-total * to)) / total : to - from;
      this.#exposure[bin] = (this.#exposure[bin] ?? 0) + count * alive;
      rates.forEach((rate, cause) => {
        const ends = this.#ends[cause];
        if (ends !== undefined) ends[bin] = (ends[bin] ?? 0) + count * alive * rate;
      });
    }
  }

  /** Something lasted so many seconds and ended by a cause, or was not seen further (undefined). */
  add(seconds: number, cause: number | undefined): void {
    this.#age();
    this.expose(0, seconds);
    if (cause !== undefined) this.#count(seconds, cause);
  }

  /** Something that lasted `from` seconds already lasted until `to`, and may go on. */
  expose(from: number, to: number): void {
    for (let bin = this.binOf(from); bin < this.edges.length; bin++) {
      const begins = Math.max(from, this.edges[bin] ?? 0);
      const ends = Math.min(to, this.edges[bin + 1] ?? Infinity);
      if (ends > begins)
        this.#exposure[bin] = (this.#exposure[bin] ?? 0) + this.#weight * (ends - begins);
      if (to <= ends) return;
    }
  }

  /** What was exposed so long ended by a cause. */
  end(seconds: number, cause: number): void {
    this.#age();
    this.#count(seconds, cause);
  }

  /** Rate per second at which a cause ends what has lasted into this bin. */
  rate(bin: number, cause: number): number {
    const exposure = this.#exposure[bin] ?? 0;
    return exposure > 0 ? (this.#ends[cause]?.[bin] ?? 0) / exposure : 0;
  }

  /** Seconds at risk that are remembered of a bin, in observations of today. */
  exposure(bin: number): number {
    return (this.#exposure[bin] ?? 0) / this.#weight;
  }

  binOf(seconds: number): number {
    let low = 0;
    let high = this.edges.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.edges[middle] ?? 0) <= seconds) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #age(): void {
    this.#weight *= 1 + 1 / this.memory;
    if (this.#weight > WEIGHT_LIMIT) this.#scale();
  }

  #count(seconds: number, cause: number): void {
    const bin = this.binOf(seconds);
    const ends = this.#ends[cause];
    if (ends !== undefined) ends[bin] = (ends[bin] ?? 0) + this.#weight;
  }

  #scale(): void {
    for (const list of [this.#exposure, ...this.#ends])
      for (let bin = 0; bin < list.length; bin++) list[bin] = (list[bin] ?? 0) / this.#weight;
    this.#weight = 1;
  }
}
