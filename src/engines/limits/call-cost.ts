import type { TrunkId } from '../../kernel/ids.js';

/** What calls over trunks cost; amounts in millionths of the currency. */
export interface CallRate {
  readonly id: number;
  /** Absent: any trunk. */
  readonly trunkId: TrunkId | undefined;
  readonly direction: 'in' | 'out';
  /** `+44`; '' for any number. */
  readonly prefix: string;
  readonly perMinute: number;
  readonly perCall: number;
  readonly minimumS: number;
  readonly incrementS: number;
  /** ms since the epoch: not for calls that began before. */
  readonly validAt: number;
}

/** A leg that goes out over a trunk, for so long. */
export interface PaidLeg {
  readonly trunkId: TrunkId;
  readonly number: string;
  /** When its call began, ms since the epoch. */
  readonly beganAt: number;
  readonly ms: number;
}

/** The rate of a leg that goes out: of its own trunk before any, then the longest prefix, then the latest day. */
export function rateFor(
  rates: readonly CallRate[],
  { trunkId, number, beganAt }: Omit<PaidLeg, 'ms'>,
): CallRate | undefined {
  let best: CallRate | undefined;
  for (const rate of rates)
    if (
      rate.direction === 'out' &&
      (rate.trunkId === undefined || rate.trunkId === trunkId) &&
      rate.validAt <= beganAt &&
      number.startsWith(rate.prefix) &&
      (best === undefined || isBefore(rate, best))
    )
      best = rate;
  return best;
}

const isBefore = (one: CallRate, other: CallRate): boolean => {
  if ((one.trunkId === undefined) !== (other.trunkId === undefined))
    return one.trunkId !== undefined;
  return (
    (one.prefix.length - other.prefix.length || one.validAt - other.validAt || one.id - other.id) >
    0
  );
};

/** Millionths, as reports reckon (`features/report-sums/costs.ts`): whole steps, and the least. Without a rate 0. */
export function costOf(rates: readonly CallRate[], leg: PaidLeg): number {
  const rate = rateFor(rates, leg);
  if (rate === undefined) return 0;
  const { perCall, perMinute, minimumS, incrementS } = rate;
  const seconds = Math.max(minimumS, Math.ceil(leg.ms / 1_000 / incrementS) * incrementS);
  return perCall + Math.round((seconds * perMinute) / 60);
}
