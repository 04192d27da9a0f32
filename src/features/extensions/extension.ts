import { z } from 'zod';
import { RECORDING_RULES, type RecordingRule } from '../../engines/recording/policy.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import {
  choiceField,
  flagField,
  patternField,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type { ExtensionId } from '../../kernel/ids.js';
import { classifyNumber, isEmergencyNumber } from '../../kernel/numbers.js';
import { PERMISSION_CLASSES, type PermissionClass } from '../../telephony/directory.js';
import { CODECS, type Codec, type DtmfMode } from '../../telephony/ari/provisioning.js';
import {
  codecsField,
  dtmfField,
  phoneField,
  refuseTones,
  type Versioned,
} from '../configuration/index.js';

/** A desk phone's number and what it may do, as the form sets it. */
export interface ExtensionDraft {
  /** 2 to 8 digits, not beginning with 0, never an emergency number. Also the SIP user. */
  readonly number: string;
  readonly name: string;
  readonly permission: PermissionClass;
  /** E.164, '' for the trunk's. */
  readonly callerId: string;
  readonly recordingInbound: RecordingRule;
  readonly recordingOutbound: RecordingRule;
  readonly recordingInternal: RecordingRule;
  readonly voicemail: boolean;
  readonly ringTimeoutS: number;
  readonly language: Language;
  /** Where in the company; '' for nothing. */
  readonly department?: string;
  /** Callers can find it by name; they can where not given. */
  readonly isListed?: boolean;
  /** In the order in which they are offered; absent is every codec that there is. */
  readonly codecs?: readonly Codec[];
  readonly dtmf?: DtmfMode;
  /** Set where the phone gets a new password. */
  readonly secretSealed?: string;
}

export interface StoredExtension
  extends Versioned<ExtensionId>, Omit<ExtensionDraft, 'secretSealed'> {
  readonly department: string;
  readonly isListed: boolean;
  /** Its owner has said the name that it bears. */
  readonly hasSpokenName: boolean;
}

export const EXTENSION_SORTS = ['number', 'name', 'permission', 'updated'] as const;
export type ExtensionSort = (typeof EXTENSION_SORTS)[number];

/** Shorter rings are over before anyone lifts; longer ones outlast what carriers wait for. */
export const RING_TIMEOUT_S = { min: 5, max: 120, default: 25 } as const;

/** The form, and one row of an import. `country` decides which numbers help in an emergency. */
export const extensionSchema = (country: string) =>
  z
    .object({
      number: patternField(/^[1-9]\d{1,7}$/, 'extensions.problem.number').superRefine(
        (number, context) => {
          if (isEmergencyNumber(number, country))
            context.addIssue(problem('extensions.problem.emergency', { number }));
        },
      ),
      name: textField({ max: 80 }),
      permission: choiceField(PERMISSION_CLASSES),
      callerId: phoneField(country, { optional: true }),
      recordingInbound: choiceField(RECORDING_RULES).default('default'),
      recordingOutbound: choiceField(RECORDING_RULES).default('default'),
      recordingInternal: choiceField(RECORDING_RULES).default('default'),
      voicemail: flagField(),
      ringTimeoutS: secondsField(RING_TIMEOUT_S.min, RING_TIMEOUT_S.max),
      language: choiceField(LANGUAGES as readonly [Language, ...Language[]]),
      department: textField({ min: 0, max: 60 }).default(''),
      isListed: flagField(),
      codecs: codecsField(CODECS),
      dtmf: dtmfField(),
    })
    .superRefine(refuseTones);

/** What a form for a new extension shows. */
export const NEW_EXTENSION: Omit<ExtensionDraft, 'secretSealed'> = {
  number: '',
  name: '',
  permission: 'national',
  callerId: '',
  recordingInbound: 'default',
  recordingOutbound: 'default',
  recordingInternal: 'default',
  voicemail: true,
  ringTimeoutS: RING_TIMEOUT_S.default,
  language: 'en',
  department: '',
  isListed: true,
  codecs: CODECS,
  dtmf: 'auto',
};

/** True where phones can no longer dial a carrier's short code, because the extension has its number. */
export const hidesShortCode = (number: string, country: string): boolean =>
  classifyNumber(number, country) !== 'internal';

/** What must be typed into a desk phone so that it registers. Shown once. */
export interface PhoneCredentials {
  readonly number: string;
  readonly password: string;
}
