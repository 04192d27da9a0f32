import { pinyin } from 'pinyin-pro';

/** Letters on the keys of a telephone (ITU-T E.161). */
const KEYS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'] as const;
const KEY_OF = new Map(
  KEYS.flatMap((letters, at) => Array.from(letters, (letter) => [letter, String(at + 2)] as const)),
);
/** Letters that do not come apart into one of the alphabet and a mark. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};
const HAN = /\p{Script=Han}/u;
/** Longer names are typed by their beginning anyway. */
const MAX_WORDS = 12;

/** The keys that spell a text: letters of the alphabet with or without marks, and figures; everything else is left out. */
export const keysOf = (text: string): string =>
  Array.from(folded(text), (letter) =>
    /\d/.test(letter) ? letter : (KEY_OF.get(letter) ?? ''),
  ).join('');

/**
 * What may be typed for a name, as keys: typed keys fit where one of these begins with them. First and last name in either
 * order, each word, the initials; Chinese names by their pinyin, whole, without the surname, by initials, and as surname
 * with initials. '' and names without letters give none.
 */
export function nameKeys(name: string): readonly string[] {
  const keys = new Set<string>();
  for (const words of readings(name)) {
    for (let from = 0; from < words.length; from++) {
      const rest = words.slice(from);
      keys.add(rest.join(''));
      keys.add(initials(rest));
    }
    const [first = '', ...others] = words;
    keys.add(first + initials(others));
    const last = words.at(-1) ?? '';
    keys.add(last + words.slice(0, -1).join(''));
    keys.add(last.slice(0, 1) + initials(words.slice(0, -1)));
  }
  keys.delete('');
  return [...keys];
}

const initials = (words: readonly string[]): string =>
  words.map((word) => word.slice(0, 1)).join('');

const folded = (text: string): string =>
  Array.from(text.normalize('NFKD').toLowerCase(), (letter) => FOLDED[letter] ?? letter)
    .join('')
    .replaceAll(/\p{M}/gu, '');

/** The words of a name as keys, a syllable each where it is Chinese; twice where a surname is read otherwise than the word. */
function readings(name: string): readonly (readonly string[])[] {
  const plain = wordsOf(name, 'off');
  if (!HAN.test(name)) return [plain];
  const asSurname = wordsOf(name, 'head');
  return asSurname.join(' ') === plain.join(' ') ? [plain] : [asSurname, plain];
}

function wordsOf(name: string, surname: 'off' | 'head'): readonly string[] {
  const parts =
    name.normalize('NFKC').match(/\p{Script=Han}+|[^\s\p{Script=Han}.,;/()·-]+/gu) ?? [];
  return parts
    .flatMap((part) =>
      HAN.test(part) ? pinyin(part, { toneType: 'none', type: 'array', surname, v: true }) : [part],
    )
    .map(keysOf)
    .filter((keys) => keys !== '')
    .slice(0, MAX_WORDS);
}
