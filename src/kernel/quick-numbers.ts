import { getCountries, Metadata } from 'libphonenumber-js/core';
import type { CountryCode } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';

/** What a numbering plan says, with its patterns compiled once: the library compiles them anew for each number. */
interface Plan {
  readonly callingCode: string;
  readonly international: RegExp;
  readonly national: RegExp;
  readonly nationalPrefix: string;
  /** What is cut off in front of a national number, where that is more than the prefix; undefined where nothing is. */
  readonly prefixes: RegExp | undefined;
  readonly types: readonly RegExp[];
}

/** A numbering plan as the library describes it. */
interface NumberingPlan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  nationalPrefix(): string | undefined;
  nationalPrefixForParsing(): string | undefined;
  possibleLengths(): readonly number[];
  type(name: string): { pattern(): string | undefined } | undefined;
}

const TYPES = [
  ...['FIXED_LINE', 'MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP'],
  ...['PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'],
];
/** Short codes and emergency numbers are shorter. */
const FEWEST_DIGITS = 9;
const LONGEST_CODE = 3;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const beginning = (pattern: string): RegExp => new RegExp(`^(?:${pattern})`);

const described = (country: CountryCode): NumberingPlan => {
  const one = new Metadata(metadata);
  one.selectNumberingPlan(country);
  // What the library's types do not name.
  const plan: unknown = Reflect.get(one, 'numberingPlan');
  return plan as NumberingPlan;
};

const plans = new Map<string, Plan | undefined>();

function planOf(country: string): Plan | undefined {
  if (plans.has(country)) return plans.get(country);
  const known = getCountries(metadata).find((one) => one === country);
  const plan = known === undefined ? undefined : compiled(known);
  plans.set(country, plan);
  return plan;
}

function compiled(country: CountryCode): Plan {
  const plan = described(country);
  const prefixes = plan.nationalPrefixForParsing();
  return {
    callingCode: plan.callingCode(),
    international: beginning(plan.IDDPrefix()),
    national: whole(plan.nationalNumberPattern()),
    nationalPrefix: plan.nationalPrefix() ?? '',
    prefixes: prefixes === undefined || prefixes === '' ? undefined : beginning(prefixes),
    types: TYPES.flatMap((name) => {
      const pattern = plan.type(name)?.pattern();
      return pattern === undefined || pattern === '' ? [] : [whole(pattern)];
    }),
  };
}

/** Of a calling code: what is cut off in front, and how long numbers are in every country that has it. */
interface Code {
  readonly prefixes: readonly RegExp[];
  readonly lengths: ReadonlySet<number>;
}
let codes: ReadonlyMap<string, Code> | undefined;

function codesByDigits(): ReadonlyMap<string, Code> {
  if (codes !== undefined) return codes;
  const found = new Map<string, { prefixes: RegExp[]; lengths: Set<number> }>();
  for (const country of getCountries(metadata)) {
    const plan = described(country);
    const prefixes = plan.nationalPrefixForParsing();
    const lengths = new Set(plan.possibleLengths());
    const code = found.get(plan.callingCode());
    if (code === undefined) found.set(plan.callingCode(), { prefixes: [], lengths });
    else for (const length of code.lengths) if (!lengths.has(length)) code.lengths.delete(length);
    if (prefixes !== undefined && prefixes !== '')
      found.get(plan.callingCode())?.prefixes.push(beginning(prefixes));
  }
  codes = found;
  return found;
}

function codeOf(digits: string): readonly [string, Code] | undefined {
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    const code = codesByDigits().get(digits.slice(0, length));
    if (code !== undefined) return [digits.slice(0, length), code];
  }
  return undefined;
}

/**
 * E.164 for digits (with or without a leading `+`) that are plainly a number, as `normaliseNumber` gives it, many times
 * quicker; undefined where that takes a closer look: short numbers, numbers with prefixes of carriers, countries that share a
 * code in other lengths, what is not assigned. For files with many numbers.
 */
export function quickNumber(cleaned: string, country: string): string | undefined {
  if (cleaned.startsWith('+')) {
    const digits = cleaned.slice(1);
    if (digits.length < FEWEST_DIGITS || !isDigits(digits) || digits.startsWith('0'))
      return undefined;
    const [code, plan] = codeOf(digits) ?? [];
    return plan !== undefined && fits(plan, digits.slice(code?.length)) ? cleaned : undefined;
  }
  if (cleaned.length < FEWEST_DIGITS || !isDigits(cleaned)) return undefined;
  const plan = planOf(country);
  if (plan === undefined || plan.international.test(cleaned)) return undefined;
  if (cleaned.startsWith(plan.callingCode)) return undefined;
  const found = plan.prefixes?.exec(cleaned) ?? null;
  const code = codesByDigits().get(plan.callingCode);
  if (found === null) {
    const isAssigned =
      plan.national.test(cleaned) && plan.types.some((pattern) => pattern.test(cleaned));
    return isAssigned && code?.lengths.has(cleaned.length) === true
      ? `+${plan.callingCode}${cleaned}`
      : undefined;
  }
  // More than the plain prefix: the code of a carrier, or a number that is written anew.
  if (found[0] !== plan.nationalPrefix || found.slice(1).some(Boolean)) return undefined;
  const rest = cleaned.slice(plan.nationalPrefix.length);
  if (plan.national.test(cleaned) || code === undefined || !fits(code, rest)) return undefined;
  return `+${plan.callingCode}${rest}`;
}

const isDigits = (text: string): boolean => /^\d+$/.test(text);

const fits = ({ prefixes, lengths }: Code, national: string): boolean =>
  lengths.has(national.length) && !prefixes.some((pattern) => pattern.test(national));
