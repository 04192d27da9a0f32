import { expect } from 'chai';
import { IntlMessageFormat } from 'intl-messageformat';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../../src/kernel/call-event.js';
import { readCatalog } from '../../../src/web/i18n.js';

const catalogs = new Map(LANGUAGES.map((language) => [language, readCatalog(language)]));
const english = catalogs.get('en') ?? new Map<string, string>();

type Elements = ReturnType<IntlMessageFormat['getAst']>;
/** Kinds of elements that name no value: text, and `#` in a plural. */
const NAMELESS: ReadonlySet<number> = new Set([0, 7]);

/** Names of the values that a message shows; those that only choose between forms are apart. */
function valuesOf(elements: Elements, shown = new Set<string>(), choosing = new Set<string>()) {
  for (const element of elements) {
    if (NAMELESS.has(element.type)) continue;
    if ('options' in element) {
      choosing.add(element.value);
      for (const option of Object.values(element.options)) valuesOf(option.value, shown, choosing);
    } else if ('value' in element) shown.add(element.value);
  }
  return { shown, choosing };
}

const read = (text: string) =>
  valuesOf(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());

function files(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name), ending)
      : entry.name.endsWith(ending)
        ? [join(folder, entry.name)]
        : [],
  );
}

describe('texts', () => {
  for (const [language, catalog] of catalogs) {
    it(`${language} has every text`, () => {
      const all = new Set([...catalogs.values()].flatMap((other) => [...other.keys()]));
      const missing = [...all].filter((key) => !catalog.has(key));
      expect(missing).to.deep.equal([]);
    });

    it(`${language} shows the same values as English, and every message can be read`, () => {
      for (const [key, text] of catalog) {
        const own = read(text);
        const expected = read(english.get(key) ?? '');
        const known = [...expected.shown, ...expected.choosing];
        expect(known, key).to.include.members([...own.shown, ...own.choosing]);
        expect([...own.shown, ...own.choosing], key).to.include.members([...expected.shown]);
      }
    });

    it(`${language} has no empty text`, () => {
      const wrong = [...catalog].filter(([, text]) => text.trim() === '');
      expect(wrong).to.deep.equal([]);
    });
  }

  it('calls agents 坐席 everywhere in Chinese, and uses full-width punctuation between Chinese words', () => {
    const chinese = catalogs.get('zh-CN') ?? new Map<string, string>();
    const wrong = [...chinese].filter(
      ([, text]) => text.includes('座席') || /\p{Script=Han}[,;!?]\s*\p{Script=Han}/u.test(text),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('has every key that a view names', () => {
    const missing = files('views', '.hbs').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/[{(]t "([^"]+)"/g)]
        .map(([, key = '']) => key)
        .filter((key) => !english.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it('has every key that the program names', () => {
    const used =
      /(?:\bt\(|\b(?:message|label|text|advice):\s*|problem\()'([a-z0-9-]+(?:\.[a-z0-9-]+)+)'/g;
    const missing = [
      ...files('src/features', '.ts'),
      ...files('src/web', '.ts'),
      ...files('src/kernel', '.ts'),
    ].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(used)]
        .map(([, key = '']) => key)
        .filter((key) => !english.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).to.deep.equal([]);
  });
});
