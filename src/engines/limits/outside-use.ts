import type { CallId, ChannelId, ExtensionId, TrunkId } from '../../kernel/ids.js';
import { costOf, type CallRate } from './call-cost.js';

/** What one extension may use of the lines to the outside, so that a stolen password costs little. Each 0 is without limit. */
export interface OutsideCaps {
  /** Calls begun in an hour. */
  readonly callsPerHour: number;
  /** Calls at once. */
  readonly atOnce: number;
  /** Millionths of the currency that calls of the last hour have cost, those that go on as far as they are. */
  readonly costPerHour: number;
}

export const NO_OUTSIDE_CAPS: OutsideCaps = { callsPerHour: 0, atOnce: 0, costPerHour: 0 };

export type CapReason = 'cap-calls' | 'cap-at-once' | 'cap-cost';

/** A call to the outside that an extension answers for. */
export interface OutsideCall {
  readonly call: CallId;
  readonly number: string;
  /** Over the last trunk that was tried. */
  readonly leg: ChannelId;
  readonly trunkId: TrunkId;
  /** ms since the epoch. */
  readonly beganAt: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
}

/** What one extension has used lately. */
export interface ExtensionUse {
  readonly extension: ExtensionId;
  readonly calls: readonly OutsideCall[];
}

const HOUR_MS = 3_600_000;
/** A call of which no end was heard is taken to have ended after so long. */
const LONGEST_MS = 12 * HOUR_MS;

/** Counts what extensions use of the lines to the outside. It has no clock. */
export class OutsideUse {
  readonly #uses = new Map<ExtensionId, readonly OutsideCall[]>();
  readonly #payers = new Map<ChannelId, ExtensionId>();

  /** `onChange`: what is to be kept over a restart; nothing where the extension used none lately. */
  constructor(
    private readonly onChange: (use: ExtensionUse) => void,
    before: readonly ExtensionUse[] = [],
  ) {
    for (const { extension, calls } of before) {
      this.#uses.set(extension, calls);
      for (const { leg, endedAt } of calls)
        if (endedAt === undefined) this.#payers.set(leg, extension);
    }
  }

  /** A leg goes out. The same number for the same call over another trunk is the same call. */
  began(extension: ExtensionId, leg: Omit<OutsideCall, 'answeredAt' | 'endedAt'>): void {
    // One that goes on in another call.
    if (this.#payers.has(leg.leg)) return;
    this.#payers.set(leg.leg, extension);
    const others = this.#recent(extension, leg.beganAt).filter(
      (one) => one.call !== leg.call || one.number !== leg.number || one.answeredAt !== undefined,
    );
    this.#keep(extension, [...others, leg]);
  }

  answered(leg: ChannelId, at: number): void {
    this.#change(leg, at, { answeredAt: at });
  }

  ended(leg: ChannelId, at: number): void {
    this.#change(leg, at, { endedAt: at });
    this.#payers.delete(leg);
  }

  /** Why the extension may not call outside now; undefined where it may. */
  problem(
    extension: ExtensionId,
    caps: OutsideCaps,
    rates: readonly CallRate[],
    at: number,
  ): CapReason | undefined {
    const { calls, atOnce, cost } = this.of(extension, rates, at);
    if (isReached(calls, caps.callsPerHour)) return 'cap-calls';
    if (isReached(atOnce, caps.atOnce)) return 'cap-at-once';
    return isReached(cost, caps.costPerHour) ? 'cap-cost' : undefined;
  }

  /** What the extension has used in the hour before `at`. */
  of(extension: ExtensionId, rates: readonly CallRate[], at: number) {
    const recent = this.#recent(extension, at);
    return {
      calls: recent.filter(({ beganAt }) => beganAt > at - HOUR_MS).length,
      atOnce: recent.filter(({ endedAt }) => endedAt === undefined).length,
      cost: recent.reduce((sum, one) => sum + costSoFar(one, rates, at), 0),
    };
  }

  #recent(extension: ExtensionId, at: number): readonly OutsideCall[] {
    return (this.#uses.get(extension) ?? []).filter(({ beganAt, endedAt }) =>
      endedAt === undefined ? beganAt > at - LONGEST_MS : endedAt > at - HOUR_MS,
    );
  }

  #change(leg: ChannelId, at: number, change: Partial<OutsideCall>): void {
    const extension = this.#payers.get(leg);
    if (extension === undefined) return;
    const calls = this.#recent(extension, at);
    if (!calls.some((one) => one.leg === leg)) return;
    this.#keep(
      extension,
      calls.map((one) => (one.leg === leg ? { ...one, ...change } : one)),
    );
  }

  #keep(extension: ExtensionId, calls: readonly OutsideCall[]): void {
    if (calls.length === 0) this.#uses.delete(extension);
    else this.#uses.set(extension, calls);
    this.onChange({ extension, calls });
  }
}

const isReached = (value: number, cap: number): boolean => cap > 0 && value >= cap;

/** Of a call that began before the last hour only what it cost within. */
function costSoFar(
  { number, trunkId, beganAt, answeredAt, endedAt }: OutsideCall,
  rates: readonly CallRate[],
  at: number,
): number {
  if (answeredAt === undefined) return 0;
  const from = Math.max(answeredAt, at - HOUR_MS);
  const ms = Math.max(0, (endedAt ?? at) - from);
  return costOf(rates, { trunkId, number, beganAt, ms });
}
