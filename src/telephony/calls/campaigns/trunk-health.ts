import type { TrunkId } from '../../../kernel/ids.js';

/** So many calls in a row that a trunk refuses make it one that refuses everything. */
export const REFUSALS_IN_A_ROW = 5;
/** How long it is left alone then, and after each call by which it is tried again. */
export const BACK_OFF_MS = [10_000, 30_000, 60_000] as const;
/** A single refused call is that number's own after so long without another. */
const HELD_MS = 60_000;
/** What a trunk refused longer ago says nothing of how it is now: nobody has called over it since. */
const FRESH_MS = 15 * 60_000;

/** What a refused call was: the number's or the network's (`congestion`), or the trunk's own fault (`failed`). */
export type RefusalVerdict = 'congestion' | 'failed';

interface Held {
  readonly at: number;
  readonly settle: (verdict: RefusalVerdict) => void;
}

interface Trunk {
  inRow: number;
  held: Held[];
  /** Left alone until then; undefined while it works. */
  until: number | undefined;
  refusedAt: number;
  /** Tried again so often, in vain. */
  tries: number;
  isTried: boolean;
}

/**
 * Tells a number that cannot be reached from a trunk that refuses everything. What the last refused calls were is said when
 * that is known: when another call gets through they were the numbers' own, and when too many follow each other they were
 * the trunk's fault, for which no lead pays. Instants in ms.
 */
export class TrunkHealth {
  readonly #trunks = new Map<TrunkId, Trunk>();

  constructor(
    private readonly listener: {
      readonly onRefusing: (trunk: TrunkId) => void;
      readonly onWorking: (trunk: TrunkId) => void;
    },
  ) {}

  /** How many calls may be started over it now. */
  room(id: TrunkId, at: number): number {
    const trunk = this.#trunks.get(id);
    if (trunk?.until === undefined) return Infinity;
    return at >= trunk.until && !trunk.isTried ? 1 : 0;
  }

  isRefusing(id: TrunkId): boolean {
    return this.#trunks.get(id)?.until !== undefined;
  }

  /** It refused everything a short while ago: an alarm. It ends also where no campaign calls over it any more. */
  refusesNow(id: TrunkId, at: number): boolean {
    const trunk = this.#trunks.get(id);
    return trunk?.until !== undefined && at - trunk.refusedAt < FRESH_MS;
  }

  /** How often a trunk that refuses everything was tried again; 0 for one that works. */
  triesOf(id: TrunkId): number {
    return this.#trunks.get(id)?.tries ?? 0;
  }

  /** Somebody has looked: every trunk is tried again from now on. */
  forgive(at: number): void {
    for (const trunk of this.#trunks.values()) {
      if (trunk.until === undefined) continue;
      trunk.until = at;
      trunk.tries = 0;
    }
  }

  /** A call goes out over it. */
  dialled(id: TrunkId): void {
    const trunk = this.#trunks.get(id);
    if (trunk?.until !== undefined) trunk.isTried = true;
  }

  /** Nothing came of a call that went out: neither a word of the far end nor a refusal. */
  undecided(id: TrunkId): void {
    const trunk = this.#trunks.get(id);
    if (trunk !== undefined) trunk.isTried = false;
  }

  /** The far end of a call has spoken, or rings. */
  worked(id: TrunkId): void {
    const trunk = this.#trunks.get(id);
    if (trunk === undefined) return;
    this.#trunks.delete(id);
    for (const { settle } of trunk.held) settle('congestion');
    if (trunk.until !== undefined) this.listener.onWorking(id);
  }

  /** The trunk refused a call. `settle` is told what it was: at once, or when that is known. */
  refused(id: TrunkId, at: number, settle: (verdict: RefusalVerdict) => void): void {
    const trunk = this.#trunks.get(id) ?? FRESH();
    this.#trunks.set(id, trunk);
    trunk.refusedAt = at;
    if (trunk.until !== undefined) {
      settle('failed');
      if (!trunk.isTried) return;
      trunk.isTried = false;
      trunk.tries++;
      trunk.until = at + (BACK_OFF_MS[Math.min(trunk.tries, BACK_OFF_MS.length - 1)] ?? 0);
      return;
    }
    trunk.inRow++;
    trunk.held.push({ at, settle });
    if (trunk.inRow < REFUSALS_IN_A_ROW) return;
    const held = trunk.held;
    trunk.held = [];
    trunk.until = at + BACK_OFF_MS[0];
    for (const one of held) one.settle('failed');
    this.listener.onRefusing(id);
  }

  /** What was not decided for long is said now. */
  pass(at: number): void {
    for (const trunk of this.#trunks.values()) {
      const old = trunk.held.filter((one) => at - one.at >= HELD_MS);
      if (old.length === 0) continue;
      trunk.held = trunk.held.filter((one) => at - one.at < HELD_MS);
      for (const { settle } of old) settle('congestion');
    }
  }

  /** Nobody waits for what is still open: said as the number's own. */
  settleAll(): void {
    for (const trunk of this.#trunks.values())
      for (const { settle } of trunk.held.splice(0)) settle('congestion');
  }
}

const FRESH = (): Trunk => ({
  ...{ inRow: 0, held: [], until: undefined, refusedAt: -Infinity, tries: 0, isTried: false },
});
