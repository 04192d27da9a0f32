import { figures, MINUS, numberPiece, piece, POINT, type SoundRef } from './sound.js';
import type { Decimal } from './decimal.js';

const SCALES = [
  [1_000_000_000_000, 'trillion'],
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1_000, 'thousand'],
] as const;
const HUNDRED = piece('hundred');
const AND = piece('and');

/** A whole number, 0 to 10^12, as the British say it: one thousand and one; one hundred and one thousand. */
export function englishNumber(n: number): readonly SoundRef[] {
  if (n < 100) return [numberPiece(n)];
  const said: SoundRef[] = [];
  let rest = n;
  for (const [size, name] of SCALES) {
    if (rest < size) continue;
    said.push(...belowThousand(Math.floor(rest / size)), piece(name));
    rest %= size;
  }
  if (rest === 0) return said;
  if (rest < 100 && said.length > 0) said.push(AND);
  return [...said, ...belowThousand(rest)];
}

function belowThousand(n: number): readonly SoundRef[] {
  if (n < 100) return [numberPiece(n)];
  const rest = n % 100;
  const hundreds = [numberPiece(Math.floor(n / 100)), HUNDRED];
  return rest === 0 ? hundreds : [...hundreds, AND, numberPiece(rest)];
}

/** Figures after the point are said one by one. */
export const englishDecimal = ({ negative, whole, fraction }: Decimal): readonly SoundRef[] => [
  ...(negative ? [MINUS] : []),
  ...englishNumber(whole),
  ...(fraction === '' ? [] : [POINT, ...figures(fraction)]),
];

/** A year in pairs: nineteen oh five, twenty twenty-six; two thousand and seven. */
export function englishYear(year: number): readonly SoundRef[] {
  const century = Math.floor(year / 100);
  const rest = year % 100;
  if (year < 1_000 || (century % 10 === 0 && rest < 10)) return englishNumber(year);
  if (rest === 0) return [numberPiece(century), HUNDRED];
  return [numberPiece(century), ...(rest < 10 ? [piece('oh')] : []), numberPiece(rest)];
}
