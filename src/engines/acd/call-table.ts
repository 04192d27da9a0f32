import type { CallId } from '../../kernel/ids.js';
import type { Waiter } from './waiter.js';

const SLOTS_AT_FIRST = 64;
/** Of two slots at least one is free, so that few are looked at for each call. */
const SLOTS_A_CALL = 2;

/**
 * Who waits, by call: a table of hashes with open addressing. A Map would do, but calls come and go for ever: it makes its
 * table anew after every few thousands, each old table points to the next one, and the collector of young objects takes
 * what old ones point to for alive. So everybody who ever waited was copied and kept until the next full collection.
 */
export class CallTable implements Iterable<Waiter> {
  /** 0 where the slot is free. */
  #hashes = new Int32Array(SLOTS_AT_FIRST);
  #waiters: (Waiter | undefined)[] = emptySlots(SLOTS_AT_FIRST);
  #mask = SLOTS_AT_FIRST - 1;
  #size = 0;

  get(call: CallId): Waiter | undefined {
    return this.#waiters[this.#slotOf(call, hashOf(call))];
  }

  /** The call must not be here. */
  add(waiter: Waiter): void {
    if ((this.#size + 1) * SLOTS_A_CALL > this.#waiters.length) this.#grow();
    const hash = hashOf(waiter.call);
    const slot = this.#slotOf(waiter.call, hash);
    waiter.hash = hash;
    this.#hashes[slot] = hash;
    this.#waiters[slot] = waiter;
    this.#size++;
  }

  /** Somebody who is not here is no matter. */
  remove(waiter: Waiter): void {
    let slot = waiter.hash & this.#mask;
    for (;;) {
      const found = this.#waiters[slot];
      if (found === undefined) return;
      if (found === waiter) break;
      slot = (slot + 1) & this.#mask;
    }
    this.#size--;
    this.#closeGap(slot);
  }

  *[Symbol.iterator](): Generator<Waiter, void> {
    for (const waiter of this.#waiters) if (waiter !== undefined) yield waiter;
  }

  /** Where the call is, or would be. */
  #slotOf(call: CallId, hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const known = this.#hashes[slot];
      if (known === 0) return slot;
      if (known === hash && this.#waiters[slot]?.call === call) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Whoever stands behind the gap and would be looked for from in front of it moves into it. */
  #closeGap(from: number): void {
    let gap = from;
    let slot = from;
    for (;;) {
      slot = (slot + 1) & this.#mask;
      const hash = this.#hashes[slot] ?? 0;
      if (hash === 0) break;
      const steps = (slot - hash) & this.#mask;
      if (steps < ((slot - gap) & this.#mask)) continue;
      this.#hashes[gap] = hash;
      this.#waiters[gap] = this.#waiters[slot];
      gap = slot;
    }
    this.#hashes[gap] = 0;
    this.#waiters[gap] = undefined;
  }

  #grow(): void {
    const all = [...this];
    const slots = this.#waiters.length * 2;
    this.#hashes = new Int32Array(slots);
    this.#waiters = emptySlots(slots);
    this.#mask = slots - 1;
    this.#size = 0;
    for (const waiter of all) this.add(waiter);
  }
}

const emptySlots = (count: number): (Waiter | undefined)[] =>
  Array.from({ length: count }, () => undefined);

/** FNV-1a (Fowler, Noll, Vo) with its upper bits folded into the lower ones; never 0. */
function hashOf(call: CallId): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < call.length; at++) hash = Math.imul(hash ^ call.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) | 0 || 1;
}
