/** At most so many calls a second, of all campaigns together: carriers refuse, or block, who calls in bursts. */
export class StartRate {
  #left: number;
  #at: number;

  constructor(
    private readonly perSecond: number,
    at: number,
  ) {
    this.#left = perSecond;
    this.#at = at;
  }

  /** How many may be started now. A clock that jumps back gives nothing, and takes nothing. */
  room(at: number): number {
    const passed = Math.max(0, at - this.#at);
    this.#at = at;
    this.#left = Math.min(this.perSecond, this.#left + (passed * this.perSecond) / 1_000);
    return Math.floor(this.#left);
  }

  take(count: number): void {
    this.#left -= count;
  }
}
