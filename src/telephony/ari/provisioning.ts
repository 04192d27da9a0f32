import type { PjsipType } from './port.js';

/** One object of Asterisk's SIP stack as we want it. Of an attribute that is given twice a node keeps the last only. */
export interface PjsipObject {
  readonly type: PjsipType;
  readonly id: string;
  /** A type has always the same fields here: what is left out of a later push would keep its old value. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface PhoneSettings {
  /** The extension: name of endpoint and aor, and the phone's user name. */
  readonly number: string;
  readonly name: string;
  readonly password: string;
  readonly codecs?: readonly Codec[];
  readonly dtmf?: DtmfMode;
}

/** How keys travel: as the far end wants them, as telephone events (RFC 4733), as SIP INFO, or as tones in the sound. */
export const DTMF_MODES = ['auto', 'rfc4733', 'info', 'inband'] as const;
export type DtmfMode = (typeof DTMF_MODES)[number];

/** In other codecs tones do not survive, and Asterisk does not look for them. */
export const TONE_CODECS: readonly Codec[] = ['alaw', 'ulaw'];

export type Codec = 'g722' | 'alaw' | 'ulaw' | 'opus';
/** Wideband first; opus last, because it costs the most to convert. */
export const CODECS: readonly Codec[] = ['g722', 'alaw', 'ulaw', 'opus'];

export interface TrunkSettings {
  /** Row id: the endpoint is `trunk-<id>`. */
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  /** '' where the carrier knows us by address. */
  readonly username: string;
  readonly password: string;
  /** User part of our From; the user name where not given. */
  readonly fromUser?: string;
  /** True to register at the carrier. Needs a user name. */
  readonly registration: boolean;
  /** Where the carrier's calls come from: `203.0.113.5`, `203.0.113.0/24`, `203.0.113.5:5060`. Empty: host and port. */
  readonly addresses: readonly string[];
  readonly codecs: readonly Codec[];
  readonly dtmf?: DtmfMode;
  /** It leads to another telephone system: its callers dial as phones do, and ours are shown to it by their own number. */
  readonly isPbx?: boolean;
}

/** A mark that no phone shows: the session name in our SDP. By it we know endpoints that we pushed. */
export const OUR_MARK = 'Cordboard';

/**
 * A leg without any RTP for so long is hung up: its far end crashed without a word. Long, because a phone that
 * suppresses silence may send nothing while its user listens.
 */
const RTP_TIMEOUT_S = 300;
/** The same for a leg that the far end put on hold. */
const RTP_HOLD_TIMEOUT_S = 3600;
/** How often a trunk is asked whether it is there. */
const TRUNK_QUALIFY_S = 30;
/** The same for another telephone system: its numbers have no second way. */
const PBX_QUALIFY_S = 10;
/**
 * Phones are not asked (OPTIONS): those that do not answer it would count as lost. Instead they must register anew at
 * least this often, so that one that vanished without a word is known to be lost after that time.
 */
const PHONE_EXPIRES_S = 300;
/** After a refusal or silence, a registration is tried again in so long, for ever. */
const REGISTRATION_RETRY_S = 30;
const REGISTRATION_REFUSED_RETRY_S = 60;
const REGISTRATION_EXPIRES_S = 300;

/** Name of a trunk's endpoint, aor and auth. */
export const trunkEndpoint = (id: number): string => `trunk-${String(id)}`;

const allow = (codecs: readonly Codec[]): string => ['!all', ...codecs].join(',');

/** Fields that phones and trunks share. */
const media = (codecs: readonly Codec[], dtmf: DtmfMode = 'auto'): Record<string, string> => ({
  allow: allow(codecs),
  // One codec a call: whoever may change between a narrow and a wide one in the middle of it makes whoever whispers or barges in
  // sound at half speed (Asterisk 22 keeps the translation of the former rate for its audiohooks).
  incoming_call_offer_pref: 'local_first',
  // Sound always passes Asterisk: it is recorded, and no side learns the other's address.
  direct_media: 'no',
  dtmf_mode: dtmf,
  rtp_symmetric: 'yes',
  force_rport: 'yes',
  rtp_timeout: String(RTP_TIMEOUT_S),
  rtp_timeout_hold: String(RTP_HOLD_TIMEOUT_S),
  send_pai: 'yes',
  trust_id_outbound: 'yes',
  sdp_session: OUR_MARK,
});

/** Display names are user input: what would end the quotes goes. */
const displayName = (name: string): string => name.replaceAll(/["\\<>;,\p{Cc}]/gu, ' ').trim();

/** What a desk phone needs: it registers with its number and password, and dials into `from-phones`. */
export function phoneObjects(phone: PhoneSettings): readonly PjsipObject[] {
  const { number, password } = phone;
  return [
    {
      type: 'auth',
      id: number,
      fields: { auth_type: 'userpass', username: number, password },
    },
    {
      type: 'aor',
      id: number,
      fields: {
        max_contacts: '1',
        // The phone that registers last has the number: a replaced phone needs no clearing.
        remove_existing: 'yes',
        qualify_frequency: '0',
        default_expiration: String(PHONE_EXPIRES_S),
        maximum_expiration: String(PHONE_EXPIRES_S),
        // The message lamp, for phones that ask for it; the endpoint's is for those that do not.
        mailboxes: `${number}@default`,
      },
    },
    {
      type: 'endpoint',
      id: number,
      fields: {
        ...media(phone.codecs ?? CODECS, phone.dtmf),
        auth: number,
        aors: number,
        context: 'from-phones',
        subscribe_context: 'lamps',
        callerid: `"${displayName(phone.name)}" <${number}>`,
        identify_by: 'username',
        device_state_busy_at: '1',
        rewrite_contact: 'yes',
        trust_id_inbound: 'no',
        mailboxes: `${number}@default`,
        mwi_subscribe_replaces_unsolicited: 'yes',
      },
    },
  ];
}

/** What a connection to a SIP carrier needs; its calls enter at `from-trunk`. */
export function trunkObjects(trunk: TrunkSettings): readonly PjsipObject[] {
  const name = trunkEndpoint(trunk.id);
  const hasAccount = trunk.username !== '';
  const target = `${uriHost(trunk.host)}:${String(trunk.port)}`;
  const parameter = trunk.transport === 'tcp' ? ';transport=tcp' : '';
  const addresses = trunk.addresses.length > 0 ? trunk.addresses : [target];
  const objects: PjsipObject[] = [
    {
      type: 'aor',
      id: name,
      fields: {
        contact: `sip:${target}${parameter}`,
        qualify_frequency: String(trunk.isPbx === true ? PBX_QUALIFY_S : TRUNK_QUALIFY_S),
      },
    },
    {
      type: 'endpoint',
      id: name,
      fields: {
        ...media(trunk.codecs, trunk.dtmf),
        transport: trunk.transport,
        aors: name,
        outbound_auth: hasAccount ? name : '',
        from_user: trunk.fromUser ?? (trunk.isPbx === true ? '' : trunk.username),
        context: trunk.isPbx === true ? 'from-other-pbx' : 'from-trunk',
        identify_by: 'ip',
        trust_id_inbound: 'yes',
      },
    },
    ...[...new Set(addresses)].map((match): PjsipObject => ({
      type: 'identify',
      id: `${name}-${match.replaceAll(/[^0-9A-Za-z.]/g, '_')}`,
      fields: { endpoint: name, match },
    })),
  ];
  if (!hasAccount) return objects;
  const { username, password } = trunk;
  objects.unshift({
    type: 'auth',
    id: name,
    fields: { auth_type: 'userpass', username, password },
  });
  if (trunk.registration)
    objects.push({
      type: 'registration',
      id: name,
      fields: {
        transport: trunk.transport,
        outbound_auth: name,
        server_uri: `sip:${target}${parameter}`,
        client_uri: registrationUri(trunk),
        contact_user: username,
        line: 'yes',
        endpoint: name,
        expiration: String(REGISTRATION_EXPIRES_S),
        retry_interval: String(REGISTRATION_RETRY_S),
        forbidden_retry_interval: String(REGISTRATION_REFUSED_RETRY_S),
        fatal_retry_interval: String(REGISTRATION_REFUSED_RETRY_S),
        // A wrong password may be put right at the carrier's: never give up.
        auth_rejection_permanent: 'no',
        max_retries: '1000000',
      },
    });
  return objects;
}

/** By it a registration's state is found again. */
export const registrationUri = ({
  username,
  host,
  port,
}: Pick<TrunkSettings, 'username' | 'host' | 'port'>): string =>
  `sip:${encodeURIComponent(username)}@${uriHost(host)}:${String(port)}`;

/** IPv6 addresses stand in brackets. */
const uriHost = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
