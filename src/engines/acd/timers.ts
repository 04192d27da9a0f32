/**
 * Things to be looked at again at a time, earliest first: a binary heap, whose times stand beside the things so that
 * finding a place reads numbers only.
 */
export class Timers<T> {
  readonly #times: number[] = [];
  readonly #things: T[] = [];

  /** When the next one is due; Infinity where none is. */
  get nextAt(): number {
    return this.#times[0] ?? Infinity;
  }

  set(at: number, thing: T): void {
    this.#times.push(at);
    this.#things.push(thing);
    let place = this.#times.length - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#timeAt(parent) <= at) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, at, thing);
  }

  /** Takes the next one that is due; undefined where none is. */
  takeDue(at: number): T | undefined {
    if (this.nextAt > at) return undefined;
    const top = this.#things[0];
    const lastAt = this.#times.pop();
    const last = this.#things.pop();
    if (lastAt !== undefined && last !== undefined && this.#times.length > 0)
      this.#sink(lastAt, last);
    return top;
  }

  #sink(at: number, thing: T): void {
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#timeAt(left + 1) < this.#timeAt(left) ? left + 1 : left;
      if (this.#timeAt(child) >= at) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, at, thing);
  }

  #timeAt(place: number): number {
    return place < this.#times.length ? (this.#times[place] ?? Infinity) : Infinity;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number;
    this.#things[to] = this.#things[from] as T;
  }

  #put(place: number, at: number, thing: T): void {
    this.#times[place] = at;
    this.#things[place] = thing;
  }
}
