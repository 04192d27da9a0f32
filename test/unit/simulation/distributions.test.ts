import { expect } from 'chai';
import { DistributionError, parseDistribution } from '../../../src/simulation/distributions.js';
import { randomSeries } from '../../../src/simulation/random.js';

const files = (name: string): string => {
  if (name === 'talks.txt') return '# seconds\n10\n\n20\n60\n';
  if (name === 'bad.txt') return '10\nlong\n';
  if (name === 'none.txt') return '\n';
  throw new DistributionError(`${name} cannot be read`);
};
const parse = (text: string) => parseDistribution(text, files);

/** Mean and coefficient of variation of many draws, in seconds. */
function sample(text: string, count = 200_000): { readonly mean: number; readonly cv: number } {
  const distribution = parse(text);
  const random = randomSeries(3, 1);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const value = distribution.draw(random) / 1000;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return { mean, cv: Math.sqrt(squares / count - mean * mean) / mean };
}

describe('simulation: distributions', () => {
  const known = [
    ['constant:20', 20, 0],
    ['20', 20, 0],
    ['uniform:10,30', 20, 20 / Math.sqrt(12) / 20],
    ['exponential:300', 300, 1],
    ['lognormal:300,1.2', 300, 1.2],
    ['empirical:talks.txt', 30, 0.72],
  ] as const;
  for (const [text, mean, cv] of known)
    it(`draws ${text}`, () => {
      const drawn = sample(text);
      expect(parse(text).meanMs).to.be.closeTo(mean * 1000, 1e-6);
      expect(drawn.mean).to.be.closeTo(mean, mean * 0.012);
      expect(drawn.cv).to.be.closeTo(cv, 0.03);
    });

  it('never ends where it is infinite', () => {
    expect(parse('infinite').draw(() => 0.5)).to.equal(Infinity);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['gamma:3', /is no distribution: write constant:S/],
    ['', /is no distribution/],
    ['exponential', /needs one number of at least 0/],
    ['exponential:-3', /needs one number of at least 0/],
    ['exponential:3,4', /needs one number/],
    ['-5', /needs one number of at least 0/],
    ['uniform:5', /needs 2 numbers/],
    ['uniform:5,3', /ends before it begins/],
    ['lognormal:0,1', /mean must be above 0/],
    ['lognormal:3,x', /needs 2 numbers/],
    ['infinite:3', /takes no number/],
    ['empirical:', /needs the name of a file/],
    ['empirical:bad.txt', /bad\.txt, line 2: "long" is no number of seconds/],
    ['empirical:none.txt', /holds no number/],
    ['empirical:gone.txt', /cannot be read/],
  ];
  for (const [text, message] of refused)
    it(`refuses "${text}"`, () => {
      expect(() => parse(text)).to.throw(DistributionError, message);
    });

  it('repeats itself with the same seed, and differs between seeds and streams', () => {
    const take = (seed: number, stream: number): readonly number[] => {
      const random = randomSeries(seed, stream);
      return [random(), random(), random()];
    };
    expect(take(1, 1)).to.deep.equal(take(1, 1));
    const all = [take(1, 1), take(1, 2), take(2, 1), take(2, 2), take(0, 0)].map(String);
    expect(new Set(all).size).to.equal(all.length);
  });
});
