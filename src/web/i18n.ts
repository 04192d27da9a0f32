import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language } from '../kernel/call-event.js';
import type { Messages } from './kit/translate.js';

/** Where the catalogs lie, one folder a language, one file a feature. */
export const CATALOG_DIRECTORY = fileURLToPath(new URL('./i18n/', import.meta.url));

export type Catalog = ReadonlyMap<string, string>;

/** All files of one language as one map. Throws where two files have the same key. */
export function readCatalog(language: Language, directory = CATALOG_DIRECTORY): Catalog {
  const messages = new Map<string, string>();
  const folder = `${directory}/${language}`;
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const content = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Record<string, string>;
    for (const [key, text] of Object.entries(content)) {
      if (messages.has(key))
        throw new Error(`${language}/${file}: ${key} is in another file already`);
      messages.set(key, text);
    }
  }
  return messages;
}

/** Loads every catalog and parses messages when they are first needed. `onMissing` hears of unknown keys. */
export function loadMessages(
  onMissing: (key: string) => void,
  directory = CATALOG_DIRECTORY,
): Messages {
  const catalogs = new Map<Language, Catalog>(
    LANGUAGES.map((language) => [language, readCatalog(language, directory)]),
  );
  const parsed = new Map<string, IntlMessageFormat>();
  const has = (key: string): boolean => catalogs.get('en')?.has(key) ?? false;
  return {
    has,
    translate: (language, key, params) => {
      const text = catalogs.get(language)?.get(key) ?? catalogs.get('en')?.get(key);
      if (text === undefined) {
        onMissing(key);
        return key;
      }
      const cacheKey = `${language} ${key}`;
      let message = parsed.get(cacheKey);
      if (!message) {
        message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
        parsed.set(cacheKey, message);
      }
      return String(message.format(params === undefined ? undefined : { ...params }));
    },
  };
}
