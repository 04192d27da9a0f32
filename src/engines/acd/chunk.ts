/** A chunk is split when it grows past this: inserting moves at most so many references. */
export const CHUNK_LIMIT = 512;
/** Room of a new chunk; a power of two, as each room is. */
const ROOM_AT_FIRST = 4;

/**
 * Things in the order of their keys, in a ring: whoever leaves at the front or comes at the end, as most do, moves nobody,
 * and elsewhere the shorter side moves. The keys stand beside the things, so that a search reads numbers that lie close
 * together and not the things. Room is doubled when it is full, and never given back.
 */
export class Chunk<T> {
  /** Where the first one stands. */
  #front = 0;
  #count = 0;
  /** Room less one: places are counted around by it. */
  #mask = ROOM_AT_FIRST - 1;
  #keys = emptyKeys(ROOM_AT_FIRST);
  #things = emptyThings<T>(ROOM_AT_FIRST);

  get count(): number {
    return this.#count;
  }

  get head(): T | undefined {
    return this.#things[this.#front];
  }

  /** Infinity where nothing is here. */
  get headKey(): number {
    return this.#count === 0 ? Infinity : (this.#keys[this.#front] ?? Infinity);
  }

  thingAt(place: number): T | undefined {
    return place < this.#count ? this.#things[(this.#front + place) & this.#mask] : undefined;
  }

  keyAt(place: number): number {
    return this.#keys[(this.#front + place) & this.#mask] ?? Infinity;
  }

  /** The place of a thing, or where it would stand. */
  placeOf(key: number, thing: T, compare: (a: T, b: T) => number): number {
    let low = 0;
    let high = this.#count;
    // Most come at the end.
    if (high > 0 && this.keyAt(high - 1) < key) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.isBefore(middle, key, thing, compare)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether what stands at a place comes before this thing. */
  isBefore(place: number, key: number, thing: T, compare: (a: T, b: T) => number): boolean {
    const otherKey = this.keyAt(place);
    if (otherKey !== key) return otherKey < key;
    const other = this.thingAt(place);
    return other !== undefined && other !== thing && compare(other, thing) < 0;
  }

  insert(place: number, key: number, thing: T): void {
    if (this.#count > this.#mask) this.#grow();
    const count = this.#count++;
    if (place < count >> 1) {
      this.#front = (this.#front - 1) & this.#mask;
      for (let at = 0; at < place; at++) this.#move(at + 1, at);
    } else for (let at = count; at > place; at--) this.#move(at - 1, at);
    this.#put(place, key, thing);
  }

  drop(place: number): void {
    const last = this.#count - 1;
    if (place < last >> 1) {
      for (let at = place; at > 0; at--) this.#move(at - 1, at);
      this.dropHead();
      return;
    }
    for (let at = place; at < last; at++) this.#move(at + 1, at);
    this.#things[(this.#front + last) & this.#mask] = undefined;
    this.#count--;
  }

  dropHead(): void {
    this.#things[this.#front] = undefined;
    this.#front = (this.#front + 1) & this.#mask;
    this.#count--;
  }

  /** Gives those from a place on to another chunk, behind whoever is there. */
  giveFrom(place: number, to: Chunk<T>): void {
    for (let at = place; at < this.#count; at++) {
      const thing = this.thingAt(at);
      if (thing !== undefined) to.insert(to.#count, this.keyAt(at), thing);
    }
    while (this.#count > place) this.drop(this.#count - 1);
  }

  #move(from: number, to: number): void {
    const source = (this.#front + from) & this.#mask;
    const target = (this.#front + to) & this.#mask;
    this.#keys[target] = this.#keys[source] ?? Infinity;
    this.#things[target] = this.#things[source];
  }

  #put(place: number, key: number, thing: T): void {
    const at = (this.#front + place) & this.#mask;
    this.#keys[at] = key;
    this.#things[at] = thing;
  }

  #grow(): void {
    const room = 2 * (this.#mask + 1);
    const keys = emptyKeys(room);
    const things = emptyThings<T>(room);
    for (let place = 0; place < this.#count; place++) {
      keys[place] = this.keyAt(place);
      things[place] = this.thingAt(place);
    }
    this.#front = 0;
    this.#mask = room - 1;
    this.#keys = keys;
    this.#things = things;
  }
}

const emptyKeys = (room: number): number[] => Array.from({ length: room }, () => Infinity);
const emptyThings = <T>(room: number): (T | undefined)[] =>
  Array.from({ length: room }, () => undefined);
