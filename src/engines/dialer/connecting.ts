/** Connections that are remembered, and how many in no time are believed before any was seen. */
const REMEMBERED = 300;
const BELIEVED = 3;
/** Where phones are too slow for anybody, one call is tried so often, in ms. */
const TRY_EVERY_MS = 60_000;

/**
 * How long agents' phones take: from an answer to the agent, where an agent was free for it and nothing else was waited for.
 * Instants in ms.
 */
export class Connecting {
  #meanS = 0;
  #seen = BELIEVED;
  /** A call was abandoned though an agent was free, and none was connected in time since; or was tried for: when. */
  #lateAt: number | undefined;

  /** @param patienceS so long an answered call may wait, in seconds */
  constructor(private readonly patienceS: number) {}

  /** In the mean, in seconds; what came too late counts as long as anybody waits. */
  get meanS(): number {
    return this.#meanS;
  }

  /** The last one was too late. */
  get isLate(): boolean {
    return this.#lateAt !== undefined;
  }

  inTime(seconds: number): void {
    this.#learn(seconds);
    this.#lateAt = undefined;
  }

  tooLate(at: number): void {
    this.#learn(this.patienceS);
    this.#lateAt = at;
  }

  /**
   * So many of the calls that are asked for are started where the limit is passed. One call for each free agent keeps nobody
   * from being abandoned whose agent's phone takes too long: then there is one call a minute, until one was in time.
   */
  startOf(wanted: number, at: number): number {
    if (this.#lateAt === undefined || wanted <= 0) return wanted;
    // A clock that has jumped back must not hold it for ever.
    if (at - this.#lateAt < TRY_EVERY_MS && at >= this.#lateAt) return 0;
    this.#lateAt = at;
    return 1;
  }

  #learn(seconds: number): void {
    this.#seen = Math.min(REMEMBERED, this.#seen + 1);
    this.#meanS += (Math.max(0, Math.min(this.patienceS, seconds)) - this.#meanS) / this.#seen;
  }
}
