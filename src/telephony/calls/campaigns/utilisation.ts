import type { PacedAgent } from './pacing.js';

const MINUTE_MS = 60_000;
/** The share is of so many minutes. */
const MINUTES = 30;

/** Time of agents in talk and wrap-up, of the time that they were there, over the last half hour. */
export class Utilisation {
  readonly #minutes: { readonly minute: number; busyMs: number; presentMs: number }[] = [];
  #busy = 0;
  #present = 0;
  #lastAt: number | undefined;

  /** Until now things were as they were said to be last; from now on these agents are there. */
  note(at: number, agents: readonly PacedAgent[]): void {
    const since = this.#lastAt;
    if (since !== undefined && at > since && this.#present > 0) this.#pass(since, at);
    this.#lastAt = at;
    this.#present = agents.length;
    this.#busy = agents.filter(({ state }) => state !== 'idle').length;
  }

  /** From 0 to 1; undefined where nobody was there. */
  get share(): number | undefined {
    const presentMs = this.#minutes.reduce((sum, one) => sum + one.presentMs, 0);
    if (presentMs === 0) return undefined;
    return this.#minutes.reduce((sum, one) => sum + one.busyMs, 0) / presentMs;
  }

  #pass(since: number, at: number): void {
    const minute = Math.floor(at / MINUTE_MS);
    while ((this.#minutes[0]?.minute ?? minute) <= minute - MINUTES) this.#minutes.shift();
    let last = this.#minutes.at(-1);
    if (last?.minute !== minute) {
      last = { minute, busyMs: 0, presentMs: 0 };
      this.#minutes.push(last);
    }
    // One look to the next is a second at most: which minute that counts for is no matter.
    last.busyMs += this.#busy * (at - since);
    last.presentMs += this.#present * (at - since);
  }
}
