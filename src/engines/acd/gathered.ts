/** A list that has grown larger than this is not kept for the next time. */
const KEPT = 1_024;

/**
 * A list that is filled anew again and again and given away as an array of exactly its length. Filling an empty array takes
 * room for seventeen things at the first of them: with a few commands an event that is most of what a decision allocates.
 */
export class Gathered<T> {
  #things: T[] = [];
  #count = 0;

  push(thing: T): void {
    this.#things[this.#count++] = thing;
  }

  /** What came last since the list was given away. */
  get last(): T | undefined {
    return this.#count === 0 ? undefined : this.#things[this.#count - 1];
  }

  /** Gives away what was gathered; the list is empty then. */
  take(): T[] {
    const things = this.#things.slice(0, this.#count);
    this.#count = 0;
    if (this.#things.length > KEPT) this.#things = [];
    return things;
  }
}
