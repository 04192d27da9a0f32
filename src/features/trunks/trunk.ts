import { isIP } from 'node:net';
import { z } from 'zod';
import {
  RECORDING_NOTICES,
  RECORDING_RULES,
  type RecordingNotice,
  type RecordingRule,
} from '../../engines/recording/policy.js';
import { isHost } from '../../kernel/addresses.js';
import { choiceField, flagField, integerField, problem, textField } from '../../kernel/fields.js';
import type { TrunkId } from '../../kernel/ids.js';
import type { Codec, DtmfMode } from '../../telephony/ari/provisioning.js';
import {
  codecsField,
  dtmfField,
  phoneField,
  phonesField,
  refuseTones,
  type Versioned,
} from '../configuration/index.js';
import { pbxFields, readPbx, type PbxDraft } from './pbx-trunk.js';

export const TRANSPORTS = ['udp', 'tcp'] as const;

/** How a SIP carrier is reached and how it reaches us. */
export interface SipSettings {
  readonly technology: 'sip';
  /** Name or address of the carrier's SIP server. */
  readonly host: string;
  readonly port: number;
  readonly transport: (typeof TRANSPORTS)[number];
  /** '' where the carrier knows us by our address. */
  readonly username: string;
  /** User part of From on calls that go out, '' for the user name. */
  readonly fromUser: string;
  /** We register, so that the carrier learns our address. */
  readonly register: boolean;
  /** Where calls from the carrier come from: `address`, `address:port`, `address/bits`; empty is host and port. */
  readonly addresses: readonly string[];
  /** In the order in which they are offered. */
  readonly codecs: readonly Codec[];
  readonly dtmf: DtmfMode;
}

/** What a technology needs beside what all trunks have. E1 will be the second member. */
export type TrunkSettings = SipSettings;

/** A connection to a carrier, as the form sets it. */
export interface TrunkDraft {
  readonly name: string;
  readonly enabled: boolean;
  /** Lower is tried first. */
  readonly priority: number;
  /** Simultaneous calls in both directions; 0 is without limit. */
  readonly maxChannels: number;
  /** Callers at once who come in over it; 0 is without limit. */
  readonly maxIncoming: number;
  /** E.164 or '': shown to the called side where the extension has no number of its own. */
  readonly callerId: string;
  /** E.164 numbers that may be shown besides that one, or beginnings such as `+4420*`; any where there are none. */
  readonly allowedCallerIds: readonly string[];
  readonly mayWithhold: boolean;
  readonly recording: RecordingRule;
  readonly recordingNotice: RecordingNotice;
  readonly settings: TrunkSettings;
  /** Set where it leads to another telephone system, and not to a carrier. */
  readonly pbx?: PbxDraft;
  /** Set where the password changes, '' where it is taken away. */
  readonly passwordSealed?: string;
}

export interface StoredTrunk extends Versioned<TrunkId>, Omit<TrunkDraft, 'passwordSealed'> {
  readonly hasPassword: boolean;
}

export const TRUNK_SORTS = ['priority', 'name', 'updated'] as const;
export type TrunkSort = (typeof TRUNK_SORTS)[number];

/** What is needed in a SIP header without quoting (RFC 3261, `user`). */
const SIP_USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{0,64}$/;
const MAX_ADDRESSES = 50;

/** `192.0.2.1`, `192.0.2.1:5060`, `192.0.2.0/24`, `2001:db8::1`, `[2001:db8::1]:5060`. */
export function isSignallingAddress(text: string): boolean {
  const port = /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(text);
  if (port)
    return (
      isIP(port[1] ?? port[2] ?? '') !== 0 && Number(port[3]) >= 1 && Number(port[3]) <= 65_535
    );
  const range = /^(.+)\/(\d{1,3})$/.exec(text);
  const version = isIP(range?.[1] ?? text);
  return version !== 0 && (range === null || Number(range[2]) <= (version === 4 ? 32 : 128));
}

const addressesField = () =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly string[] => {
      const text = typeof value === 'string' ? value : (value ?? []).join('\n');
      const found = [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !isSignallingAddress(part));
      if (wrong !== undefined)
        context.addIssue(problem('trunks.problem.address', { address: wrong.slice(0, 60) }));
      else if (found.length > MAX_ADDRESSES)
        context.addIssue(problem('trunks.problem.addresses', { max: MAX_ADDRESSES }));
      else return found;
      return z.NEVER;
    });

const hostField = () =>
  textField({ max: 253 }).superRefine((host, context) => {
    if (host !== '' && !isHost(host)) context.addIssue(problem('trunks.problem.host'));
  });

const sipUserField = () =>
  textField({ min: 0, max: 64 }).superRefine((user, context) => {
    if (!SIP_USER.test(user)) context.addIssue(problem('trunks.problem.user'));
  });

const sipTrunkFields = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    enabled: flagField(),
    priority: integerField(1, 100),
    maxChannels: integerField(0, 10_000),
    maxIncoming: integerField(0, 10_000).default(0),
    callerId: phoneField(country, { optional: true }),
    allowedCallerIds: phonesField(country, { beginnings: true }),
    mayWithhold: flagField(),
    recording: choiceField(RECORDING_RULES).default('default'),
    recordingNotice: choiceField(RECORDING_NOTICES).default('default'),
    host: hostField(),
    port: integerField(1, 65_535),
    transport: choiceField(TRANSPORTS),
    username: sipUserField(),
    password: textField({ min: 0, max: 128 }).default(''),
    fromUser: sipUserField(),
    register: flagField(),
    addresses: addressesField(),
    codecs: codecsField(),
    dtmf: dtmfField(),
    ...pbxFields(),
  });

/** The form of a SIP trunk. An empty password keeps the stored one. */
export const sipTrunkSchema = (country: string) =>
  sipTrunkFields(country).transform(
    ({ kind, ranges, permission, elsewhere, acceptsMoved, ...values }, context): SipTrunkValues => {
      refuseTones(values, context);
      const pbx = readPbx({ kind, ranges, permission, elsewhere, acceptsMoved }, country, context);
      return { ...values, ...(pbx === undefined ? {} : { pbx }) };
    },
  );
export interface SipTrunkValues extends Omit<
  z.output<ReturnType<typeof sipTrunkFields>>,
  keyof ReturnType<typeof pbxFields> | 'dtmf'
> {
  readonly dtmf?: DtmfMode;
  readonly pbx?: PbxDraft;
}

/** A trunk that says nothing about numbers and recording. */
export const PLAIN_TRUNK_RULES = {
  allowedCallerIds: [],
  mayWithhold: false,
  recording: 'default',
  recordingNotice: 'default',
} as const;

/** What the form of a new trunk shows. */
export const NEW_TRUNK = {
  recording: 'default',
  recordingNotice: 'default',
  enabled: true,
  priority: 10,
  maxChannels: 0,
  maxIncoming: 0,
  port: 5060,
  transport: 'udp',
  codecs: ['alaw', 'ulaw'],
  dtmf: 'auto',
  kind: 'carrier',
  ranges: '',
  permission: 'internal',
  elsewhere: 'hangup',
} as const;
