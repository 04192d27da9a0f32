import { expect } from 'chai';
import fc from 'fast-check';
import { findCurrency, NAMED_CURRENCIES } from '../../../src/engines/speech/currencies.js';
import { phrase, SPOKEN_AS } from '../../../src/engines/speech/phrase.js';
import { SIGNS } from '../../../src/engines/speech/spelled.js';
import { LANGUAGES } from '../../../src/kernel/call-event.js';
import { manifest, spoken, wordsOf } from '../../support/spoken.js';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ENGLISH: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};

/** What somebody who listens makes of English number words; undefined for what nobody would say. */
function heardInEnglish(words: string): number | undefined {
  let total = 0;
  let group = 0;
  for (const word of words.split(/[ -]/)) {
    if (word === 'and') continue;
    const [small, ten, scale] = [SMALL.indexOf(word), TENS.indexOf(word), ENGLISH[word]];
    if (small >= 0) group += small;
    else if (ten >= 0) group += 20 + 10 * ten;
    else if (word === 'hundred') group *= 100;
    else if (scale !== undefined) {
      total += group * scale;
      group = 0;
    } else return undefined;
  }
  return total + group;
}

const FIGURES = '零一二三四五六七八九';
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };

/** The same for Mandarin. */
function heardInMandarin(words: string): number | undefined {
  let total = 0;
  let group = 0;
  let figure = 0;
  for (const sign of words.replaceAll('两', '二')) {
    const unit = UNITS[sign];
    if (FIGURES.includes(sign)) figure = FIGURES.indexOf(sign);
    else if (unit !== undefined) {
      group += (figure === 0 ? 1 : figure) * unit;
      figure = 0;
    } else if (sign === '万') {
      total += (group + figure) * 10_000;
      group = figure = 0;
    } else if (sign === '亿') {
      total = (total + group + figure) * 100_000_000;
      group = figure = 0;
    } else return undefined;
  }
  return total + group + figure;
}

/** Mandarin written another way: every figure with its unit, then runs of noughts become one 零. */
function mandarinBySubstitution(n: number): string {
  if (n === 0) return '零';
  const names = ['', '十', '百', '千'];
  const groups = ['', '万', '亿', '万亿'];
  const digits = Array.from(String(n)).reverse();
  let text = '';
  for (let place = digits.length - 1; place >= 0; place--) {
    const figure = Number(digits[place]);
    text += figure === 0 ? '零' : `${FIGURES[figure] ?? ''}${names[place % 4] ?? ''}`;
    const from = place - (place % 4);
    const isEmpty = digits.slice(from, from + 4).every((digit) => digit === '0');
    if (place % 4 === 0 && !isEmpty) text = text.replace(/零+$/, '') + (groups[place / 4] ?? '');
    if (
      place % 4 === 0 &&
      !isEmpty &&
      (digits[place] ?? '') === '0' &&
      Number(digits[place - 1] ?? '9') !== 0
    )
      text = text.replace(/零+$/, '');
  }
  text = text.replace(/零+/g, '零').replace(/零$/, '').replace(/^一十/, '十');
  if (n >= 1e12) return '一万亿';
  if (/^二[百千万亿]/.test(text)) text = `两${text.slice(1)}`;
  return text;
}

describe('spoken numbers, as properties', function () {
  this.timeout(60_000);

  it('are understood as what they are: every number up to 100,000, in both languages', () => {
    for (let n = 0; n <= 100_000; n++) {
      const [en, zh] = [spoken('en', String(n), 'number'), spoken('zh-CN', String(n), 'number')];
      if (heardInEnglish(en) !== n) expect.fail(`${String(n)}: ${en}`);
      if (heardInMandarin(zh) !== n) expect.fail(`${String(n)}: ${zh}`);
      if (mandarinBySubstitution(n) !== zh)
        expect.fail(`${String(n)}: ${zh}, not ${mandarinBySubstitution(n)}`);
    }
  });

  it('are understood as what they are: up to 10^12', () => {
    const large = fc.oneof(
      fc.integer({ min: 0, max: 1_000_000_000_000 }),
      fc
        .tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 12 }))
        .map(([n, zeros]) => Math.min(1e12, n * 10 ** zeros)),
      fc
        .tuple(
          fc.integer({ min: 1, max: 99 }),
          fc.constantFrom(1e4, 1e6, 1e8, 1e10),
          fc.integer({ min: 0, max: 9_999 }),
        )
        .map(([n, size, rest]) => n * size + rest),
    );
    fc.assert(
      fc.property(large, (n) => {
        expect(heardInEnglish(spoken('en', String(n), 'number'))).to.equal(n);
        expect(heardInMandarin(spoken('zh-CN', String(n), 'number'))).to.equal(n);
      }),
      { numRuns: 5_000 },
    );
  });

  it('have one 零 for a run of noughts and none at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), (n) => {
        expect(spoken('zh-CN', String(n), 'number')).not.to.match(/零零|零$|零[万亿]/);
      }),
    );
  });

  it('never throw, whatever the value, and say only what has a sound', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.stringMatching(/^[-+]?[\d,]{1,16}(\.\d{0,12})?$/),
      fc.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      fc.stringMatching(/^\d{1,2}:\d{2}( [ap]m)?$/),
    );
    const currency = fc.constantFrom(...Intl.supportedValuesOf('currency'), 'ZZZ', '', 'gbp');
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom(...SPOKEN_AS),
        fc.constantFrom(...LANGUAGES),
        fc.record({ currency, clock: fc.constantFrom(12 as const, 24 as const) }),
        (value, as, language, options) => {
          const said = phrase(language, value, as, options);
          if (said.kind === 'said') expect(wordsOf(language, said.sounds)).not.to.equal('');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('fragments in the manifest', () => {
  it('are all said by something, and each currency and sign has one', () => {
    const used = new Set<string>();
    const say = (value: string, as: (typeof SPOKEN_AS)[number], options = {}): void => {
      for (const language of LANGUAGES) {
        const said = phrase(language, value, as, options);
        if (said.kind === 'said') for (const { name } of said.sounds) used.add(name);
      }
    };
    for (let n = 0; n < 1_000; n++) say(String(n), 'number');
    for (let n = 1; n < 10; n++)
      for (const rest of ['000', '100', '0000', '222']) say(`${String(n)}${rest}`, 'number');
    for (const n of ['1e', '13', '1000000', '1000000000', '1000000000000', '-1.5', '12200'])
      say(n, 'number');
    for (const code of Object.keys(NAMED_CURRENCIES)) {
      expect(findCurrency(code)?.isNamed).to.equal(true);
      for (const amount of ['1', '2', '0.01', '0.02', '0.2', '3.15'])
        say(amount, 'money', { currency: code });
    }
    for (let day = 1; day <= 31; day++) say(`2026-12-${String(day).padStart(2, '0')}`, 'date');
    for (let month = 1; month <= 12; month++)
      say(`1905-${String(month).padStart(2, '0')}-01`, 'date');
    for (const day of ['23', '24', '25']) say(`2026-11-${day}`, 'date', { today: '2026-11-24' });
    for (let hour = 0; hour < 24; hour++)
      for (const minute of ['00', '05'])
        for (const clock of [12, 24]) say(`${String(hour)}:${minute}`, 'time', { clock });
    say('abcdefghijklmnopqrstuvwxyz'.slice(0, 26), 'spelled');
    for (const sign of Object.keys(SIGNS)) say(sign, 'spelled');
    say('13812345678', 'digits');
    const announcements = /^say-((ahead|wait|people)-|(new|old|no)-messages$|message-from$)/;
    const idle = manifest.fragments.map(({ name }) => name).filter((name) => !used.has(name));
    expect(idle.filter((name) => !announcements.test(name))).to.deep.equal([]);
  });
});
