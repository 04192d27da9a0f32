import { expect } from 'chai';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/simulation/virtual-clock.js';

describe('simulation: virtual clock', () => {
  it('gives things in the order of their times, and those of one time in the order put in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const clock = new VirtualClock<number>();
        times.forEach((at, index) => clock.schedule(at, index));
        const order = times.map((_, index) => index);
        order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
        const got: number[] = [];
        for (let one = clock.next(); one !== undefined; one = clock.next()) {
          got.push(one);
          expect(clock.now).to.equal(times[one]);
        }
        expect(got).to.deep.equal(order);
      }),
    );
  });

  it('never goes back, and leaves out what never happens', () => {
    const clock = new VirtualClock<string>(100);
    clock.schedule(50, 'late');
    clock.schedule(Infinity, 'never');
    clock.schedule(120, 'later');
    expect(clock.length).to.equal(2);
    expect(clock.next()).to.equal('late');
    expect(clock.now).to.equal(100);
    clock.advanceTo(110);
    expect(clock.now).to.equal(110);
    clock.advanceTo(500);
    expect(clock.now).to.equal(120);
    expect(clock.next()).to.equal('later');
    expect(clock.next()).to.equal(undefined);
    expect(clock.nextAt).to.equal(Infinity);
  });
});
