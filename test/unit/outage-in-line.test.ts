import { expect } from 'chai';
import { ADA, demoDirectory, salesQueue, SwitchboardBench } from '../support/switchboard-bench.js';

describe('an outage of the pbx in the moment of an agent’s answer', () => {
  it('whose callers are gone afterwards leaves no wait and no offer without an end', async () => {
    const bench = new SwitchboardBench(demoDirectory(salesQueue));
    await bench.start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    bench.ari.failNext('addToBridge', 'unavailable');
    await bench.press(caller, '1');
    const [agent] = bench.ledger.flatMap((event) =>
      event.kind === 'leg-started' && event.role === 'agent' ? [event.leg] : [],
    );
    if (agent === undefined) throw new Error('nobody rings');
    // The connection is lost as soon as the phone is answered; the pbx comes back empty.
    await bench.advance(990);
    const back = bench.advance(15);
    bench.ari.goDown();
    await back;
    for (const channel of [agent, caller])
      if (bench.ari.channels.has(channel)) bench.ari.hangUpFarEnd(channel);
    await bench.advance(2_000);
    bench.ari.comeUp();
    await bench.advance(20_000);
    const count = (kind: string): number => bench.kinds().filter((one) => one === kind).length;
    expect(count('queue-left')).to.equal(count('queue-entered')).and.to.equal(1);
    expect(count('offer-ended')).to.equal(count('offered'));
    expect(bench.last('call-ended')).to.include({ endedBy: 'caller' });
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    expect(bench.calls.size).to.equal(0);
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });
});

describe('a phone that is answered while the connection to the pbx hangs', () => {
  it('is put through when it is back', async () => {
    const bench = new SwitchboardBench(demoDirectory(salesQueue));
    await bench.start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(1_000);
    const phone = bench.last('leg-started')?.leg;
    if (phone === undefined) throw new Error('nobody rings');
    bench.ari.goDown();
    bench.ari.answerFarEnd(phone);
    await bench.advance(1_000);
    expect(bench.roster.state(ADA)?.state).to.equal('ringing');
    bench.ari.comeUp();
    await bench.advance(1_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    expect(bench.kinds().filter((kind) => kind === 'connected')).to.have.length(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(20_000);
    expect(bench.ari.leftovers()).to.deep.equal([]);
  });
});
