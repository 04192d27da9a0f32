import { expect } from 'chai';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import { SwitchboardBench } from '../../support/switchboard-bench.js';

const id = (n: number): ExtensionId => n as ExtensionId;

describe('Taking a call that rings at a colleague', () => {
  const bench = async (): Promise<SwitchboardBench> => {
    const b = await new SwitchboardBench().start();
    b.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'rings' });
    for (const one of [1, 2, 3]) b.handle(id(one), { pickupGroup: 'office' });
    return b;
  };
  const dial = async (b: SwitchboardBench, from: string, to: string): Promise<ChannelId> => {
    const channel = b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await b.settle();
    return channel;
  };
  const clean = (b: SwitchboardBench): void => {
    expect(b.ari.leftovers()).to.deep.equal([]);
    expect(b.calls.size).to.equal(0);
    expect(b.errors).to.deep.equal([]);
  };
  const stage = (b: SwitchboardBench): readonly string[] =>
    [...b.calls.values()].map((call) => call.stage.kind);

  it('connects the caller with whoever dialled the code of the group, and stops the other phone', async () => {
    const b = await bench();
    const caller = await dial(b, '2004', '2001');
    await b.advance(1_000);
    const taker = await dial(b, '2002', '*8');
    await b.advance(500);
    expect(stage(b)).to.deep.equal(['talk']);
    const [call] = b.calls.values();
    expect([...(call?.legs.keys() ?? [])]).to.deep.equal([taker]);
    expect(b.last('picked-up')).to.include({ number: '2002', from: '2001', name: 'Desk 2' });
    expect(b.ledger.filter((e) => e.kind === 'leg-ended' && e.cause === 26)).to.have.length(1);
    // One call, not two: the phone that took it made none.
    expect(b.ledger.filter((e) => e.kind === 'call-arrived')).to.have.length(1);
    b.ari.hangUpFarEnd(taker);
    await b.advance(1_000);
    expect(b.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
    expect(b.ari.channels.has(caller)).to.equal(false);
    clean(b);
  });

  it('takes what rings longest, and only in the own group', async () => {
    const b = await bench();
    b.handle(id(3), { pickupGroup: 'workshop' });
    const first = await dial(b, '2004', '2003');
    await b.advance(1_000);
    const second = await b.callIn('+442079460110');
    b.ari.press(second, '2');
    await b.advance(1_000);
    const none = await dial(b, '2002', '*8');
    await b.advance(8_000);
    expect(b.last('call-ended')).to.include({ reason: 'nothing-rings' });
    expect(b.ari.channels.has(none)).to.equal(false);
    // By its number anybody's call is taken.
    const taker = await dial(b, '2002', '*82003');
    await b.advance(500);
    expect(b.last('picked-up')).to.include({ from: '2003' });
    expect(b.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
    for (const channel of [taker, first, second])
      if (b.ari.channels.has(channel)) b.ari.hangUpFarEnd(channel);
    await b.advance(30_000);
    clean(b);
  });

  it('is for one of two who dial at once; the other hears that nothing rings', async () => {
    const b = await bench();
    const caller = await dial(b, '2004', '2001');
    await b.advance(1_000);
    const takers = ['2002', '2003'].map((number) =>
      b.ari.arrive({ callerNumber: number, endpoint: number, args: ['phone', '*8'] }),
    );
    await b.advance(10_000);
    expect(b.ledger.filter((e) => e.kind === 'picked-up')).to.have.length(1);
    expect(takers.filter((channel) => b.ari.channels.has(channel))).to.have.length(1);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('comes too late where the phone itself answers in that moment: one has it', async () => {
    const b = await bench();
    b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
    const caller = await dial(b, '2004', '2001');
    await b.advance(1_000);
    const taker = await dial(b, '2002', '*8');
    await b.advance(8_000);
    expect(b.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
    const [call] = b.calls.values();
    expect(call?.legs.size).to.equal(1);
    expect(b.ari.channels.has(taker)).to.equal(b.last('picked-up') !== undefined);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('of a phone that hangs up at once leaves the caller with nobody, and nothing behind', async () => {
    const b = await bench();
    const caller = await dial(b, '2004', '2001');
    await b.advance(1_000);
    const taker = b.ari.arrive({ callerNumber: '2002', endpoint: '2002', args: ['phone', '*8'] });
    b.ari.hangUpFarEnd(taker);
    await b.advance(20_000);
    expect(b.ari.channels.has(caller)).to.equal(false);
    expect(b.last('call-ended')).to.include({ result: 'no-answer' });
    clean(b);
  });

  it('is over when the caller hangs up in the moment of the answer', async () => {
    const b = await bench();
    const caller = await dial(b, '2004', '2001');
    await b.advance(1_000);
    b.ari.arrive({ callerNumber: '2002', endpoint: '2002', args: ['phone', '*8'] });
    b.ari.hangUpFarEnd(caller);
    await b.advance(5_000);
    clean(b);
  });

  it('is not possible for what the own phone rings, or for a code that is nobody', async () => {
    const b = await bench();
    const own = await dial(b, '2002', '2001');
    await b.advance(500);
    for (const code of ['*8', '*82001', '*82999']) await dial(b, '2002', code);
    await b.advance(8_000);
    const reasons = b.ledger.flatMap((e) => (e.kind === 'call-ended' ? [e.reason] : []));
    expect(reasons).to.deep.equal(Array(3).fill('nothing-rings'));
    b.ari.hangUpFarEnd(own);
    await b.advance(1_000);
    clean(b);
  });
});
