import { NO_LOAD_LIMITS, type LoadLimits } from '../engines/limits/admission.js';
import { NO_OUTSIDE_CAPS, type OutsideCaps } from '../engines/limits/outside-use.js';
import type { ExtensionId } from '../kernel/ids.js';
import type { Target } from './directory.js';

/** What is done when more calls come than can be served well, and how much an extension may use of the outside lines. */
export interface LimitSettings {
  readonly load: LoadLimits;
  /** Where callers come while all is full; absent: they are told that all lines are busy. */
  readonly busyTarget?: Target;
  readonly outside: OutsideCaps;
}

/** Guards against a stolen password only: nobody dials 120 numbers an hour by hand. */
export const DEFAULT_LIMITS: LimitSettings = {
  load: NO_LOAD_LIMITS,
  outside: { ...NO_OUTSIDE_CAPS, callsPerHour: 120, atOnce: 10 },
};

/** An extension whose calls to the outside are refused, since when. */
export interface CappedExtension {
  readonly extensionId: ExtensionId;
  readonly number: string;
  readonly name: string;
  readonly since: number;
}

/** Who was turned away lately, and which extensions may not call outside now. */
export interface LiveLimits {
  /** Callers from outside in the last minute who were refused or came into the flow for busy times. */
  readonly turnedAway: number;
  readonly capped: readonly CappedExtension[];
}

/** What is shown of limits: for so long after somebody was turned away. */
export const SHOWN_MS = 60_000;
