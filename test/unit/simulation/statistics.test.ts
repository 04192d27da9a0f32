import { expect } from 'chai';
import { studentQuantile } from '../../../src/engines/reporting/intervals.js';
import { covers99, estimate } from '../../../src/simulation/statistics.js';

describe('simulation: statistics', () => {
  it("knows Student's table", () => {
    // Two-sided 95 and 99 %, by degrees of freedom.
    const table = [
      [1, 12.7062, 63.6567],
      [2, 4.3027, 9.9248],
      [3, 3.1824, 5.8409],
      [4, 2.7764, 4.6041],
      [9, 2.2622, 3.2498],
      [19, 2.093, 2.8609],
      [30, 2.0423, 2.75],
      [1000, 1.9623, 2.5808],
    ] as const;
    for (const [degrees, t95, t99] of table) {
      expect(studentQuantile(0.95, degrees)).to.be.closeTo(t95, 0.0001);
      expect(studentQuantile(0.99, degrees)).to.be.closeTo(t99, 0.0001);
    }
  });

  it('gives the mean and the intervals around it', () => {
    const of = estimate([1, 2, 3, 4, 5]);
    expect(of?.mean).to.equal(3);
    const half = (2.7764451 * Math.sqrt(2.5)) / Math.sqrt(5);
    expect(of?.ci95?.[1]).to.be.closeTo(3 + half, 1e-6);
    expect(of !== undefined && covers99(of, 5)).to.equal(true);
    expect(of !== undefined && covers99(of, 7)).to.equal(false);
  });

  it('says nothing of the error of a single replication, and nothing of no value', () => {
    expect(estimate([7])).to.deep.equal({ mean: 7 });
    expect(estimate([NaN])).to.equal(undefined);
    expect(estimate([NaN, 4])).to.deep.equal({ mean: 4 });
  });
});
