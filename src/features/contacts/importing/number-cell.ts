import { quickNumber } from '../../../kernel/quick-numbers.js';
import { telephoneNumber } from '../telephone-number.js';

export type NumberReading =
  | { readonly ok: true; readonly number: string }
  | {
      readonly ok: false;
      readonly message: string;
      readonly params?: Readonly<Record<string, string | number>>;
    };

/** A file names the same number again and again at most so often that more would not pay. */
const REMEMBERED = 50_000;
/** A tail for a switchboard behind the number: `x12`, `ext. 12`, `转12`. What is dialled is the number. */
const TAIL = /\s*(?:;ext=|ext(?:ension|n)?\.?|x|durchwahl|#|转|分机)\s*\d{1,6}$/i;
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
const EXCEL_ERROR = /^#(?:n\/a|value!|ref!|name\?|num!|div\/0!|null!|#+)/i;
const LONGEST_SHOWN = 40;
/** Digits as people group them; `13800138000.0` is a spreadsheet's. */
const PLAIN = /^(?!.*\.0+$)\+?[\d\s().-]{9,30}$/;

/**
 * One number of a cell as E.164. National forms are read as numbers of `country`. Says what a cell is instead where
 * spreadsheets have made a date of it, or thrown its last digits away.
 */
export function readNumberCell(text: string, country: string): NumberReading {
  if (PLAIN.test(text)) {
    const number = quickNumber(text.replaceAll(/[\s().-]/g, ''), country);
    if (number !== undefined) return { ok: true, number };
  }
  const plain = text
    .normalize('NFKC')
    // Spreadsheets and our own files put an apostrophe before what could be a formula.
    .replace(/^['\u2018\u2019]/, '')
    .replace(/^tel:/i, '')
    .replaceAll(/[\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, ' ')
    .trim();
  const value = plain.slice(0, LONGEST_SHOWN);
  if (SCIENTIFIC.test(plain))
    return { ok: false, message: 'contact-import.problem.scientific', params: { value } };
  if (EXCEL_ERROR.test(plain))
    return { ok: false, message: 'contact-import.problem.excel-error', params: { value } };
  if (isDate(plain))
    return { ok: false, message: 'contact-import.problem.date', params: { value } };
  const bare = plain.replace(TAIL, '').replace(/\.0+$/, '');
  if (/\p{L}/u.test(bare))
    return { ok: false, message: 'contact-import.problem.letters', params: { value } };
  const number = telephoneNumber(bare.replace(/\(0\)/, ''), country);
  return number !== undefined
    ? { ok: true, number }
    : { ok: false, message: 'contact-import.problem.no-number', params: { value, country } };
}

/** `2026-11-24`, `24.11.2026`, `11/24/26`, `24-Nov-2026`, `2026年11月24日`, with or without a time. */
function isDate(text: string): boolean {
  const [day = ''] = text.split(/[T\s]\s*(?=\d{1,2}:\d{2})/, 1);
  if (/^\d{4}年\d{1,2}月(?:\d{1,2}日)?$/.test(day)) return true;
  if (/^\d{1,2}[-\s/.]\p{L}{3,9}[-\s/.,]+\d{2,4}$/u.test(day)) return true;
  if (/^\p{L}{3,9}\.?\s\d{1,2},?\s\d{4}$/u.test(day)) return true;
  const year = /^(?:19|20)\d{2}([-/.])(\d{1,2})\1(\d{1,2})$/.exec(day);
  if (year !== null) return Number(year[2]) <= 12 && Number(year[3]) <= 31;
  const short = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(day);
  if (short === null) return false;
  const [, first = '', , second = ''] = short;
  const [less = 0, more = 0] = [Number(first), Number(second)].toSorted((a, b) => a - b);
  // Eight digits in pairs are a number in many countries; with hyphens or points and no month among them it is no date.
  return less >= 1 && less <= 12 && more <= 31;
}

/** Reads cells of one file: the same text is looked at once. */
export class NumberCells {
  readonly #known = new Map<string, NumberReading>();

  read(text: string, country: string): NumberReading {
    const key = `${country} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const reading = readNumberCell(text, country);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, reading);
    return reading;
  }
}

const SEPARATOR = /[;；、|\n]|\s\/\s/;

/** The numbers of one cell: `020 7946 0123; 07700 900123`. A date with slashes is one text. */
export const splitNumbers = (cell: string): readonly string[] =>
  !SEPARATOR.test(cell) || isDate(cell.trim())
    ? [cell.trim()]
    : cell
        .split(SEPARATOR)
        .map((part) => part.trim())
        .filter((part) => part !== '');
