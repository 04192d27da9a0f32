import { figures, MINUS, numberPiece, piece, POINT, type SoundRef } from './sound.js';
import type { Decimal } from './decimal.js';

const ZERO = numberPiece(0);
const WAN = piece('wan');
const YI = piece('yi');
/** 两: two of something. */
const TWO = piece('two');

/**
 * A whole number, 0 to 10^12. `counted` is for a number before a unit or a measure word (元, 位, 分钟), where a plain
 * two is 两.
 *
 * 两 stands at the beginning of a number before 百, 千, 万 and 亿, and 二 everywhere else: 两万二千二百二十二. One 零 stands for
 * any run of noughts between figures: 一万零五, 十亿零五万. Ten to nineteen are 十 ... at the beginning and 一十 ... within.
 */
export function mandarinNumber(n: number, counted = false): readonly SoundRef[] {
  if (n === 2 && counted) return [TWO];
  if (n < 100) return [numberPiece(n)];
  const high = Math.floor(n / 100_000_000);
  const middle = Math.floor(n / 10_000) % 10_000;
  const low = n % 10_000;
  const said: SoundRef[] = [];
  if (high > 0) said.push(...mandarinNumber(high, true), YI);
  if (middle > 0) {
    if (high > 0 && middle < 1_000) said.push(ZERO);
    said.push(...group(middle, high === 0), WAN);
  }
  if (low > 0) {
    if (n > low && (low < 1_000 || (middle === 0 && high > 0))) said.push(ZERO);
    said.push(...group(low, n === low));
  }
  return said;
}

/** Up to four figures; `first` where the number begins with them. */
function group(n: number, first: boolean): readonly SoundRef[] {
  if (n < 100 && first) return n === 2 ? [TWO] : [numberPiece(n)];
  const thousands = Math.floor(n / 1_000);
  const hundreds = Math.floor(n / 100) % 10;
  const rest = n % 100;
  const said: SoundRef[] = [];
  if (thousands > 0) said.push(multiple('thousand', thousands, first));
  if (hundreds > 0) {
    said.push(multiple('hundred', hundreds, first && thousands === 0));
  } else if (thousands > 0 && rest > 0) said.push(ZERO);
  if (rest === 0) return said;
  if (rest < 10 && hundreds > 0) said.push(ZERO);
  said.push(rest >= 10 && rest < 20 ? piece(`teen-${String(rest)}`) : numberPiece(rest));
  return said;
}

const multiple = (unit: 'hundred' | 'thousand', n: number, first: boolean): SoundRef =>
  piece(`${unit}-${n === 2 && first ? 'two' : String(n)}`);

export const mandarinDecimal = (
  { negative, whole, fraction }: Decimal,
  counted = false,
): readonly SoundRef[] => [
  ...(negative ? [MINUS] : []),
  ...mandarinNumber(whole, counted && fraction === ''),
  ...(fraction === '' ? [] : [POINT, ...figures(fraction)]),
];
