import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';

/** E.164 for a number that can be dialled from `country`; undefined for extensions, short codes, and what is no number. */
export function telephoneNumber(text: string, country: string): string | undefined {
  const number = normaliseNumber(text, country);
  return number.startsWith('+') && classifyNumber(number, country) !== 'invalid'
    ? number
    : undefined;
}
