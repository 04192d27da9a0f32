/** A chunk is split when it grows past this: inserting moves at most so many references. */
const CHUNK_LIMIT = 512;

/**
 * Things in the order of `compare`, which must never call two different things equal. Adding and removing find their place
 * by bisection; a list of n costs about log n comparisons and moves at most {@link CHUNK_LIMIT} references.
 * What decides the order of a thing must not change while it is in a list.
 */
export class SortedList<T> {
  readonly #chunks: T[][] = [];
  #length = 0;

  constructor(private readonly compare: (a: T, b: T) => number) {}

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  add(thing: T): void {
    this.#length++;
    const at = this.#chunkOf(thing);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      const last = this.#chunks.at(-1);
      if (last === undefined) this.#chunks.push([thing]);
      else {
        last.push(thing);
        this.#split(this.#chunks.length - 1, last);
      }
      return;
    }
    chunk.splice(this.#placeIn(chunk, thing), 0, thing);
    this.#split(at, chunk);
  }

  /** False when it was not here. */
  remove(thing: T): boolean {
    const at = this.#chunkOf(thing);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return false;
    const place = this.#placeIn(chunk, thing);
    if (chunk[place] !== thing) return false;
    if (chunk.length === 1) this.#chunks.splice(at, 1);
    else chunk.splice(place, 1);
    this.#length--;
    return true;
  }

  /** How many things come before this one, whether it is here or not. */
  countBefore(thing: T): number {
    const at = this.#chunkOf(thing);
    let count = 0;
    for (let i = 0; i < at; i++) count += this.#chunks[i]?.length ?? 0;
    const chunk = this.#chunks[at];
    return chunk === undefined ? count : count + this.#placeIn(chunk, thing);
  }

  at(index: number): T | undefined {
    let rest = index;
    for (const chunk of this.#chunks) {
      if (rest < chunk.length) return chunk[rest];
      rest -= chunk.length;
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first thing in order that fits; undefined where none does. */
  find(fits: (thing: T) => boolean): T | undefined {
    for (const chunk of this.#chunks) for (const thing of chunk) if (fits(thing)) return thing;
    return undefined;
  }

  /** The first chunk whose last thing is not before this one. */
  #chunkOf(thing: T): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && this.compare(last, thing) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(chunk: readonly T[], thing: T): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = chunk[middle];
      if (other !== undefined && this.compare(other, thing) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(at: number, chunk: T[]): void {
    if (chunk.length <= CHUNK_LIMIT) return;
    this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK_LIMIT >> 1));
  }
}
