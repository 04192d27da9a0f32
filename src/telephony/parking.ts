import type { DirectorySnapshot } from './directory.js';
import { isInside } from './forward-target.js';

/** Where calls wait that somebody parked: slots with numbers in a row. */
export interface Parking {
  readonly isEnabled: boolean;
  /** Number of the first slot: 2 to 8 digits. */
  readonly firstSlot: number;
  readonly slots: number;
  /** Then the phone rings that parked the call. */
  readonly timeoutMs: number;
}

export const DEFAULT_PARKING: Parking = {
  isEnabled: true,
  firstSlot: 7001,
  slots: 20,
  timeoutMs: 60_000,
};

/** Numbers of all slots, from the first; none where nothing can be parked. */
export const slotsOf = ({ isEnabled, firstSlot, slots }: Parking): readonly string[] =>
  isEnabled ? Array.from({ length: slots }, (_, at) => String(firstSlot + at)) : [];

/** True for a number at which calls can be parked. One that something else has is none. */
export const isSlot = (directory: DirectorySnapshot, number: string): boolean =>
  slotsOf(directory.parking).includes(number) && !isInside(directory, number);
