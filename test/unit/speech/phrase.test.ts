import { expect } from 'chai';
import { aheadPhrase, waitPhrase } from '../../../src/engines/speech/announcements.js';
import type { PhraseOptions, SpokenAs } from '../../../src/engines/speech/phrase.js';
import type { Language } from '../../../src/kernel/call-event.js';
import { spoken, wordsOf } from '../../support/spoken.js';

type Row = readonly [value: string, words: string, options?: PhraseOptions];
const check = (language: Language, as: SpokenAs, rows: readonly Row[]): void => {
  for (const [value, words, options] of rows)
    it(`${language} ${as}: ${value || '(nothing)'} is ${words}`, () => {
      expect(spoken(language, value, as, options)).to.equal(words);
    });
};

describe('numbers, said', () => {
  check('en', 'number', [
    ['0', 'zero'],
    ['-7', 'minus seven'],
    ['007', 'seven'],
    ['100', 'one hundred'],
    ['101', 'one hundred and one'],
    ['1001', 'one thousand and one'],
    ['1100', 'one thousand one hundred'],
    ['101000', 'one hundred and one thousand'],
    ['1,234,567', 'one million two hundred and thirty-four thousand five hundred and sixty-seven'],
    ['1000000000000', 'one trillion'],
    ['3.140', 'three point one four zero'],
    ['-0', 'zero'],
    ['-0.5', 'minus zero point five'],
    ['１２', 'twelve'],
    ['1000000000001', '! not-a-number'],
    ['1,23', '! not-a-number'],
    ['0x10', '! not-a-number'],
    ['1e3', '! not-a-number'],
    ['NaN', '! not-a-number'],
    ['twelve', '! not-a-number'],
    ['1.23456789012', 'one point two three four five six seven eight nine zero one'],
    ['0.30000000000000004', 'zero point three'],
    ['-2.9999999999999996', 'minus three'],
    ['0.00000000000001', 'zero'],
    ['  ', '! empty'],
  ]);
  check('zh-CN', 'number', [
    ['0', '零'],
    ['2', '二'],
    ['10', '十'],
    ['12', '十二'],
    ['20', '二十'],
    ['101', '一百零一'],
    ['110', '一百一十'],
    ['115', '一百一十五'],
    ['200', '两百'],
    ['222', '两百二十二'],
    ['1002', '一千零二'],
    ['1010', '一千零一十'],
    ['2000', '两千'],
    ['2222', '两千二百二十二'],
    ['10000', '一万'],
    ['10005', '一万零五'],
    ['10015', '一万零一十五'],
    ['10500', '一万零五百'],
    ['20000', '两万'],
    ['22222', '两万二千二百二十二'],
    ['100000', '十万'],
    ['105000', '十万五千'],
    ['120000', '十二万'],
    ['1000000', '一百万'],
    ['100000000', '一亿'],
    ['200000000', '两亿'],
    ['100020000', '一亿零二万'],
    ['100001234', '一亿零一千二百三十四'],
    ['1000050000', '十亿零五万'],
    ['1000000000000', '一万亿'],
    ['-2.50', '负二点五零'],
  ]);
});

describe('digits, said', () => {
  check('en', 'digits', [
    ['+44 20 7946 0123', 'plus four four | two zero | seven nine four six | zero one two three'],
    ['1234', 'one two three four'],
    ['1234567', 'one two three | four five six seven'],
    ['*72#', 'star seven two hash'],
    ['12a', '! not-digits'],
    ['1'.repeat(41), '! not-digits'],
    ['- -', '! not-digits'],
  ]);
  check('zh-CN', 'digits', [
    ['13812345678', '幺三八|幺二三四|五六七八'],
    ['+8613812345678', '加八六|幺三八|幺二三四|五六七八'],
    ['4001', '四零零幺'],
  ]);
});

describe('money, said', () => {
  const of = (currency: string): PhraseOptions => ({ currency });
  check('en', 'money', [
    ['12.35', 'twelve pounds and thirty-five pence', of('GBP')],
    ['1', 'one pound', of('GBP')],
    ['1.01', 'one pound and one penny', of('GBP')],
    ['0.30', 'thirty pence', of('gbp')],
    ['-2.5', 'minus two dollars and fifty cents', of('USD')],
    ['0', 'zero euros', of('EUR')],
    ['0.999', 'one euro', of('EUR')],
    ['1.005', 'one pound and one penny', of('GBP')],
    ['-0.001', 'zero pounds', of('GBP')],
    ['1500', 'one thousand five hundred yen', of('JPY')],
    ['12.5', 'twelve point five zero Swiss francs', of('CHF')],
    ['1', 'one Swiss franc', of('CHF')],
    ['1.234', 'one point two three four Kuwaiti dinars', of('KWD')],
    ['20', 'twenty X A F', of('XAF')],
    ['20', '! currency', of('ZZZ')],
    ['20', '! currency', of('')],
    ['a lot', '! not-money', of('GBP')],
  ]);
  check('zh-CN', 'money', [
    ['2', '两元', of('CNY')],
    ['0', '零元', of('CNY')],
    ['0.2', '两角', of('CNY')],
    ['0.02', '两分', of('CNY')],
    ['12.35', '十二元三角五分', of('CNY')],
    ['12.05', '十二元零五分', of('CNY')],
    ['12.30', '十二元三角', of('CNY')],
    ['200', '两百元', of('CNY')],
    ['2.22', '两元二角二分', of('CNY')],
    ['10002', '一万零二元', of('CNY')],
    ['-5', '负五元', of('CNY')],
    ['2', '两美元', of('USD')],
    ['12.35', '十二美元三十五美分', of('USD')],
    ['2.05', '两美元零五美分', of('USD')],
    ['0.02', '两便士', of('GBP')],
    ['2.5', '二点五零澳元', of('AUD')],
    ['2', '两欧元', of('EUR')],
  ]);
});

describe('dates, said', () => {
  check('en', 'date', [
    ['2026-11-24', 'Tuesday the twenty-fourth of November twenty twenty-six'],
    ['2000-02-29', 'Tuesday the twenty-ninth of February two thousand'],
    ['2007-01-01', 'Monday the first of January two thousand and seven'],
    ['1905-05-03', 'Wednesday the third of May nineteen oh five'],
    ['1900-12-31', 'Monday the thirty-first of December nineteen hundred'],
    ['2026-11-24T15:04:05Z', 'Tuesday the twenty-fourth of November twenty twenty-six'],
    ['2026-11-25', 'tomorrow', { today: '2026-11-24' }],
    ['2026-11-24', 'today', { today: '2026-11-24' }],
    ['2025-12-31', 'yesterday', { today: '2026-01-01' }],
    [
      '2026-11-24T16:04:05Z',
      'Wednesday the twenty-fifth of November twenty twenty-six',
      { zone: 'Asia/Shanghai' },
    ],
    ['2026-11-25T00:04+08:00', 'yesterday', { zone: 'Europe/London', today: '2026-11-25' }],
    ['2026-02-29', '! not-a-date'],
    ['2026-02-29T10:00Z', '! not-a-date', { zone: 'Europe/London' }],
    ['2026-13-01', '! not-a-date'],
    ['24/11/2026', '! not-a-date'],
    ['0000-01-01', '! not-a-date'],
  ]);
  check('zh-CN', 'date', [
    ['2026-11-24', '二零二六年十一月二十四日星期二'],
    ['2026-02-01', '二零二六年二月一日星期日'],
    ['2026-11-25', '明天', { today: '2026-11-24' }],
  ]);
});

describe('times, said', () => {
  const all: PhraseOptions = { clock: 24 };
  check('en', 'time', [
    ['00:00', 'midnight'],
    ['12:00', 'noon'],
    ['09:05', 'nine oh five a.m.'],
    ['14:30', 'two thirty p.m.'],
    ['15:00', 'three p.m.'],
    ['12:15', 'twelve fifteen p.m.'],
    ['0:15', 'twelve fifteen a.m.'],
    ['2:30 pm', 'two thirty p.m.'],
    ['12:10 a.m.', 'twelve ten a.m.'],
    ['14:30', 'fourteen thirty', all],
    ['14:00', 'fourteen hundred', all],
    ['2026-11-24T15:04:05Z', 'eleven oh four p.m.', { zone: 'Asia/Shanghai' }],
    ['2026-11-24 15:04:05.123456+0800', 'seven oh four a.m.', { zone: 'Europe/London' }],
    ['2026-07-24T15:04:05z', 'four oh four p.m.', { zone: 'Europe/London' }],
    ['2026-11-24T15:04-05', 'eight oh four p.m.', { zone: 'Europe/London' }],
    ['2026-11-24T15:04', 'three oh four p.m.', { zone: 'Asia/Shanghai' }],
    ['2026-11-24T15:04:05Z', '! not-a-time', { zone: 'Not/AZone' }],
    ['2026-11-24T25:04:05Z', '! not-a-time', { zone: 'Europe/London' }],
    ['24:00', '! not-a-time'],
    ['13:00 pm', '! not-a-time'],
    ['9:60', '! not-a-time'],
    ['9', '! not-a-time'],
  ]);
  check('zh-CN', 'time', [
    ['02:00', '上午两点'],
    ['14:05', '下午两点零五分'],
    ['12:30', '中午十二点三十分'],
    ['00:10', '上午零点十分'],
    ['14:30', '十四点三十分', all],
    ['02:02', '两点零二分', all],
  ]);
});

describe('spelling', () => {
  check('en', 'spelled', [
    ['AB-12', 'A B dash one two'],
    ['jo_e@x.uk', 'J O underscore E at X dot U K'],
    ['É 1', 'E | one'],
    ['中', '! not-spelled'],
    ['a'.repeat(61), '! not-spelled'],
  ]);
  check('zh-CN', 'spelled', [
    ['AB-12', 'AB横杠一二'],
    ['京A', '! not-spelled'],
  ]);
});

describe('announcements in line', () => {
  for (const [count, en, zh] of [
    [0, 'You are next in line.', '您是下一位。'],
    [1, 'There is one caller before you.', '您前面还有一位客户。'],
    [2, 'There are two callers before you.', '您前面还有两位客户。'],
    [20, 'There are twenty callers before you.', '您前面还有二十位客户。'],
    [21, 'There are more than twenty callers before you.', '您前面还有二十多位客户。'],
  ] as const)
    it(`${String(count)} callers before this one`, () => {
      expect(wordsOf('en', aheadPhrase('en', count))).to.equal(en);
      expect(wordsOf('zh-CN', aheadPhrase('zh-CN', count))).to.equal(zh);
    });

  for (const [ms, en, zh] of [
    [0, 'The wait is about one minute.', '预计等待约一分钟。'],
    [61_000, 'The wait is about two minutes.', '预计等待约两分钟。'],
    [1_800_000, 'The wait is about thirty minutes.', '预计等待约三十分钟。'],
    [1_800_001, 'The wait is more than thirty minutes.', '预计等待超过三十分钟。'],
  ] as const)
    it(`a wait of ${String(ms)} ms`, () => {
      expect(wordsOf('en', waitPhrase('en', ms))).to.equal(en);
      expect(wordsOf('zh-CN', waitPhrase('zh-CN', ms))).to.equal(zh);
    });
});
