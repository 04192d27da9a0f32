import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { normaliseNumber } from '../../kernel/numbers.js';

/** Fewer digits begin too many numbers. */
const FEWEST_DIGITS = 3;

/** How stored numbers begin that somebody means who typed this; empty where it is no number. */
export function numberPrefixes(typed: string, country: string): readonly string[] {
  const plain = typed.normalize('NFKC').replaceAll(/[\s().\-/–]/g, '');
  if (!/^\+?\d+$/.test(plain) || plain.replace('+', '').length < FEWEST_DIGITS) return [];
  const whole = normaliseNumber(plain, country);
  if (whole.startsWith('+')) return [whole];
  if (plain.startsWith('00')) return [`+${plain.slice(2)}`];
  const code = isSupportedCountry(country) ? getCountryCallingCode(country) : '';
  const national = plain.replace(/^0+/, '');
  return [...new Set([`+${code}${national}`, `+${national}`])];
}
