/**
 * Things by their id, a small whole number as databases count them. Found in an array, which costs one access to memory
 * where a Map costs three; an array with great gaps is kept as a table of hashes by itself. Iterates in order of entry.
 */
export class ByNumber<K extends number, T> implements Iterable<T> {
  readonly #things: (T | undefined)[] = [];
  readonly #inOrder = new Map<K, T>();

  get(id: K): T | undefined {
    return this.#things[id];
  }

  set(id: K, thing: T): void {
    this.#things[id] = thing;
    this.#inOrder.set(id, thing);
  }

  delete(id: K): void {
    this.#things[id] = undefined;
    this.#inOrder.delete(id);
  }

  [Symbol.iterator](): MapIterator<T> {
    return this.#inOrder.values();
  }
}
