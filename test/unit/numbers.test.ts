import { expect } from 'chai';
import {
  areaCodeOf,
  classifyNumber,
  formatNumber,
  isEmergencyNumber,
  normaliseNumber,
} from '../../src/kernel/numbers.js';

describe('normaliseNumber', () => {
  const cases: readonly (readonly [text: string, country: string, expected: string])[] = [
    ['020 7946 0123', 'GB', '+442079460123'],
    ['(020) 7946-0123', 'GB', '+442079460123'],
    ['442079460123', 'GB', '+442079460123'],
    ['00 44 20 7946 0123', 'GB', '+442079460123'],
    ['+44 (0)20 7946 0123', 'GB', '+442079460123'],
    ['07700 900123', 'GB', '+447700900123'],
    ['01632 960123', 'GB', '+441632960123'],
    ['２０７９４６０１２３', 'GB', '+442079460123'],
    ['212-555-0123', 'US', '+12125550123'],
    ['011 44 20 7946 0123', 'US', '+442079460123'],
    ['010 5555 0123', 'CN', '+861055550123'],
    ['013855550123', 'CN', '+8613855550123'],
    ['+49 30 5550 123', 'GB', '+49305550123'],
    ['2001', 'GB', '2001'],
    ['999', 'GB', '999'],
    ['118 500', 'GB', '118500'],
    ['55550123', 'CN', '55550123'],
    ['10086', 'CN', '10086'],
    ['*21', 'GB', '*21'],
    ['+441', 'GB', '+441'],
    ['anonymous', 'GB', ''],
    ['', 'GB', ''],
    ['020 7946 0123', 'ZZ', '02079460123'],
    ['+44 20 7946 0123', 'ZZ', '+442079460123'],
  ];
  for (const [text, country, expected] of cases)
    it(`reads ${JSON.stringify(text)} in ${country} as ${JSON.stringify(expected)}`, () => {
      expect(normaliseNumber(text, country)).to.equal(expected);
    });

  it('completes local digits with the own area code', () => {
    expect(normaliseNumber('55550123', 'CN', '10')).to.equal('+861055550123');
    expect(normaliseNumber('55550123', 'CN', '010')).to.equal('+861055550123');
    expect(normaliseNumber('5550123', 'US', '212')).to.equal('+12125550123');
    expect(normaliseNumber('7946 0123', 'GB', '020')).to.equal('+442079460123');
  });

  it('does not complete local digits to a number of another country in the same plan', () => {
    expect(normaliseNumber('62000000', 'US', '30')).to.equal('62000000');
    expect(normaliseNumber('62000000', 'CA', '30')).to.equal('+13062000000');
  });
});

describe('classifyNumber', () => {
  const cases: readonly (readonly [string, string, string | undefined, string])[] = [
    ['2001', 'GB', '20', 'internal'],
    ['+442079460123', 'GB', '20', 'local'],
    ['+442079460123', 'GB', '020', 'local'],
    ['+442079460123', 'GB', undefined, 'national'],
    ['+441184960123', 'GB', '20', 'national'],
    ['+447700900123', 'GB', '20', 'national'],
    ['+441632960123', 'GB', '20', 'national'],
    ['+448081570123', 'GB', undefined, 'local'],
    ['+443069990123', 'GB', '20', 'national'],
    ['+441534700123', 'GB', '20', 'national'],
    ['+449098790123', 'GB', '20', 'international'],
    ['+447024123456', 'GB', '20', 'international'],
    ['+49305550123', 'GB', '20', 'international'],
    ['+881612345678', 'GB', '20', 'international'],
    ['999', 'GB', '20', 'emergency'],
    ['112', 'GB', '20', 'emergency'],
    ['101', 'GB', '20', 'local'],
    ['118500', 'GB', '20', 'international'],
    ['79460123', 'GB', '20', 'local'],
    ['+12125550123', 'US', '212', 'local'],
    ['5550123', 'US', '212', 'local'],
    ['+13105550123', 'US', '212', 'national'],
    ['+18765550123', 'US', '212', 'international'],
    ['+19005550123', 'US', '212', 'international'],
    ['+447700900123', 'US', '212', 'international'],
    ['911', 'US', '212', 'emergency'],
    ['411', 'US', '212', 'international'],
    ['+861055550123', 'CN', '10', 'local'],
    ['55550123', 'CN', '10', 'local'],
    ['55550123', 'CN', undefined, 'internal'],
    ['+8613855550123', 'CN', '10', 'national'],
    ['+864008001234', 'CN', '10', 'national'],
    ['110', 'CN', '10', 'emergency'],
    ['10086', 'CN', '10', 'local'],
    ['95588', 'CN', '10', 'local'],
    ['16899168', 'CN', '10', 'international'],
    ['+85221234567', 'CN', '10', 'international'],
    ['112', 'ZZ', undefined, 'emergency'],
    ['', 'GB', '20', 'invalid'],
    ['*21', 'GB', '20', 'invalid'],
    ['+441', 'GB', '20', 'invalid'],
    ['0123', 'GB', '20', 'invalid'],
    ['123456789012345678901', 'GB', '20', 'invalid'],
  ];
  for (const [number, country, area, expected] of cases)
    it(`calls ${JSON.stringify(number)} in ${country} (area ${area ?? 'not given'}) ${expected}`, () => {
      expect(classifyNumber(number, country, area)).to.equal(expected);
    });
});

describe('formatNumber', () => {
  it('writes numbers of the own country in national form, in English with brackets', () => {
    expect(formatNumber('+442079460123', 'GB', 'en')).to.equal('(020) 7946 0123');
    expect(formatNumber('+447700900123', 'GB', 'en')).to.equal('07700 900123');
    expect(formatNumber('+12125550123', 'US', 'en')).to.equal('(212) 555-0123');
    expect(formatNumber('+861055550123', 'CN', 'zh-CN')).to.equal('010 5555 0123');
    expect(formatNumber('+8613855550123', 'CN', 'zh-CN')).to.equal('138 5555 0123');
  });
  it('writes numbers from abroad in international form', () => {
    expect(formatNumber('+49305550123', 'GB', 'en')).to.equal('+49 30 5550123');
  });
  it('leaves extensions and what is no number alone', () => {
    for (const text of ['2107', '*21', '', 'anonymous', '+441', '<b>'])
      expect(formatNumber(text, 'GB', 'en')).to.equal(text);
  });
});

describe('areaCodeOf', () => {
  it('gives the area code of fixed numbers only', () => {
    expect(areaCodeOf('+442079460123')).to.equal('20');
    expect(areaCodeOf('+861055550123')).to.equal('10');
    expect(areaCodeOf('+12125550123')).to.equal('212');
    expect(areaCodeOf('+8613855550123')).to.equal(undefined);
    expect(areaCodeOf('2001')).to.equal(undefined);
    expect(areaCodeOf('')).to.equal(undefined);
  });
});

describe('isEmergencyNumber', () => {
  it('knows the own country and falls back to 112 and 911', () => {
    expect(isEmergencyNumber('999', 'GB')).to.equal(true);
    expect(isEmergencyNumber('911', 'GB')).to.equal(false);
    expect(isEmergencyNumber('911', 'ZZ')).to.equal(true);
  });
});
