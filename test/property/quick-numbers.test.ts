import { expect } from 'chai';
import fc from 'fast-check';
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { normaliseNumber } from '../../src/kernel/numbers.js';
import { quickNumber } from '../../src/kernel/quick-numbers.js';

const country = fc.constantFrom(...getCountries());
const digits = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 13 })
  .map((all) => all.join(''));

describe('quick numbers', () => {
  it('are what a close look finds, wherever they say anything', () => {
    fc.assert(
      fc.property(country, country, digits, fc.nat(6), (home, other, tail, form) => {
        const mobile = getExampleNumber(other, examples)?.nationalNumber ?? '';
        // Numbers that are nearly right are where both could differ.
        const near = mobile.slice(0, -3) + tail.slice(0, 3);
        const code = getCountryCallingCode(other);
        const text = [
          tail,
          `0${tail}`,
          `+${code}${tail}`,
          `+${code}${near}`,
          near,
          `0${near}`,
          `+${tail}`,
        ][form] as string;
        const place = form === 4 || form === 5 ? other : home;
        const quick = quickNumber(text, place);
        if (quick !== undefined)
          expect(quick, `${text} in ${place}`).to.equal(normaliseNumber(text, place));
      }),
      { numRuns: 6_000 },
    );
  });

  it('know the usual ways of writing', () => {
    expect(quickNumber('02079460123', 'GB')).to.equal('+442079460123');
    expect(quickNumber('13800138000', 'CN')).to.equal('+8613800138000');
    expect(quickNumber('+12125550123', 'GB')).to.equal('+12125550123');
    expect(quickNumber('2125550123', 'US')).to.equal('+12125550123');
    expect(quickNumber('01012345678', 'CN')).to.equal('+861012345678');
    expect(quickNumber('999', 'GB')).to.equal(undefined);
  });
});
