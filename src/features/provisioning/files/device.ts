import type { Language } from '../../../kernel/call-event.js';
import type { ZoneRule } from '../zone-rule.js';

/** A line of a phone: an extension and the password that it registers with. */
export interface DeviceLine {
  readonly number: string;
  readonly name: string;
  readonly password: string;
}

/** A key beside the lines. phone: an extension, with a lamp · watch: something else with a lamp · dial: it only dials. */
export interface DeviceKey {
  readonly kind: 'phone' | 'watch' | 'dial';
  readonly number: string;
  readonly label: string;
}

/** Which of the two sound formats of the telephone network comes first; both are always there. */
export const CODEC_ORDERS = ['alaw', 'ulaw'] as const;
export type CodecOrder = (typeof CODEC_ORDERS)[number];

/** A line that an administrator adds to the files of a vendor. */
export interface ExtraLine {
  readonly name: string;
  readonly value: string;
}

/** Everything that a phone is told. With passwords in clear: never log it. */
export interface Device {
  /** Twelve hexadecimal digits. */
  readonly mac: string;
  readonly lines: readonly DeviceLine[];
  readonly keys: readonly DeviceKey[];
  readonly server: { readonly host: string; readonly port: number };
  readonly adminPassword: string;
  readonly language: Language;
  readonly zone: ZoneRule;
  readonly ntp: string;
  readonly codecs: CodecOrder;
  /** Folder from which the phone fetches its files, with a slash at the end. */
  readonly address: string;
  /** Dialled to hear messages; '' for none. */
  readonly voicemailCode: string;
  /** What is dialled before an extension whose ringing call is taken; '' for none. */
  readonly pickupCode: string;
  /** The phone asks for its file again after so long. */
  readonly refreshMinutes: number;
  readonly extra: readonly ExtraLine[];
}

/** A file as a phone gets it. */
export interface DeviceFile {
  readonly contentType: string;
  readonly text: string;
}
