import type { TrunkId } from '../kernel/ids.js';

/** A trunk as it is now. */
export interface LiveTrunk {
  readonly id: TrunkId;
  readonly name: string;
  readonly online: boolean;
  /** What the carrier answered to our registration; absent for trunks that do not register and while unknown. */
  readonly registration?: 'registered' | 'unregistered' | 'rejected';
  /** It answers, and refused every call of campaigns a short while ago. */
  readonly isRefusing?: boolean;
  readonly channels: number;
  readonly maxChannels: number;
  /** It leads to another telephone system, and not to a carrier. */
  readonly isPbx?: boolean;
}
