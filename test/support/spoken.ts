import { readFileSync } from 'node:fs';
import { phrase, type PhraseOptions, type SpokenAs } from '../../src/engines/speech/phrase.js';
import type { SoundRef } from '../../src/engines/speech/sound.js';
import type { Language } from '../../src/kernel/call-event.js';

interface Manifest {
  readonly fragments: readonly ({ readonly name: string } & Partial<Record<Language, string>>)[];
}

/** What the manifest that ships with the program says by a piece's name. */
export const manifest = JSON.parse(
  readFileSync(new URL('../../asterisk/prompts/manifest.json', import.meta.url), 'utf8'),
) as Manifest;
const texts = new Map(manifest.fragments.map((fragment) => [fragment.name, fragment]));

/** The words of some pieces, as a caller hears them; throws where one has no sound in the language (letters are English). */
export function wordsOf(language: Language, sounds: readonly SoundRef[]): string {
  const words = sounds.map(({ name }) => {
    if (name === 'say-pause') return '|';
    const fragment = texts.get(name);
    const isLetter = name.startsWith('say-letter-');
    const text = isLetter ? fragment?.en : fragment?.[language];
    if (text === undefined) throw new Error(`${name} has no sound in ${language}`);
    return text;
  });
  return words.join(language === 'en' ? ' ' : '');
}

/** What is said of a value, or why nothing is. */
export function spoken(
  language: Language,
  value: string,
  as: SpokenAs,
  options: PhraseOptions = {},
): string {
  const said = phrase(language, value, as, options);
  return said.kind === 'said' ? wordsOf(language, said.sounds) : `! ${said.reason}`;
}
