import type { Language } from '../../kernel/call-event.js';
import { plainText } from './decimal.js';
import { numberPiece, PAUSE, piece, type SoundRef } from './sound.js';

/** Keys and figures of one telephone number or reference; longer is no number that anybody writes down. */
export const MAX_SPOKEN_DIGITS = 40;

const KEYS: Readonly<Record<string, SoundRef>> = {
  '+': piece('plus'),
  '*': piece('star'),
  '#': piece('hash'),
};
/** 幺: one, in telephone numbers, where 一 sounds too much like 七. */
const YAO = piece('yao');

/**
 * A telephone number or reference, figure by figure, in groups as it was written, else as it is usually read: a Chinese
 * mobile number 3-4-4, others in threes with four at the end. Undefined where there is anything but keys and separators.
 */
export function digitsPhrase(language: Language, value: string): readonly SoundRef[] | undefined {
  const text = plainText(value);
  if (!/^[\d+*#\s().-]+$/.test(text)) return undefined;
  const written = text.split(/[\s().-]+/).filter((group) => group !== '');
  const total = written.join('').length;
  if (total === 0 || total > MAX_SPOKEN_DIGITS) return undefined;
  const groups = written.length > 1 ? written : groupsOf(written[0] ?? '');
  const said = groups.map((group) => Array.from(group, (key) => keyPiece(language, key)));
  return said.flatMap((group, index) => (index === 0 ? group : [PAUSE, ...group]));
}

function keyPiece(language: Language, key: string): SoundRef {
  if (key === '1' && language === 'zh-CN') return YAO;
  return KEYS[key] ?? numberPiece(Number(key));
}

function groupsOf(text: string): readonly string[] {
  const [, country = '', number = ''] = /^(\+86|\+1(?=\d{10}$)|\+44)?(.*)$/.exec(text) ?? [];
  const lead = country === '' ? [] : [country];
  const mobile = /^(1\d{2})(\d{4})(\d{4})$/.exec(number);
  if (mobile !== null) return [...lead, ...mobile.slice(1)];
  const groups: string[] = [];
  let rest = number;
  while (rest.length > 4) {
    groups.push(rest.slice(0, 3));
    rest = rest.slice(3);
  }
  return [...lead, ...groups, ...(rest === '' ? [] : [rest])];
}
