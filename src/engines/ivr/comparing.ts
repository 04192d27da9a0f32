import type { Operator } from './schema/deciding-steps.js';

const NUMBER = /^[+-]?\d{1,300}(\.\d{1,300})?$/;

const isNumber = (text: string): boolean => NUMBER.test(text);

/** Compares as numbers where both are numbers, else as texts: negative, 0 or positive. */
function order(left: string, right: string): number {
  const [a, b] = [left.trim(), right.trim()];
  if (isNumber(a) && isNumber(b)) {
    const difference = plus(a, negative(b));
    return difference.startsWith('-') ? -1 : difference === '0' ? 0 : 1;
  }
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Whether a condition holds. Equality, beginnings and parts are of texts: `007` is not `7`. */
export function holds(left: string, operator: Operator, right: string): boolean {
  switch (operator) {
    case 'equals':
      return left === right;
    case 'not-equals':
      return left !== right;
    case 'less':
      return order(left, right) < 0;
    case 'at-most':
      return order(left, right) <= 0;
    case 'greater':
      return order(left, right) > 0;
    case 'at-least':
      return order(left, right) >= 0;
    case 'contains':
      return left.includes(right);
    case 'starts-with':
      return left.startsWith(right);
    case 'is-empty':
      return left.trim() === '';
    case 'is-not-empty':
      return left.trim() !== '';
  }
}

export const negative = (number: string): string =>
  number.startsWith('-') ? number.slice(1) : `-${number.replace(/^\+/, '')}`;

/** The sum of two numbers as texts, exact: `0.1` and `0.2` are `0.3`. What is no number counts as 0. */
export function plus(left: string, right: string): string {
  const [a, b] = [decimal(left), decimal(right)];
  const places = Math.max(a.places, b.places);
  const scaled = (one: { digits: bigint; places: number }): bigint =>
    one.digits * 10n ** BigInt(places - one.places);
  return written(scaled(a) + scaled(b), places);
}

function decimal(text: string): { digits: bigint; places: number } {
  const trimmed = text.trim();
  if (!isNumber(trimmed)) return { digits: 0n, places: 0 };
  const [whole = '0', part = ''] = trimmed.replace(/^\+/, '').split('.');
  return { digits: BigInt(`${whole}${part}`), places: part.length };
}

function written(value: bigint, places: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const part = digits.slice(digits.length - places).replace(/0+$/, '');
  return part === '' ? `${sign}${whole}` : `${sign}${whole}.${part}`;
}
