/** A chunk is split when it grows past this: inserting moves at most so many references. */
export const CHUNK_LIMIT = 512;
/** So many free places at the front are taken away at once. */
const FREE_LIMIT = 64;

/**
 * A part of a sorted list. The keys stand beside the things, so that a search reads numbers that lie close together and
 * not the things; and the front moves, so that who leaves there, as most do, moves nobody.
 */
export class Chunk<T> {
  #keys: number[] = [];
  #things: (T | undefined)[] = [];
  /** Where the first one stands. */
  #front = 0;

  get length(): number {
    return this.#keys.length - this.#front;
  }

  get first(): T | undefined {
    return this.#things[this.#front];
  }

  get firstKey(): number | undefined {
    return this.#keys[this.#front];
  }

  get things(): readonly T[] {
    return this.#things.slice(this.#front) as readonly T[];
  }

  at(place: number): T | undefined {
    return this.#things[this.#front + place];
  }

  /** The place of a thing, or where it would stand. */
  placeOf(key: number, thing: T, compare: (a: T, b: T) => number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isBefore(middle, key, thing, compare)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether what stands at a place comes before this thing. */
  isBefore(place: number, key: number, thing: T, compare: (a: T, b: T) => number): boolean {
    const otherKey = this.#keys[this.#front + place];
    if (otherKey === undefined || otherKey > key) return false;
    if (otherKey < key) return true;
    const other = this.at(place);
    return other !== undefined && other !== thing && compare(other, thing) < 0;
  }

  insert(place: number, key: number, thing: T): void {
    const at = this.#front + place;
    const last = this.#keys.length;
    if (this.#front > 0 && place < last - at) {
      this.#front--;
      this.#shift(this.#front, at - 1, 1);
      this.#put(at - 1, key, thing);
      return;
    }
    this.#keys.push(key);
    this.#things.push(thing);
    this.#shift(last, at, -1);
    this.#put(at, key, thing);
  }

  drop(place: number): void {
    const at = this.#front + place;
    const last = this.#keys.length - 1;
    if (last - at <= place) {
      this.#shift(at, last, 1);
      this.#keys.pop();
      this.#things.pop();
      return;
    }
    this.#shift(at, this.#front, -1);
    this.#things[this.#front++] = undefined;
    if (this.#front < FREE_LIMIT) return;
    this.#keys.splice(0, this.#front);
    this.#things.splice(0, this.#front);
    this.#front = 0;
  }

  /** Gives the second half to a chunk of its own. */
  split(): Chunk<T> {
    const half = new Chunk<T>();
    const at = this.#front + (this.length >> 1);
    half.#keys = this.#keys.splice(at);
    half.#things = this.#things.splice(at);
    return half;
  }

  /** Everybody from behind `from` to `to` moves by one towards `from`. */
  #shift(from: number, to: number, step: 1 | -1): void {
    const keys = this.#keys;
    const things = this.#things;
    for (let at = from; at !== to; at += step) {
      keys[at] = keys[at + step] as number;
      things[at] = things[at + step];
    }
  }

  #put(at: number, key: number, thing: T): void {
    this.#keys[at] = key;
    this.#things[at] = thing;
  }
}
