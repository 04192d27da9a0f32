/** Things to be looked at again at a time, earliest first: a binary heap. */
export class Timers<T> {
  readonly #heap: { readonly at: number; readonly thing: T }[] = [];

  /** When the next one is due; Infinity where none is. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  set(at: number, thing: T): void {
    const heap = this.#heap;
    const entry = { at, thing };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= at) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  /** Takes the next one that is due; undefined where none is. */
  takeDue(at: number): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined || top.at > at) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return top.thing;
  }

  #sink(entry: { readonly at: number; readonly thing: T }): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [l, r] = [heap[left], heap[left + 1]];
      if (l === undefined) break;
      const isRight = r !== undefined && r.at < l.at;
      const child = isRight ? r : l;
      if (child.at >= entry.at) break;
      heap[place] = child;
      place = isRight ? left + 1 : left;
    }
    heap[place] = entry;
  }
}
