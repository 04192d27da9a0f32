/** The largest number that can be said, in either direction. */
export const MAX_SPOKEN_NUMBER = 1_000_000_000_000;
/** Figures after the point that are said: what programs compute has more than anybody means (0.30000000000000004). */
const MAX_DECIMALS = 10;

/** A number as it was written: its fraction keeps its zeros, as 1.50 is not said like 1.5. */
export interface Decimal {
  readonly negative: boolean;
  readonly whole: number;
  /** Figures after the point, or ''. */
  readonly fraction: string;
}

/** Full-width figures and signs become plain ones. */
export const plainText = (value: string): string =>
  value.normalize('NFKC').trim().replaceAll('\u2212', '-');

/**
 * Reads `-1,234.50`; thousands may be parted by commas. Of a longer fraction than is said what is left when it is rounded.
 * Undefined for anything else and beyond the limits.
 */
export function readDecimal(value: string): Decimal | undefined {
  const pattern = /^([+-]?)(\d{1,15}|\d{1,3}(?:,\d{3}){1,5})(?:\.(\d+))?$/;
  const [, sign, figures, fraction = ''] = pattern.exec(plainText(value)) ?? [];
  if (figures === undefined) return undefined;
  const whole = Number(figures.replaceAll(',', ''));
  const isZero = whole === 0 && /^0*$/.test(fraction);
  if (whole > MAX_SPOKEN_NUMBER || (whole === MAX_SPOKEN_NUMBER && !/^0*$/.test(fraction)))
    return undefined;
  const read = { negative: sign === '-' && !isZero, whole, fraction };
  if (fraction.length <= MAX_DECIMALS) return read;
  const rounded = roundDecimal(read, MAX_DECIMALS);
  return { ...rounded, fraction: rounded.fraction.replace(/0+$/, '') };
}

/** The same with so many figures after the point, halves away from zero: an amount of money has no more than its currency. */
export function roundDecimal({ negative, whole, fraction }: Decimal, places: number): Decimal {
  const padded = fraction.padEnd(places, '0');
  const kept = BigInt(`${String(whole)}${padded.slice(0, places)}`);
  const rounded = kept + (Number(padded[places] ?? '0') >= 5 ? 1n : 0n);
  const text = String(rounded).padStart(places + 1, '0');
  const cut = text.length - places;
  return {
    negative: negative && rounded !== 0n,
    whole: Number(text.slice(0, cut)),
    fraction: text.slice(cut),
  };
}
