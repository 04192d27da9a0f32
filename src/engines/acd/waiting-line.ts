import type { CallId, QueueId } from '../../kernel/ids.js';

export interface Waiting {
  readonly call: CallId;
  readonly queue: QueueId;
  /** Higher goes first. */
  readonly priority: number;
  readonly enteredAt: number;
}

const before = (a: Waiting, b: Waiting): boolean =>
  a.priority !== b.priority
    ? a.priority > b.priority
    : a.enteredAt !== b.enteredAt
      ? a.enteredAt < b.enteredAt
      : a.call < b.call;

/** Callers of one queue in the order in which they are served: priority, then time of entry, then call id. */
export class WaitingLine {
  readonly #calls: Waiting[] = [];

  get calls(): readonly Waiting[] {
    return this.#calls;
  }
  has(call: CallId): boolean {
    return this.#calls.some((w) => w.call === call);
  }
  add(waiting: Waiting): void {
    let low = 0;
    let high = this.#calls.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#calls[middle];
      if (at !== undefined && before(at, waiting)) low = middle + 1;
      else high = middle;
    }
    this.#calls.splice(low, 0, waiting);
  }
  /** False when it was not here. */
  remove(call: CallId): boolean {
    const index = this.#calls.findIndex((w) => w.call === call);
    if (index < 0) return false;
    this.#calls.splice(index, 1);
    return true;
  }
}
