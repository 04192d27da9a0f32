import { expect } from 'chai';
import fc from 'fast-check';
import { classifyNumber, formatNumber, normaliseNumber } from '../../src/kernel/numbers.js';

const country = fc.constantFrom('GB', 'US', 'CN', 'DE', 'IT', 'SG', 'MX', 'AR', 'BR', 'ZZ');
const areaCode = fc.option(fc.constantFrom('20', '020', '212', '10', '0571', '30', '06', 'x', ''), {
  nil: undefined,
});
const dialled = fc.string({
  unit: fc.constantFrom(...'0123456789+*#()-. ;x'.split(/(?:)/u)),
  minLength: 0,
  maxLength: 22,
});
const anything = fc.oneof(dialled, fc.string({ unit: 'binary', maxLength: 60, size: 'max' }));
const runs = { numRuns: 5_000 };

describe('numbers, whatever is typed or signalled', () => {
  it('normalising twice is normalising once', () => {
    fc.assert(
      fc.property(anything, country, areaCode, (text, home, area) => {
        const once = normaliseNumber(text, home, area);
        expect(normaliseNumber(once, home, area)).to.equal(once);
      }),
      runs,
    );
  });

  it('the result holds nothing but a leading plus, digits, * and #', () => {
    fc.assert(
      fc.property(anything, country, (text, home) => {
        expect(normaliseNumber(text, home)).to.match(/^\+?[0-9*#]*$/);
      }),
      runs,
    );
  });

  it('a number has the same class as dialled and as normalised', () => {
    fc.assert(
      fc.property(anything, country, areaCode, (text, home, area) => {
        expect(classifyNumber(normaliseNumber(text, home, area), home, area)).to.equal(
          classifyNumber(text, home, area),
        );
      }),
      runs,
    );
  });

  it('no number of another calling code is cheaper than international', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+(?:49|33|86|852|881|882|7)\d{6,11}$/),
        areaCode,
        (text, area) => {
          expect(classifyNumber(text, 'GB', area)).to.be.oneOf(['international', 'invalid']);
        },
      ),
      runs,
    );
  });

  it('numbers kept for fiction work', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (n) => {
        const tail = String(n).padStart(3, '0');
        expect(normaliseNumber(`020 7946 0${tail}`, 'GB')).to.equal(`+442079460${tail}`);
        expect(classifyNumber(`+442079460${tail}`, 'GB', '20')).to.equal('local');
        const us = tail.slice(1);
        expect(normaliseNumber(`(212) 555-01${us}`, 'US')).to.equal(`+121255501${us}`);
        expect(classifyNumber(`+121255501${us}`, 'US')).to.equal('national');
      }),
    );
  });

  it('digits that would lose a prefix each time they are read stay as they are', () => {
    expect(normaliseNumber('000000', 'DE')).to.equal('000000');
    expect(formatNumber('000000', 'DE', 'en')).to.equal('000000');
    expect(normaliseNumber('+39 06 1234 5678', 'DE')).to.equal('+390612345678');
  });

  it('what is shown normalises back to what is stored', () => {
    fc.assert(
      fc.property(
        dialled,
        country,
        fc.constantFrom('en' as const, 'zh-CN' as const),
        (text, home, language) => {
          const stored = normaliseNumber(text, home);
          expect(normaliseNumber(formatNumber(stored, home, language), home)).to.equal(stored);
        },
      ),
      runs,
    );
  });
});
