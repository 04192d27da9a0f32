import { Chunk, CHUNK_LIMIT } from './chunk.js';

/**
 * Things in the order of their keys, equal keys in the order of `compare`, which must never call two different things
 * equal. Adding and removing find their place by bisection; a list of n costs about log n comparisons and moves at most
 * {@link CHUNK_LIMIT} references. What decides the order of a thing must not change while it is in a list.
 *
 * Most lists are short: they are one chunk themselves, with nothing between a list and its things.
 */
export class SortedList<T> extends Chunk<T> {
  /** Where everybody is in a list that has grown past one chunk; undefined for all others. */
  #chunks: Chunk<T>[] | undefined;
  #length = 0;

  constructor(
    private readonly keyOf: (thing: T) => number,
    private readonly compare: (a: T, b: T) => number,
  ) {
    super();
  }

  get length(): number {
    return this.#chunks === undefined ? this.count : this.#length;
  }

  get first(): T | undefined {
    return this.#chunks === undefined ? this.head : this.#chunks[0]?.head;
  }

  /** Infinity where nothing is here. */
  get firstKey(): number {
    return this.#chunks === undefined ? this.headKey : (this.#chunks[0]?.headKey ?? Infinity);
  }

  add(thing: T): void {
    const key = this.keyOf(thing);
    if (this.#chunks !== undefined) this.#addTo(this.#chunks, key, thing);
    else {
      this.insert(this.placeOf(key, thing, this.compare), key, thing);
      if (this.count > CHUNK_LIMIT) this.#spread();
    }
  }

  /** False when it was not here. */
  remove(thing: T): boolean {
    if (this.#chunks !== undefined) return this.#removeFrom(this.#chunks, thing);
    if (this.count === 0) return false;
    return take(this, this.keyOf, thing, this.compare);
  }

  /** How many things come before this one, whether it is here or not. */
  countBefore(thing: T): number {
    const key = this.keyOf(thing);
    const chunks = this.#chunks;
    if (chunks === undefined) return this.placeOf(key, thing, this.compare);
    const at = this.#chunkOf(chunks, key, thing);
    let count = 0;
    for (let i = 0; i < at; i++) count += chunks[i]?.count ?? 0;
    return count + (chunks[at]?.placeOf(key, thing, this.compare) ?? 0);
  }

  at(index: number): T | undefined {
    if (this.#chunks === undefined) return this.thingAt(index);
    let rest = index;
    for (const chunk of this.#chunks) {
      if (rest < chunk.count) return chunk.thingAt(rest);
      rest -= chunk.count;
    }
    return undefined;
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const chunk of this.#chunks ?? [this])
      for (let place = 0; place < chunk.count; place++) {
        const thing = chunk.thingAt(place);
        if (thing !== undefined) yield thing;
      }
  }

  /** The first thing in order that fits; undefined where none does. */
  find(fits: (thing: T) => boolean): T | undefined {
    for (const chunk of this.#chunks ?? [this])
      for (let place = 0; place < chunk.count; place++) {
        const thing = chunk.thingAt(place);
        if (thing !== undefined && fits(thing)) return thing;
      }
    return undefined;
  }

  #addTo(chunks: Chunk<T>[], key: number, thing: T): void {
    const at = this.#chunkOf(chunks, key, thing);
    const chunk = chunks[at];
    if (chunk === undefined) return;
    chunk.insert(chunk.placeOf(key, thing, this.compare), key, thing);
    this.#length++;
    if (chunk.count > CHUNK_LIMIT) chunks.splice(at + 1, 0, secondHalf(chunk));
  }

  #removeFrom(chunks: Chunk<T>[], thing: T): boolean {
    const at = chunks[0]?.head === thing ? 0 : this.#chunkOf(chunks, this.keyOf(thing), thing);
    const chunk = chunks[at];
    if (chunk === undefined || !take(chunk, this.keyOf, thing, this.compare)) return false;
    this.#length--;
    if (chunk.count === 0) chunks.splice(at, 1);
    if (this.#length === 0) this.#chunks = undefined;
    return true;
  }

  /** From now on everybody is in chunks. */
  #spread(): void {
    this.#length = this.count;
    const all = new Chunk<T>();
    this.giveFrom(0, all);
    const second = secondHalf(all);
    this.#chunks = [all, second];
  }

  /** The first chunk whose last thing is not before this one; the last chunk where all are. */
  #chunkOf(chunks: readonly Chunk<T>[], key: number, thing: T): number {
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = chunks[middle];
      if (chunk?.isBefore(chunk.count - 1, key, thing, this.compare) === true) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Takes a thing out of a chunk; false when it was not there. Its key is asked for only where it is not the first. */
function take<T>(
  chunk: Chunk<T>,
  keyOf: (thing: T) => number,
  thing: T,
  compare: (a: T, b: T) => number,
): boolean {
  if (chunk.head === thing) {
    chunk.dropHead();
    return true;
  }
  const place = chunk.placeOf(keyOf(thing), thing, compare);
  if (chunk.thingAt(place) !== thing) return false;
  chunk.drop(place);
  return true;
}

function secondHalf<T>(chunk: Chunk<T>): Chunk<T> {
  const half = new Chunk<T>();
  chunk.giveFrom(chunk.count >> 1, half);
  return half;
}
