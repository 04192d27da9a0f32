import { getCountries } from 'libphonenumber-js/max';

/** Names that people write and that no list of names has. */
const ALSO: Readonly<Record<string, string>> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  usa: 'US',
  america: 'US',
  'united states of america': 'US',
  uae: 'AE',
  prc: 'CN',
  'hong kong': 'HK',
  macau: 'MO',
  中国大陆: 'CN',
  香港: 'HK',
  澳门: 'MO',
};

let names: ReadonlyMap<string, string> | undefined;

function namesOfCountries(): ReadonlyMap<string, string> {
  if (names !== undefined) return names;
  const found = new Map(Object.entries(ALSO));
  for (const code of getCountries()) found.set(code.toLowerCase(), code);
  for (const language of ['en', 'zh-CN']) {
    const shown = new Intl.DisplayNames(language, { type: 'region' });
    for (const code of getCountries()) found.set((shown.of(code) ?? code).toLowerCase(), code);
  }
  names = found;
  return found;
}

/** ISO 3166 codes of the countries whose numbers can be read. */
export const countryCodes: () => readonly string[] = getCountries;

/** The ISO 3166 code for a code, or for a country's name in English or Chinese. */
export function countryOf(text: string): string | undefined {
  return namesOfCountries().get(text.trim().toLowerCase());
}
