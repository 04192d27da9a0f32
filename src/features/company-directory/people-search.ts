import { keysOf, nameKeys } from '../../engines/directory/name-keys.js';
import type { ExtensionConfig } from '../../telephony/directory.js';

/** True where a person is meant by what was typed: part of the number, the name or the department, or pinyin of the name. */
export function isMeant(person: ExtensionConfig, typed: string): boolean {
  const text = plain(typed);
  if (text === '') return true;
  const { number, name, department = '' } = person;
  if (number.startsWith(text) || plain(name).includes(text) || plain(department).includes(text))
    return true;
  const keys = keysOf(typed);
  // Letters mean a Chinese name by its pinyin; figures were looked for above.
  return (
    /^[a-z\s']+$/i.test(typed) &&
    /\p{Script=Han}/u.test(name) &&
    nameKeys(name).some((key) => key.startsWith(keys))
  );
}

const plain = (text: string): string =>
  text.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '').trim();
