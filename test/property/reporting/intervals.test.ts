import { expect } from 'chai';
import fc from 'fast-check';
import { meanOfCounts, wilsonInterval } from '../../../src/engines/reporting/intervals.js';

const cases = fc.integer({ min: 1, max: 100_000 });
const scale = fc.dictionary(
  fc.constantFrom('0', '1', '2', '5', '10'),
  fc.integer({ min: 0, max: 500 }),
);

describe('intervals of figures', () => {
  it('of a share are those of the tables', () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (const [hits, of, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(hits, of);
      expect(interval?.[0]).to.be.closeTo(low, 5e-5);
      expect(interval?.[1]).to.be.closeTo(high, 5e-5);
    }
    expect(wilsonInterval(0, 0)).to.equal(undefined);
  });

  it('of a share hold it, lie within 0 and 1, and shrink with more cases', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const hits = Math.round(of * part);
        const [low, high] = wilsonInterval(hits, of) ?? [Number.NaN, Number.NaN];
        expect(low).to.be.within(0, hits / of + 1e-12);
        expect(high).to.be.within(hits / of - 1e-12, 1);
        const [low4, high4] = wilsonInterval(hits * 4, of * 4) ?? [Number.NaN, Number.NaN];
        expect(high4 - low4).to.be.at.most(high - low + 1e-12);
      }),
    );
  });

  it('of a mean are those of a hand-made example', () => {
    // 3, 4, 5, 5, 4: mean 4.2, s = 0.8367, t(0.975, 4) = 2.7764.
    const mean = meanOfCounts(
      new Map([
        [3, 1],
        [4, 2],
        [5, 2],
      ]),
      [1, 5],
    );
    expect(mean?.mean).to.be.closeTo(4.2, 1e-9);
    expect(mean?.interval?.[0]).to.be.closeTo(3.1611, 5e-4);
    expect(mean?.interval?.[1]).to.equal(5);
    expect(meanOfCounts(new Map([[4, 1]]), [1, 5])).to.deep.equal({ cases: 1, mean: 4 });
    expect(meanOfCounts(new Map(), [1, 5])).to.equal(undefined);
  });

  it('of a mean hold it and lie within the scale', () => {
    fc.assert(
      fc.property(scale, (given) => {
        const counts = new Map(
          Object.entries(given).map(([value, count]) => [Number(value), count]),
        );
        const found = meanOfCounts(counts, [0, 10]);
        if (found === undefined) {
          expect([...counts.values()].every((count) => count === 0)).to.equal(true);
          return;
        }
        expect(found.mean).to.be.within(0, 10);
        const [low, high] = found.interval ?? [found.mean, found.mean];
        expect(low).to.be.within(0, found.mean + 1e-9);
        expect(high).to.be.within(found.mean - 1e-9, 10);
      }),
    );
  });
});
