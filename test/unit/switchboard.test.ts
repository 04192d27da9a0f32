import { expect } from 'chai';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

describe('Switchboard', () => {
  const start = (queue = {}): Promise<SwitchboardBench> =>
    new SwitchboardBench(demoDirectory({ ...salesQueue, ...queue })).start();

  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.calls.size, 'calls').to.equal(0);
    expect(bench.journal.size, 'journal').to.equal(0);
    expect(bench.errors, 'errors').to.deep.equal([]);
  };

  it('takes a caller from the menu through the line to an agent, records both, and ends clean', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 3_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    expect(bench.roster.state(ADA)?.state).to.equal('ringing');
    await bench.advance(3_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    expect(bench.kinds()).to.include.members(['connected', 'recording-started']);
    await bench.advance(59_800);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(100);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    expect(bench.last('disconnected')?.talkedMs).to.equal(60_000);
    expect(bench.last('recording-ended')?.recordedMs).to.equal(60_000);
    expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
    await bench.advance(10_000);
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    clean(bench);
  });

  it('takes a caller once who comes in just while the program connects, by event and by list', async () => {
    const bench = new SwitchboardBench(demoDirectory(salesQueue));
    const list = bench.ari.listChannels.bind(bench.ari);
    let caller: ReturnType<typeof bench.ari.arrive> | undefined;
    bench.ari.listChannels = () => {
      caller ??= bench.ari.arrive({ args: ['trunk', '+442079460000'] });
      return list();
    };
    await bench.start();
    await bench.advance(100);
    expect(bench.kinds().filter((kind) => kind === 'call-arrived')).to.have.length(1);
    expect(bench.kinds(), 'taken up by nobody else').to.not.include('adopted');
    if (caller !== undefined) bench.ari.hangUpFarEnd(caller);
    await bench.advance(10_000);
    clean(bench);
  });

  it('ends the call when the agent hangs up', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(20_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
    clean(bench);
  });

  it('offers the next agent when the first does not answer, and not the first one again', async () => {
    const bench = await start();
    bench.signIn(ADA);
    await bench.advance(1_000);
    bench.signIn(BEN);
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 2_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(15_500);
    expect(bench.last('offer-ended')).to.include({ agentId: ADA, outcome: 'no-answer' });
    await bench.advance(2_500);
    expect(bench.roster.state(BEN)?.state).to.equal('talking');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(15_000);
    clean(bench);
  });

  it('counts a caller who leaves the line as abandoned and frees the ringing agent', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(5_000);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(100);
    expect(bench.last('queue-left')).to.include({ outcome: 'abandoned' });
    expect(bench.last('offer-ended')).to.include({ outcome: 'caller-left' });
    expect(bench.last('call-ended')).to.include({ result: 'abandoned' });
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    clean(bench);
  });

  it('rings a phone that answered and hung up in one moment as a failed offer, and keeps the place', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    bench.ari.failNext('addToBridge', 'refused');
    await bench.advance(2_000);
    expect(bench.last('offer-ended')).to.include({ outcome: 'failed' });
    expect(bench.kinds()).to.not.include('queue-left');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(40_000);
    clean(bench);
  });

  it('sends a caller on when nobody is signed in, and takes a message', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    expect(bench.last('queue-left')).to.include({
      outcome: 'overflowed',
      reason: 'nobody-signed-in',
    });
    await bench.advance(1_000);
    bench.ari.speak(caller, 10_000);
    await bench.advance(10_000);
    bench.ari.press(caller, '#');
    await bench.advance(200);
    expect(bench.last('voicemail-left')).to.include({ queueId: 1 });
    await bench.advance(20_000);
    expect(bench.last('call-ended')).to.include({ result: 'voicemail' });
    clean(bench);
  });

  it('keeps what a caller said who hangs up in the message', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.press(caller, '3');
    await bench.advance(1_000);
    bench.ari.speak(caller, 4_000);
    await bench.advance(4_000);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(4_000);
    expect(bench.kinds()).to.include('voicemail-left');
    expect(bench.last('call-ended')).to.include({ result: 'voicemail' });
    clean(bench);
  });

  it('repeats the menu after no key and after a wrong one, then says goodbye', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    await bench.press(caller, '7');
    await bench.advance(30_000);
    expect(bench.last('key-pressed')).to.include({ digits: '7', accepted: false });
    expect(bench.last('call-ended')).to.include({ result: 'contained', endedBy: 'system' });
    clean(bench);
  });

  it('tells a caller of an unknown number so, and keeps the call', async () => {
    const bench = await start();
    await bench.callIn('+442079460199');
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({
      result: 'refused',
      reason: 'unknown-did',
      cause: 1,
    });
    clean(bench);
  });

  it('connects two extensions, answering only when the other does', async () => {
    const bench = await start();
    bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 4_000 });
    const caller = bench.ari.arrive({
      callerNumber: '2001',
      endpoint: '2001',
      args: ['phone', '2002'],
    });
    await bench.advance(3_000);
    expect(bench.kinds()).to.not.include('leg-answered');
    await bench.advance(2_000);
    expect(bench.kinds()).to.include('connected');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(100);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
    clean(bench);
  });

  it('plays to the end of a prompt that was playing while the connection was away', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    bench.ari.goDown();
    await bench.advance(3_000);
    bench.ari.comeUp();
    await bench.advance(8_000);
    await bench.press(caller, '3');
    expect(bench.calls.size).to.equal(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(5_000);
    clean(bench);
  });

  it('closes a call whose caller left while the connection was away', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    bench.ari.goDown();
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(3_000);
    bench.ari.comeUp();
    await bench.advance(6_000);
    expect(bench.last('call-ended')).to.include({ result: 'contained' });
    clean(bench);
  });
});
