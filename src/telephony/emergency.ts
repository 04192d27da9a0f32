import type { CallId, ExtensionId } from '../kernel/ids.js';
import { emergencyNumbersOf } from '../kernel/numbers.js';

/** Calls for help: they always go out, from every extension. */
export interface EmergencySettings {
  /** Of the site, besides those of its country. */
  readonly numbers: readonly string[];
  /** Shown on such calls, E.164; '' for the number of whoever dials. */
  readonly callerId: string;
}

export const DEFAULT_EMERGENCY: EmergencySettings = { numbers: [], callerId: '' };

/** Somebody calls for help. */
export interface HelpCall {
  readonly callId: CallId;
  /** What was dialled. */
  readonly number: string;
  readonly extensionId: ExtensionId;
  /** Number and name of the extension. */
  readonly from: string;
  readonly name: string;
  readonly at: number;
}

/** Tells people in the house. Never throws, never waits: the call goes out first. */
export interface HelpAlarm {
  raise(call: HelpCall): void;
}

/** Whether digits reach help from this site. */
export const isHelpNumber = (
  { numbers }: EmergencySettings,
  digits: string,
  country: string,
): boolean => numbers.includes(digits) || emergencyNumbersOf(country).includes(digits);
