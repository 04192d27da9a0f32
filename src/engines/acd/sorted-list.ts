import { Chunk, CHUNK_LIMIT } from './chunk.js';

/**
 * Things in the order of their keys, equal keys in the order of `compare`, which must never call two different things
 * equal. Adding and removing find their place by bisection; a list of n costs about log n comparisons and moves at most
 * {@link CHUNK_LIMIT} references. What decides the order of a thing must not change while it is in a list.
 */
export class SortedList<T> {
  /** The first of the chunks: most lists have no other, and need not be searched for it. */
  #first = new Chunk<T>();
  readonly #chunks: Chunk<T>[] = [this.#first];
  #hasMore = false;
  #length = 0;

  constructor(
    private readonly keyOf: (thing: T) => number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    return this.#first.first;
  }

  /** Infinity where nothing is here. */
  get firstKey(): number {
    return this.#first.firstKey ?? Infinity;
  }

  add(thing: T): void {
    const key = this.keyOf(thing);
    const chunk = this.#chunkFor(key, thing);
    chunk.insert(chunk.placeOf(key, thing, this.compare), key, thing);
    this.#length++;
    if (chunk.length <= CHUNK_LIMIT) return;
    this.#chunks.splice(this.#chunks.indexOf(chunk) + 1, 0, chunk.split());
    this.#hasMore = true;
  }

  /** False when it was not here. */
  remove(thing: T): boolean {
    if (this.#length === 0) return false;
    const key = this.keyOf(thing);
    const chunk = this.#chunkFor(key, thing);
    const place = chunk.placeOf(key, thing, this.compare);
    if (chunk.at(place) !== thing) return false;
    chunk.drop(place);
    if (chunk.length === 0 && this.#hasMore) this.#takeAway(chunk);
    this.#length--;
    return true;
  }

  /** How many things come before this one, whether it is here or not. */
  countBefore(thing: T): number {
    const key = this.keyOf(thing);
    const at = this.#chunkOf(key, thing);
    let count = 0;
    for (let i = 0; i < at; i++) count += this.#chunks[i]?.length ?? 0;
    return count + (this.#chunks[at]?.placeOf(key, thing, this.compare) ?? 0);
  }

  at(index: number): T | undefined {
    let rest = index;
    for (const chunk of this.#chunks) {
      if (rest < chunk.length) return chunk.at(rest);
      rest -= chunk.length;
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const chunk of this.#chunks) yield* chunk.things;
  }

  /** The first thing in order that fits; undefined where none does. */
  find(fits: (thing: T) => boolean): T | undefined {
    for (const chunk of this.#chunks)
      for (let place = 0; place < chunk.length; place++) {
        const thing = chunk.at(place);
        if (thing !== undefined && fits(thing)) return thing;
      }
    return undefined;
  }

  #takeAway(chunk: Chunk<T>): void {
    this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
    this.#first = this.#chunks[0] ?? chunk;
    this.#hasMore = this.#chunks.length > 1;
  }

  #chunkFor(key: number, thing: T): Chunk<T> {
    return this.#hasMore ? (this.#chunks[this.#chunkOf(key, thing)] ?? this.#first) : this.#first;
  }

  /** The first chunk whose last thing is not before this one; the last chunk where all are. */
  #chunkOf(key: number, thing: T): number {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = chunks[middle];
      if (chunk?.isBefore(chunk.length - 1, key, thing, this.compare) === true) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
