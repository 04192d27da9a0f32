import { expect } from 'chai';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

/** Ada answers a caller in line, and the program is killed in the moment in which both were bridged, or just before. */
async function killedAtBridging(when: 'before' | 'after') {
  const bench = await new SwitchboardBench(demoDirectory(salesQueue)).start();
  bench.signIn(ADA);
  bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 3_000 });
  const add = bench.ari.addToBridge.bind(bench.ari);
  let isKilled = false;
  bench.ari.addToBridge = async (...given) => {
    const isFirst = !isKilled;
    isKilled = true;
    if (!isFirst) return add(...given);
    if (when === 'after') await add(...given);
    bench.kill();
    return new Promise<never>(() => undefined);
  };
  const caller = await bench.callIn();
  await bench.press(caller, '1');
  await bench.advance(3_000);
  expect(isKilled).to.equal(true);
  const next = new SwitchboardBench(bench.directory, bench);
  return { bench, caller, next };
}

describe('a caller whom an agent answers while the program is killed', () => {
  it('goes on talking where both were bridged, though that was not written down any more', async () => {
    const { next, caller } = await killedAtBridging('after');
    await next.start();
    next.signIn(BEN);
    await next.advance(20_000);
    expect(next.roster.state(ADA)?.state).to.equal('talking');
    expect(next.roster.state(BEN)?.state).to.equal('available');
    next.ari.hangUpFarEnd(caller);
    await next.advance(20_000);
    const kinds = next.kinds();
    for (const kind of ['connected', 'queue-left', 'disconnected', 'call-ended'] as const)
      expect(
        kinds.filter((one) => one === kind),
        kind,
      ).to.have.length(1);
    expect(next.last('queue-left')).to.include({ outcome: 'answered', waitedMs: 3_000 });
    expect(next.last('offer-ended')).to.include({
      agentId: ADA,
      outcome: 'answered',
      rangMs: 3_000,
    });
    expect(next.last('disconnected')?.talkedMs).to.be.within(19_900, 20_300);
    expect(next.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    expect(next.ari.leftovers()).to.deep.equal([]);
    expect(next.journal.size).to.equal(0);
    expect(next.errors).to.deep.equal([]);
  });

  it('is as long as it is known to have lived where the caller left meanwhile', async () => {
    const { next, bench, caller } = await killedAtBridging('after');
    await bench.advance(4_000);
    bench.ari.hangUpFarEnd(caller);
    await next.start();
    await next.advance(1_000);
    expect(next.last('queue-left')).to.include({ outcome: 'answered' });
    expect(next.last('call-ended')).to.include({ result: 'answered', reason: 'ended-while-away' });
    expect(next.ari.leftovers()).to.deep.equal([]);
  });

  it('waits on at the old place where they were not bridged yet', async () => {
    const { next, caller } = await killedAtBridging('before');
    await next.start();
    await next.advance(1_000);
    expect(next.kinds()).to.not.include('connected');
    next.signIn(BEN);
    next.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_000 });
    await next.advance(40_000);
    expect(next.kinds().filter((kind) => kind === 'connected')).to.have.length(1);
    next.ari.hangUpFarEnd(caller);
    await next.advance(20_000);
    expect(next.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    expect(next.ari.leftovers()).to.deep.equal([]);
  });
});
