import { Waiter } from './waiter.js';

/** So many who have left are kept at most; the rest of a rush is given back. */
const KEPT = 32_768;

/**
 * Those who have left, to be used again. Callers wait longer than young objects live, so that each one would be copied twice
 * by the collector and die among the old ones: with many in line that was most of what it had to do.
 */
export class Waiters {
  readonly #left: Waiter[] = [];

  next(): Waiter {
    return this.#left.pop() ?? new Waiter();
  }

  /** Takes back whoever is in no line, once no timer leads there any more. */
  takeBack(waiter: Waiter): void {
    if (waiter.isInLine || waiter.timers > 0 || this.#left.length >= KEPT) return;
    this.#left.push(waiter);
  }
}
