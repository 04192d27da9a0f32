import { expect } from 'chai';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import type { DirectorySnapshot } from '../../../src/telephony/directory.js';
import { DEFAULT_PARKING } from '../../../src/telephony/parking.js';
import { ADA, demoDirectory, SALES, SwitchboardBench } from '../../support/switchboard-bench.js';

const PARK = { kind: 'park', slot: '' } as const;
const id = (n: number): ExtensionId => n as ExtensionId;
const start = (changes: Partial<DirectorySnapshot> = {}): Promise<SwitchboardBench> =>
  new SwitchboardBench({ ...demoDirectory(), ...changes }).start();
const dial = async (b: SwitchboardBench, from: string, to: string): Promise<ChannelId> => {
  const channel = b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
  await b.settle();
  return channel;
};
const slots = (b: SwitchboardBench): string[] =>
  [...b.calls.values()].flatMap(({ live }) => live.parked?.slot ?? []);
const peers = (b: SwitchboardBench, channel: ChannelId): readonly ChannelId[] =>
  [...b.ari.bridges.values()]
    .filter(({ channels }) => channels.has(channel))
    .flatMap(({ channels }) => [...channels].filter((other) => other !== channel));
const legTo = (b: SwitchboardBench, number: string): ChannelId => {
  const found = [...b.ari.channels.values()].findLast(({ name }) =>
    name.startsWith(`PJSIP/${number}-`),
  );
  if (found === undefined) throw new Error(`no leg to ${number}`);
  return found.id;
};
const clean = (b: SwitchboardBench): void => {
  expect(b.ari.leftovers()).to.deep.equal([]);
  expect(b.calls.size).to.equal(0);
  expect(b.journal.size).to.equal(0);
  expect(b.errors).to.deep.equal([]);
};

/** Somebody at 2004 calls 2002, who answers. */
async function talk(b: SwitchboardBench, from = '2004', to = '2002') {
  b.ari.farEnd(`PJSIP/${to}`, { kind: 'answers', afterMs: 500 });
  const caller = await dial(b, from, to);
  await b.advance(1_000);
  const callee = legTo(b, to);
  expect(peers(b, caller)).to.deep.equal([callee]);
  return { caller, callee };
}

describe('Parking a call', () => {
  it('by the phone that has it on hold: the code says where, and any phone takes the call from there', async () => {
    const b = await start();
    const { caller, callee } = await talk(b);
    b.ari.hold(callee);
    await b.settle();
    const second = await dial(b, '2002', '*5');
    await b.advance(100);
    expect(b.ari.channels.has(callee)).to.equal(false);
    expect(slots(b)).to.deep.equal(['7001']);
    expect(b.ari.channels.get(caller)?.music).to.equal('default');
    expect(b.last('parked')).to.include({ slot: '7001', by: callee, via: 'phone', extensionId: 2 });
    await b.advance(10_000);
    expect(b.ari.channels.has(second)).to.equal(false);
    expect(b.last('call-ended')).to.include({ reason: 'parked' });
    const taker = await dial(b, '2003', '7001');
    await b.advance(200);
    expect(peers(b, caller)).to.deep.equal([taker]);
    expect(b.ari.channels.get(caller)?.music).to.equal(undefined);
    expect(b.last('retrieved')).to.include({ slot: '7001', number: '2003', leg: taker });
    expect(slots(b)).to.deep.equal([]);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    expect(b.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    expect(b.kinds()).to.not.include('transferred');
    clean(b);
  });

  it('by sending it on to the code or to a slot: the phone hears where before it is put on the hook', async () => {
    for (const [to, slot] of [
      ['*5', '7001'],
      ['7004', '7004'],
    ] as const) {
      const b = await start();
      const { caller, callee } = await talk(b);
      b.ari.refer(callee, to);
      await b.advance(50);
      expect(b.ari.channels.get(caller)?.music).to.equal('default');
      expect(b.ari.channels.get(callee)?.referrals).to.deep.equal([]);
      expect(peers(b, callee)).to.deep.equal([]);
      await b.advance(5_000);
      expect(b.ari.channels.has(callee)).to.equal(false);
      expect(slots(b)).to.deep.equal([slot]);
      b.ari.hangUpFarEnd(caller);
      await b.advance(1_000);
      expect(b.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
      clean(b);
    }
  });

  it('by the caller: the one who was called waits', async () => {
    const b = await start();
    const { caller, callee } = await talk(b);
    b.ari.refer(caller, '*5');
    await b.advance(5_000);
    expect(b.ari.channels.has(caller)).to.equal(false);
    expect(b.ari.channels.get(callee)?.music).to.equal('default');
    const taker = await dial(b, '2003', '7001');
    await b.advance(200);
    expect(peers(b, callee)).to.deep.equal([taker]);
    b.ari.hangUpFarEnd(taker);
    await b.advance(1_000);
    clean(b);
  });

  it('comes back to whoever parked it when nobody takes it, and from there to the line that it came by', async () => {
    const b = await start();
    b.signIn(ADA);
    b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 500 });
    const caller = await b.callIn();
    await b.press(caller, '1');
    await b.advance(2_000);
    const answer = b.desk({
      kind: 'agent-talk',
      agentId: ADA,
      command: { kind: 'transfer', target: PARK },
    });
    await b.advance(5_000);
    expect(await answer).to.deep.equal({ ok: true });
    expect(b.roster.state(ADA)?.state).to.equal('wrap-up');
    expect(slots(b)).to.deep.equal(['7001']);
    b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    await b.advance(DEFAULT_PARKING.timeoutMs + 3_000);
    expect(b.last('transfer-returned')).to.include({ to: '7001', reason: 'park-timeout' });
    const ringing = legTo(b, '2001');
    expect(b.ari.channels.get(ringing)?.callerName).to.contain('↩ 7001');
    await b.advance(40_000);
    const entry = b.ledger.filter(({ kind }) => kind === 'queue-entered').at(-1);
    expect(entry).to.include({ queueId: SALES });
    b.ari.hangUpFarEnd(caller);
    await b.advance(20_000);
    clean(b);
  });

  it('twice gives two slots; a slot where somebody waits takes nobody else', async () => {
    const b = await start();
    const first = await talk(b, '2004', '2002');
    const second = await talk(b, '2001', '2003');
    b.ari.refer(first.callee, '*5');
    b.ari.refer(second.callee, '7001');
    await b.advance(50);
    // Refused in the moment in which the other was on its way there.
    expect(b.ari.channels.get(second.callee)?.referrals).to.deep.equal(['declined']);
    expect(peers(b, second.caller)).to.deep.equal([second.callee]);
    expect(b.last('refused')).to.include({ reason: 'transfer-slot-taken' });
    b.ari.refer(second.callee, '*5');
    await b.advance(5_000);
    expect(slots(b)).to.have.members(['7001', '7002']);
    b.ari.hangUpFarEnd(first.caller);
    b.ari.hangUpFarEnd(second.caller);
    await b.advance(1_000);
    clean(b);
  });

  it('is refused where all slots are taken, or there are none; the talk goes on', async () => {
    for (const parking of [
      { ...DEFAULT_PARKING, slots: 1 },
      { ...DEFAULT_PARKING, isEnabled: false },
    ]) {
      const b = await start({ parking });
      const first = await talk(b, '2004', '2002');
      const second = await talk(b, '2001', '2003');
      b.ari.refer(first.callee, '*5');
      await b.advance(5_000);
      expect(slots(b)).to.have.length(parking.isEnabled ? 1 : 0);
      b.ari.hold(second.callee);
      await b.settle();
      await dial(b, '2003', '*5');
      await b.advance(5_000);
      expect(b.last('call-ended')).to.include({ reason: 'no-free-slot' });
      b.ari.unhold(second.callee);
      await b.settle();
      expect(peers(b, second.caller)).to.deep.equal([second.callee]);
      b.ari.hangUpFarEnd(first.caller);
      b.ari.hangUpFarEnd(second.caller);
      await b.advance(1_000);
      clean(b);
    }
  });

  it('leaves a number alone that something else has', async () => {
    const b = await start({ parking: { ...DEFAULT_PARKING, firstSlot: 2003 } });
    const { caller, callee } = await talk(b);
    b.ari.refer(callee, '*5');
    await b.advance(5_000);
    expect(slots(b)).to.deep.equal(['2005']);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('with nothing on hold, or from a slot where nobody waits, says so', async () => {
    const b = await start();
    await dial(b, '2001', '*5');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ reason: 'nothing-to-park' });
    await dial(b, '2001', '7009');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ reason: 'nothing-parked' });
    clean(b);
  });

  it('is taken by one of two phones that dial at once; the other hears that nobody is there', async () => {
    const b = await start();
    const { caller, callee } = await talk(b);
    b.ari.refer(callee, '*5');
    await b.advance(5_000);
    const takers = ['2001', '2003'].map((from) =>
      b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', '7001'] }),
    );
    await b.advance(5_000);
    expect(peers(b, caller)).to.deep.equal([takers[0]]);
    expect(b.last('call-ended')).to.include({ reason: 'nothing-parked' });
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('is still there when the phone that wanted it has hung up at once', async () => {
    const b = await start();
    const { caller, callee } = await talk(b);
    b.ari.refer(callee, '*5');
    await b.advance(5_000);
    b.ari.failNext('answer', 'gone');
    await dial(b, '2003', '7001');
    await b.advance(1_000);
    expect(slots(b)).to.deep.equal(['7001']);
    expect(b.ari.channels.get(caller)?.music).to.equal('default');
    const taker = await dial(b, '2001', '7001');
    await b.advance(1_000);
    expect(peers(b, caller)).to.deep.equal([taker]);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('waits on over a restart of the program, no longer than it would have', async () => {
    const before = await start();
    const { caller, callee } = await talk(before);
    before.ari.refer(callee, '*5');
    await before.advance(40_000);
    before.kill();
    const b = await new SwitchboardBench(demoDirectory(), before).start();
    await b.advance(100);
    expect(slots(b)).to.deep.equal(['7001']);
    expect(b.ari.channels.get(caller)?.music).to.equal('default');
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500 });
    await b.advance(30_000);
    expect(b.last('transfer-returned')).to.include({ extensionId: id(2), reason: 'park-timeout' });
    expect(peers(b, caller)).to.deep.equal([legTo(b, '2002')]);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    expect(b.errors).to.deep.equal([]);
    expect([...b.ari.channels.keys()]).to.deep.equal([]);
  });
});
