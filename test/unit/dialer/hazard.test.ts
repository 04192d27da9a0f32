import { expect } from 'chai';
import { HazardTable } from '../../../src/engines/dialer/hazard.js';
import { randomSeries } from '../../../src/simulation/random.js';

const edges = Array.from({ length: 30 }, (_, at) => at);

describe('what is learnt of times', () => {
  it('is right although most are not seen to their end', () => {
    const table = new HazardTable(edges, 2, 1e9);
    const random = randomSeries(1, 1);
    // Ends by one cause at a rate of 0.1 a second, by another at 0.05; seen for 3 s only, half of the time.
    for (let i = 0; i < 40_000; i++) {
      const first = -Math.log(random()) / 0.1;
      const second = -Math.log(random()) / 0.05;
      const seen = random() < 0.5 ? 3 : 25;
      const end = Math.min(first, second);
      if (end > seen) table.add(seen, undefined);
      else table.add(end, first < second ? 0 : 1);
    }
    for (const bin of [0, 2, 5, 10]) {
      expect(table.rate(bin, 0)).to.be.closeTo(0.1, 0.01);
      expect(table.rate(bin, 1)).to.be.closeTo(0.05, 0.01);
    }
  });

  it('forgets: what changed is believed after as many observations as are remembered', () => {
    const table = new HazardTable(edges, 1, 200);
    for (let i = 0; i < 2_000; i++) table.add(2.5, 0);
    expect(table.rate(2, 0)).to.be.closeTo(2, 0.01);
    for (let i = 0; i < 1_000; i++) table.add(4.5, 0);
    expect(table.rate(2, 0)).to.be.below(0.05);
    expect(table.rate(4, 0)).to.be.closeTo(2, 0.05);
  });

  it('begins with what is believed', () => {
    const table = new HazardTable(edges, 2, 1_000);
    table.believe(20, [0.01, 0.02], 20);
    expect(table.rate(3, 0)).to.be.closeTo(0.01, 1e-9);
    expect(table.rate(3, 1)).to.be.closeTo(0.02, 1e-9);
    expect(table.rate(25, 0)).to.equal(0);
  });

  it('finds the bin of a time', () => {
    const table = new HazardTable([0, 5, 10, 60], 1, 10);
    expect([0, 4.9, 5, 59, 60, 1e6].map((at) => table.binOf(at))).to.deep.equal([0, 0, 1, 2, 3, 3]);
  });
});
