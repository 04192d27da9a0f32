import type { CallId, TrunkId } from '../../kernel/ids.js';

/** How many calls are taken. Each 0 is without limit. */
export interface LoadLimits {
  /** Calls at once: from there on callers from outside come into the flow for busy times. */
  readonly maxCalls: number;
  /** So many more come into that flow; who calls then is refused, so that all those on the line are served well. */
  readonly reserve: number;
  /** New callers from outside in a second; more are refused. */
  readonly perSecond: number;
  /** Calls at once from one number outside; more are refused. */
  readonly perSource: number;
  /** Calls from one number outside in a minute; more are refused. */
  readonly perSourceMinute: number;
}

export const NO_LOAD_LIMITS: LoadLimits = {
  ...{ maxCalls: 0, reserve: 0, perSecond: 0, perSource: 0, perSourceMinute: 0 },
};

/** Somebody calls from outside. `source`: the number, '' where none is shown. */
export interface Caller {
  readonly source: string;
  readonly trunk: TrunkId | undefined;
  /** Callers at once over this trunk; 0 is without limit. */
  readonly trunkLimit: number;
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * `busy`: the flow for busy times takes the caller. `refused`: before the call is answered, with a Q.850 cause that lets the
 * carrier try elsewhere (42, switching equipment congestion: SIP 503) or tells the caller to try later (17: SIP 486).
 */
export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'busy'; readonly why: 'calls-full' | 'trunk-full' }
  | {
      readonly kind: 'refused';
      readonly cause: 17 | 42;
      readonly why: 'calls-full' | 'calls-too-fast' | 'source-full' | 'source-too-often';
    };

/** Q.850: switching equipment congestion. */
export const CONGESTION = 42;
const USER_BUSY = 17;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** So many numbers are remembered before those that did not call lately are forgotten. */
const SOURCES_KEPT = 10_000;

interface CallerNow {
  readonly source: string;
  readonly trunk: TrunkId | undefined;
}

/** Decides who comes in. It has no clock and knows of each call from its begin to its end. */
export class Admissions {
  readonly #calls = new Map<CallId, CallerNow | undefined>();
  readonly #bySource = new Map<string, number>();
  readonly #byTrunk = new Map<TrunkId, number>();
  /** When callers came in lately, the oldest first. */
  #latest: number[] = [];
  readonly #latestOf = new Map<string, number[]>();

  /** Calls at once, of all kinds. */
  get count(): number {
    return this.#calls.size;
  }

  /** A call is there. `caller`: absent where it does not come from outside. The same twice is once. */
  enter(call: CallId, caller?: CallerNow): void {
    if (this.#calls.has(call)) return;
    this.#calls.set(call, caller);
    if (caller === undefined) return;
    add(this.#bySource, caller.source, 1);
    if (caller.trunk !== undefined) add(this.#byTrunk, caller.trunk, 1);
  }

  leave(call: CallId): void {
    const caller = this.#calls.get(call);
    if (!this.#calls.delete(call) || caller === undefined) return;
    add(this.#bySource, caller.source, -1);
    if (caller.trunk !== undefined) add(this.#byTrunk, caller.trunk, -1);
  }

  /** Who comes in counts from then on for what may come in a second and a minute. Who shows no number is nobody in particular. */
  ask(limits: LoadLimits, { source, trunk, trunkLimit, at }: Caller): Admission {
    this.#latest = since(this.#latest, at - SECOND_MS);
    const own = since(this.#latestOf.get(source) ?? [], at - MINUTE_MS);
    const isFull = isOver(this.count, limits.maxCalls);
    if (isFull && this.count >= limits.maxCalls + limits.reserve)
      return { kind: 'refused', cause: CONGESTION, why: 'calls-full' };
    if (isOver(this.#latest.length, limits.perSecond))
      return { kind: 'refused', cause: CONGESTION, why: 'calls-too-fast' };
    if (source !== '') {
      if (isOver(this.#bySource.get(source) ?? 0, limits.perSource))
        return { kind: 'refused', cause: USER_BUSY, why: 'source-full' };
      if (isOver(own.length, limits.perSourceMinute))
        return { kind: 'refused', cause: USER_BUSY, why: 'source-too-often' };
      this.#latestOf.set(source, [...own, at]);
      if (this.#latestOf.size > SOURCES_KEPT) this.#forget(at);
    }
    this.#latest.push(at);
    if (isFull) return { kind: 'busy', why: 'calls-full' };
    const ofTrunk = trunk === undefined ? 0 : (this.#byTrunk.get(trunk) ?? 0);
    return isOver(ofTrunk, trunkLimit) ? { kind: 'busy', why: 'trunk-full' } : { kind: 'admitted' };
  }

  #forget(at: number): void {
    for (const [source, times] of this.#latestOf)
      if ((times.at(-1) ?? 0) <= at - MINUTE_MS) this.#latestOf.delete(source);
  }
}

const isOver = (count: number, limit: number): boolean => limit > 0 && count >= limit;

const since = (times: readonly number[], from: number): number[] => {
  const first = times.findIndex((time) => time > from);
  return first < 0 ? [] : times.slice(first);
};

function add<Key>(counts: Map<Key, number>, key: Key, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
