const LINES_AT_FIRST = 64;

/**
 * What decisions look at of many lines, by the line's index, close together in memory: whose turn is first, and whether a
 * call may be offered at all. Most lines that are looked at are not touched otherwise.
 */
export class LineNumbers {
  /** Rank of the first who waits; Infinity where nobody does. */
  heads = new Float64Array(LINES_AT_FIRST).fill(Infinity);
  /** How many agents are available. */
  available = new Uint32Array(LINES_AT_FIRST);
  /** Calls offered or talking now. */
  inService = new Uint32Array(LINES_AT_FIRST);
  /** How many of them there may be; 0 is without limit. */
  limits = new Uint32Array(LINES_AT_FIRST);
  /** 1 where a talk is followed by wrap-up. */
  wrapUps = new Uint8Array(LINES_AT_FIRST);
  #used = 0;

  next(): number {
    if (this.#used === this.heads.length) this.#grow();
    return this.#used++;
  }

  isFull(index: number): boolean {
    const limit = this.limits[index] ?? 0;
    return limit > 0 && (this.inService[index] ?? 0) >= limit;
  }

  #grow(): void {
    const room = this.heads.length * 2;
    const heads = new Float64Array(room).fill(Infinity);
    heads.set(this.heads);
    this.heads = heads;
    for (const name of ['available', 'inService', 'limits'] as const) {
      const larger = new Uint32Array(room);
      larger.set(this[name]);
      this[name] = larger;
    }
    const wrapUps = new Uint8Array(room);
    wrapUps.set(this.wrapUps);
    this.wrapUps = wrapUps;
  }
}
