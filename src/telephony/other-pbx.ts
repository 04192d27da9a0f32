import type { DirectorySnapshot, PermissionClass, Target, TrunkConfig } from './directory.js';

/** Numbers of one length, both ends included: `3000` to `3499`. */
export interface NumberRange {
  readonly from: string;
  readonly to: string;
}

/** What is known of another telephone system that stands beside this one, and of the numbers that live there. */
export interface OtherPbx {
  readonly ranges: readonly NumberRange[];
  /** How far its phones may dial through our trunks; `internal` is not at all. */
  readonly permission: PermissionClass;
  /** Where callers go while it does not answer; `hangup` tells them so and ends the call. */
  readonly elsewhere: Target;
}

/** A trunk that leads to another telephone system instead of a carrier. */
export type PbxTrunk = TrunkConfig & { readonly pbx: OtherPbx };

const isPbx = (trunk: TrunkConfig): trunk is PbxTrunk => trunk.pbx !== undefined;

/** Compared as text: ranges hold numbers of one length. */
export const isInRange = ({ from, to }: NumberRange, number: string): boolean =>
  number.length === from.length && /^\d+$/.test(number) && from <= number && number <= to;

export const isInRanges = (ranges: readonly NumberRange[], number: string): boolean =>
  ranges.some((range) => isInRange(range, number));

/** How many numbers a range has. */
export const sizeOf = ({ from, to }: NumberRange): number => Number(to) - Number(from) + 1;

/** The trunk to the telephone system on which a number lives, also one that is switched off; undefined for all other numbers. */
export const pbxOf = (
  { trunks }: Pick<DirectorySnapshot, 'trunks'>,
  number: string,
): PbxTrunk | undefined =>
  [...trunks.values()].filter(isPbx).find(({ pbx }) => isInRanges(pbx.ranges, number));

/** How often a call may cross between both systems. More is a circle: each crossing takes two channels. */
export const MOST_CROSSINGS = 4;
/** Carries how often a call has crossed; a system that hands it on as it came lets us see circles of any kind. */
export const CROSSINGS_HEADER = 'X-Cordboard-Crossings';
