/**
 * Simulated time: things that happen at a time come out in the order of their times, and those of one time in the order in
 * which they were put in. A binary heap; nothing ever waits for real time.
 */
export class VirtualClock<T> {
  readonly #heap: Entry<T>[] = [];
  #now: number;
  #order = 0;

  constructor(startAt = 0) {
    this.#now = startAt;
  }

  /** Whole ms since the simulation's midnight, as the program's own clock counts. */
  get now(): number {
    return this.#now;
  }
  get length(): number {
    return this.#heap.length;
  }
  /** When the next thing happens; Infinity where nothing will. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Puts a thing in; a time in the past is now, and what never happens (Infinity) is left out. */
  schedule(at: number, thing: T): void {
    if (at === Infinity) return;
    const heap = this.#heap;
    const entry: Entry<T> = { at: Math.max(at, this.#now), order: this.#order++, thing };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Goes on to a time at which something else happens; never back, never past the next thing. */
  advanceTo(at: number): void {
    this.#now = Math.max(this.#now, Math.min(at, this.nextAt));
  }

  /** Goes on to the next thing and takes it out; undefined where nothing is left. */
  next(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    this.#now = top.at;
    return top.thing;
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [l, r] = [heap[left], heap[left + 1]];
      if (l === undefined) break;
      const isRight = r !== undefined && isBefore(r, l);
      const child = isRight ? r : l;
      if (isBefore(entry, child)) break;
      heap[place] = child;
      place = isRight ? left + 1 : left;
    }
    heap[place] = entry;
  }
}

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly thing: T;
}

const isBefore = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
