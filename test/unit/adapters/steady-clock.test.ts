import { expect } from 'chai';
import { makeSteadyNow } from '../../../src/adapters/clock/system-clock.js';

const HOUR_MS = 3_600_000;

describe('the clock of the program', () => {
  let wall = 0;
  let monotonic = 0;
  const pass = (ms: number): void => {
    wall += ms;
    monotonic += ms;
  };
  const start = (): (() => number) => {
    wall = 1_800_000_000_000;
    monotonic = 5_000;
    return makeSteadyNow(
      () => wall,
      () => monotonic,
    );
  };

  it('goes with the wall clock', () => {
    const now = start();
    for (let i = 0; i < 100; i++) {
      pass(37);
      expect(now()).to.equal(wall);
    }
  });

  for (const jump of [90_000, -90_000])
    it(`keeps the length of a talk where the wall clock jumps by ${String(jump)} ms, and comes to it in time`, () => {
      const now = start();
      const begun = now();
      wall += jump;
      pass(10_000);
      expect(now() - begun).to.be.closeTo(10_000, 200);
      let before = now();
      for (let i = 0; i < 2 * 3_600; i++) {
        pass(1_000);
        const told = now();
        expect(told).to.be.greaterThan(before);
        before = told;
      }
      expect(now()).to.equal(wall);
    });

  for (const jump of [3 * HOUR_MS, -3 * HOUR_MS])
    it(`follows one that stays away by ${String(jump)} ms after a minute, and not before`, () => {
      const now = start();
      const begun = now();
      wall += jump;
      for (let s = 0; s < 59; s++) {
        pass(1_000);
        expect(now() - begun).to.be.closeTo((s + 1) * 1_000, 1_200);
      }
      pass(2_000);
      expect(now()).to.equal(wall);
    });

  it('does not mind an hour that comes and goes', () => {
    const now = start();
    const begun = now();
    wall += HOUR_MS;
    pass(10_000);
    now();
    wall -= HOUR_MS;
    pass(10_000);
    expect(now() - begun).to.be.closeTo(20_000, 400);
  });

  it('says the same where no time passes, however the wall clock goes', () => {
    const now = start();
    const told = now();
    wall += 60_000;
    expect(now()).to.equal(told);
  });
});
