import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';
import type { Language } from './call-event.js';

/**
 * What a dialled number is, as the permission class of an extension sees it.
 * `internal` has the form of an extension; `emergency` is always allowed; `invalid` leads nowhere.
 */
export type NumberClass =
  'internal' | 'local' | 'national' | 'international' | 'emergency' | 'invalid';

/** Countries that share one numbering plan and one tariff: a call between them counts as national. */
const ONE_PLAN: readonly (readonly CountryCode[])[] = [
  ['GB', 'GG', 'IM', 'JE'],
  ['US', 'AS', 'GU', 'MP', 'PR', 'VI'],
  ['AU', 'CC', 'CX'],
  ['FI', 'AX'],
  ['IT', 'VA'],
  ['MA', 'EH'],
  ['NO', 'SJ'],
];

/** Used where a country is not listed below: both numbers reach help on most networks. */
const EMERGENCY_ANYWHERE: readonly string[] = ['112', '911'];
/** Emergency numbers by country, from the regulators' numbering plans. Complete for the countries that are listed. */
const EMERGENCY: Readonly<Record<string, readonly string[]>> = {
  AU: ['000', '106', '112'],
  CA: ['911'],
  CN: ['110', '112', '119', '120', '122'],
  DE: ['110', '112'],
  ES: ['061', '062', '080', '085', '091', '092', '112'],
  FR: ['112', '114', '115', '119', '15', '17', '18', '191', '196'],
  GB: ['112', '999'],
  GG: ['112', '999'],
  HK: ['112', '992', '999'],
  IE: ['112', '999'],
  IM: ['112', '999'],
  IN: ['100', '101', '102', '108', '112'],
  IT: ['112', '113', '115', '118'],
  JE: ['112', '999'],
  JP: ['110', '118', '119'],
  MO: ['110', '112', '119', '999'],
  NZ: ['111', '112'],
  SG: ['112', '995', '999'],
  TW: ['110', '112', '119'],
  US: ['911'],
};

interface ShortCodes {
  readonly pattern: RegExp;
  readonly class: 'local' | 'international';
}
/**
 * Short codes that a carrier understands. Those that cost no more than a local call are `local`; directory
 * enquiries, speaking clocks and paid information need `international`, as premium numbers do.
 */
const SHORT_CODES: Readonly<Record<string, readonly ShortCodes[]>> = {
  CN: [
    { pattern: /^(?:114|117|121|100\d{2,3}|111\d{2}|12\d{3,4}|9[56]\d{3,6})$/, class: 'local' },
    { pattern: /^16\d{1,6}$/, class: 'international' },
  ],
  GB: [
    { pattern: /^(?:101|105|111|119|159|116\d{3})$/, class: 'local' },
    { pattern: /^(?:100|118\d{3}|123|155)$/, class: 'international' },
  ],
  US: [
    { pattern: /^(?:211|311|511|611|711|811|988)$/, class: 'local' },
    { pattern: /^411$/, class: 'international' },
  ],
  CA: [
    { pattern: /^(?:211|311|511|611|711|811|988)$/, class: 'local' },
    { pattern: /^411$/, class: 'international' },
  ],
};

/** Numbers that Ofcom keeps for fiction and that the metadata therefore calls unassigned. */
const FICTION = /^\+44(?:7700900|1632960)\d{3}$/;

/** Shorter digit strings are never completed with the area code. */
const SHORTEST_LOCAL_DIGITS = 5;
/** Numbers of extensions have 2 to 8 digits; `0` never begins one, because it begins national numbers. */
const EXTENSION_FORM = /^[1-9]\d{1,7}$/;

const supported = (country: string): CountryCode | undefined =>
  isSupportedCountry(country) ? country : undefined;

/** What remains of a text as a phone understands it: digits, `*`, `#` and a leading `+`. Full-width forms count. */
function clean(text: string): string {
  const plain = text.normalize('NFKC').trim();
  const plus = /^[\s(]*\+/.test(plain) ? '+' : '';
  return plus + plain.replace(/[^0-9*#]/g, '');
}

/**
 * Where the text is not explicit about its prefix, only assigned ranges count, so that eight local digits do not
 * turn into a national number; with a prefix (`+`, `00`, `0` ...) every number of a possible length does.
 */
function parse(cleaned: string, country: CountryCode | undefined): PhoneNumber | undefined {
  if (/[*#]/.test(cleaned)) return undefined;
  const number = parsePhoneNumberFromString(cleaned, {
    extract: false,
    ...(country === undefined ? {} : { defaultCountry: country }),
  });
  if (number === undefined || !number.isPossible() || !isStable(number)) return undefined;
  const explicit = cleaned.startsWith('+') || number.nationalNumber !== cleaned;
  return explicit || number.isValid() ? number : undefined;
}

/** Of digits such as 000000 a prefix would be taken away each time that they are read: no number begins so. */
const isStable = (number: PhoneNumber): boolean =>
  number.isValid() || parsePhoneNumberFromString(number.number)?.number === number.number;

/** Local digits completed with the area code, where that makes an assigned number. */
function parseLocal(
  digits: string,
  country: CountryCode | undefined,
  areaCode: string | undefined,
): PhoneNumber | undefined {
  if (country === undefined || areaCode === undefined || !/^\d+$/.test(areaCode)) return undefined;
  if (!/^[1-9]\d*$/.test(digits) || digits.length < SHORTEST_LOCAL_DIGITS) return undefined;
  const number = parsePhoneNumberFromString(areaCode + digits, {
    extract: false,
    defaultCountry: country,
  });
  // North America shares one calling code: digits behind an area code may be a number of the neighbour.
  if (number === undefined || !isHome(number, country)) return undefined;
  return isFixed(number) && isIn(number, areaCode) ? number : undefined;
}

/** North American numbers do not tell fixed and mobile apart. */
function isFixed(number: PhoneNumber): boolean {
  const type = number.getType();
  return type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE';
}

const isIn = (number: PhoneNumber, areaCode: string): boolean =>
  areaCode !== '' &&
  [areaCode, areaCode.replace(/^0/, '')].some(
    (code) => code !== '' && number.nationalNumber.startsWith(code),
  );

/**
 * The one form in which numbers are stored and compared: E.164 where the text is a number of `country` (ISO 3166) or
 * says its own country, else its digits (with `*`, `#` and a leading `+` kept), `''` where it has none. Idempotent.
 * `ownAreaCode` also completes numbers dialled without area code. Look for an extension before: a short or
 * eight-digit extension may read as an outside number in some countries. Tails such as `x12` must be cut off before.
 */
export function normaliseNumber(text: string, country: string, ownAreaCode?: string): string {
  const cleaned = clean(text);
  const home = supported(country);
  if (isEmergencyNumber(cleaned, country) || shortCodeClass(cleaned, country) !== undefined)
    return cleaned;
  const number = parse(cleaned, home) ?? parseLocal(cleaned, home, ownAreaCode);
  return number?.number ?? cleaned;
}

/** Whether the digits reach the police, a fire brigade or an ambulance. No extension may have such a number. */
export const isEmergencyNumber = (digits: string, country: string): boolean =>
  emergencyNumbersOf(country).includes(digits);

/** What reaches help in a country. */
export const emergencyNumbersOf = (country: string): readonly string[] =>
  EMERGENCY[country] ?? EMERGENCY_ANYWHERE;

const shortCodeClass = (digits: string, country: string): ShortCodes['class'] | undefined =>
  SHORT_CODES[country]?.find((codes) => codes.pattern.test(digits))?.class;

function isHome(number: PhoneNumber, home: CountryCode): boolean {
  if (number.country === undefined) return FICTION.test(number.number) && home === 'GB';
  if (number.country === home) return true;
  return ONE_PLAN.some(
    (plan) => number.country !== undefined && plan.includes(number.country) && plan.includes(home),
  );
}

/**
 * What a number is for the permission class of the extension that dials it. Each class includes the ones before it;
 * emergency numbers are always allowed.
 *
 * - `local`: free numbers, fixed numbers in `ownAreaCode` (digits as dialled, with or without the leading 0) and short
 *   codes at a local rate. Without an own area code no fixed number is local.
 * - `national`: other fixed, mobile, shared-cost and company numbers of the country and of its partners in one plan.
 * - `international`: other countries, satellites, and what may cost more than any of the above: premium, personal and
 *   pager numbers, paid short codes, and national numbers in ranges that the metadata does not know.
 * - `internal`: has the form of an extension. Callers look their extensions up first, so this means "no such extension".
 */
export function classifyNumber(
  numberOrDigits: string,
  country: string,
  ownAreaCode?: string,
): NumberClass {
  const cleaned = clean(numberOrDigits);
  if (isEmergencyNumber(cleaned, country)) return 'emergency';
  const short = shortCodeClass(cleaned, country);
  if (short !== undefined) return short;
  const home = supported(country);
  const number = parse(cleaned, home);
  if (number === undefined) {
    if (parseLocal(cleaned, home, ownAreaCode) !== undefined) return 'local';
    return EXTENSION_FORM.test(cleaned) ? 'internal' : 'invalid';
  }
  if (home === undefined || !isHome(number, home)) return 'international';
  return classifyHome(number, ownAreaCode);
}

function classifyHome(number: PhoneNumber, ownAreaCode: string | undefined): NumberClass {
  if (FICTION.test(number.number)) return 'national';
  switch (number.getType()) {
    case 'TOLL_FREE':
      return 'local';
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
      return ownAreaCode !== undefined && isIn(number, ownAreaCode) ? 'local' : 'national';
    case 'MOBILE':
    case 'SHARED_COST':
    case 'UAN':
    case 'VOIP':
    case 'VOICEMAIL':
      return 'national';
    case 'PREMIUM_RATE':
    case 'PERSONAL_NUMBER':
    case 'PAGER':
    case undefined:
      return 'international';
  }
}

/** The area code of a fixed number without its leading 0 (`20` of +442079460123), undefined for others. */
export function areaCodeOf(number: string): string | undefined {
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined;
  if (parsed === undefined || !isFixed(parsed)) return undefined;
  const [, area] = parsed.formatInternational().split(' ');
  return area !== undefined && area.length < parsed.nationalNumber.length ? area : undefined;
}

/**
 * A number as people of `country` write it: national form at home (in English with the area code of a fixed number in
 * brackets), international form for abroad. Extensions, short codes and what does not parse stay as they are.
 */
export function formatNumber(number: string, country: string, language: Language): string {
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined;
  if (parsed === undefined || !parsed.isPossible()) return number;
  const home = supported(country);
  if (home === undefined || !isHome(parsed, home)) return parsed.formatInternational();
  const plain = parsed.formatNational();
  const bracketed = language !== 'zh-CN' && parsed.getType() === 'FIXED_LINE';
  const national = bracketed ? plain.replace(/^(0\d+) /, '($1) ') : plain;
  // In unassigned ranges the national form may read as another number: what is shown must lead back to what is stored.
  return normaliseNumber(national, home) === number ? national : parsed.formatInternational();
}

/** ISO 3166 country of a number in E.164; undefined where its beginning names none, or several without more. */
export function countryOf(number: string): string | undefined {
  if (FICTION.test(number)) return 'GB';
  return number.startsWith('+') ? parsePhoneNumberFromString(number)?.country : undefined;
}
