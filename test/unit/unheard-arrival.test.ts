import { expect } from 'chai';
import { demoDirectory, salesQueue, SwitchboardBench } from '../support/switchboard-bench.js';

describe('a caller who comes in while the connection to the pbx breaks', () => {
  const count = (bench: SwitchboardBench, kind: string): number =>
    bench.kinds().filter((one) => one === kind).length;

  it('is taken when it is back, once, and beside the calls that were there', async () => {
    const bench = new SwitchboardBench(demoDirectory(salesQueue));
    await bench.start();
    const first = await bench.callIn();
    bench.ari.goDown();
    // Asterisk does not know yet that nobody listens: the caller is in the application, and nobody is told.
    const second = bench.ari.arrive({ args: ['trunk', '+442079460110'] });
    await bench.advance(1_000);
    expect(count(bench, 'call-arrived')).to.equal(1);
    bench.ari.comeUp();
    await bench.advance(1_000);
    expect(count(bench, 'call-arrived')).to.equal(2);
    bench.ari.goDown();
    bench.ari.comeUp();
    await bench.advance(1_000);
    expect(count(bench, 'call-arrived')).to.equal(2);
    for (const caller of [first, second]) bench.ari.hangUpFarEnd(caller);
    await bench.advance(20_000);
    expect(count(bench, 'call-ended')).to.equal(2);
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });
});

describe('notes of callers whom the node kept', () => {
  it('are asked for again a moment after the program is back: some hang up just then', async () => {
    const bench = new SwitchboardBench(demoDirectory(salesQueue));
    const asked = (): number =>
      bench.ari.log.filter((line) => line.startsWith('runDialplan')).length;
    await bench.start();
    expect(asked()).to.equal(1);
    await bench.advance(6_000);
    expect(asked()).to.equal(2);
    bench.ari.goDown();
    bench.ari.comeUp();
    await bench.advance(6_000);
    expect(asked()).to.equal(4);
  });
});
