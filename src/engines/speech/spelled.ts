import { plainText } from './decimal.js';
import { numberPiece, PAUSE, piece, type SoundRef } from './sound.js';

/** Characters that are spelled at most. */
export const MAX_SPELLED = 60;

/** Names of signs, as the sounds are called. */
export const SIGNS: Readonly<Record<string, string>> = {
  ...{ '.': 'dot', ',': 'comma', ':': 'colon', ';': 'semicolon', '!': 'exclamation-mark' },
  ...{ '?': 'question-mark', '-': 'dash', _: 'underscore', '/': 'slash', '\\': 'backslash' },
  ...{ '@': 'at', '#': 'hash', '*': 'star', '+': 'plus', '=': 'equals', '%': 'percent' },
  ...{ '&': 'ampersand', "'": 'apostrophe', '"': 'quotation-mark', '(': 'open-bracket' },
  ...{ ')': 'close-bracket', '<': 'less-than', '>': 'greater-than', '|': 'bar', '~': 'tilde' },
  ...{ $: 'dollar-sign', '€': 'euro-sign', '£': 'pound-sign', '¥': 'yen-sign' },
};

/**
 * Letters, figures and signs, one by one; a blank is a pause. Letters are said in English in every language, without their
 * accents. Undefined for anything that has no name here, such as Chinese characters.
 */
export function spelledPhrase(value: string): readonly SoundRef[] | undefined {
  const text = plainText(value)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  if (text === '' || text.length > MAX_SPELLED) return undefined;
  const said: SoundRef[] = [];
  for (const character of text) {
    const sound = characterPiece(character);
    if (sound === undefined) return undefined;
    said.push(sound);
  }
  return said;
}

function characterPiece(character: string): SoundRef | undefined {
  if (/^[a-z]$/.test(character)) return piece(`letter-${character}`);
  if (/^\d$/.test(character)) return numberPiece(Number(character));
  if (/^\s$/.test(character)) return PAUSE;
  const sign = SIGNS[character];
  return sign === undefined ? undefined : piece(sign);
}
