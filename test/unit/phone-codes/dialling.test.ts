import { expect } from 'chai';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import { demoDirectory, SwitchboardBench } from '../../support/switchboard-bench.js';

const id = (n: number): ExtensionId => n as ExtensionId;
const dial = async (b: SwitchboardBench, from: string, to: string): Promise<ChannelId> => {
  const channel = b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
  await b.settle();
  return channel;
};
const rung = (b: SwitchboardBench): string[] =>
  b.ledger.flatMap((e) => (e.kind === 'leg-started' && e.role !== 'caller' ? [e.number] : []));
const clean = (b: SwitchboardBench): void => {
  expect(b.ari.leftovers()).to.deep.equal([]);
  expect(b.calls.size).to.equal(0);
  expect(b.errors).to.deep.equal([]);
};

describe('Short codes', () => {
  const OUTSIDE = '+442079460555';
  const start = (): Promise<SwitchboardBench> =>
    new SwitchboardBench({
      ...demoDirectory(),
      speedDials: new Map([
        ['12', { code: '12', name: 'Bank', number: OUTSIDE }],
        ['13', { code: '13', name: 'Workshop', number: '2002' }],
      ]),
      ownSpeedDials: new Map([
        [id(1), new Map([['12', { code: '12', name: 'Mum', number: '2003' }]])],
      ]),
    }).start();

  it('are calls to the number that they stand for, the own one first', async () => {
    const b = await start();
    b.ari.farEnd(/PJSIP/, { kind: 'answers', afterMs: 100, talkMs: 100 });
    for (const [from, code] of [
      ['2001', '*012'],
      ['2002', '*012'],
      ['2001', '*013#'],
    ] as const) {
      await dial(b, from, code);
      await b.advance(3_000);
    }
    expect(rung(b)).to.deep.equal(['2003', OUTSIDE, '2002']);
    const to = b.ledger.flatMap((e) => (e.kind === 'call-arrived' ? [e.to] : []));
    expect(to).to.deep.equal(['2003', OUTSIDE, '2002']);
    clean(b);
  });

  it('do not lead further than the phone may call, and say so where nothing is stored', async () => {
    const b = await start();
    await dial(b, '2004', '*012');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ result: 'refused' });
    await dial(b, '2004', '*099');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ reason: 'no-speed-dial' });
    expect(rung(b)).to.deep.equal([]);
    clean(b);
  });

  it('and codes do not count as what was dialled last; redialling survives a restart', async () => {
    const b = await start();
    b.ari.farEnd(/PJSIP/, { kind: 'answers', afterMs: 100, talkMs: 100 });
    await dial(b, '2002', '*66');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ reason: 'nothing-dialled' });
    await dial(b, '2002', '*013');
    await b.advance(3_000);
    await dial(b, '2001', '*013');
    await b.advance(3_000);
    await dial(b, '2001', '*78');
    await b.advance(5_000);
    const after = await new SwitchboardBench(b.directory, b).start();
    await dial(after, '2001', '*66');
    await after.advance(3_000);
    expect(rung(after).at(-1)).to.equal('2002');
    clean(after);
  });
});

describe('Being called back when a busy extension is free', () => {
  /** 2003 talks with 2002 and takes one call at a time; 2001 has found it busy. */
  const busyBench = async () => {
    const b = await new SwitchboardBench().start();
    for (const one of [1, 2, 3, 4]) b.handle(id(one), { callWaiting: false });
    b.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 500 });
    const talk = await dial(b, '2002', '2003');
    await b.advance(1_000);
    await dial(b, '2001', '2003');
    await b.advance(6_000);
    expect(b.last('call-ended')).to.include({ result: 'busy' });
    return { b, talk };
  };
  const reason = async (b: SwitchboardBench, from: string): Promise<string> => {
    await dial(b, from, '*37');
    await b.advance(5_000);
    return b.last('call-ended')?.reason ?? '';
  };
  /** As the live picture does every two seconds. */
  const live = async (b: SwitchboardBench, seconds: number): Promise<void> => {
    for (let at = 0; at < seconds; at++) {
      b.busyCallbacks.check();
      await b.advance(1_000);
    }
  };
  const originated = (b: SwitchboardBench): number =>
    b.ari.log.filter((line) => line.startsWith('originate')).length;

  it('rings the phone that asked, then the extension', async () => {
    const { b, talk } = await busyBench();
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    await live(b, 5);
    const before = originated(b);
    b.ari.hangUpFarEnd(talk);
    await live(b, 2);
    // Not at once: whoever has just hung up may dial again.
    expect(originated(b)).to.equal(before);
    await live(b, 6);
    expect(originated(b)).to.equal(before + 2);
    expect(b.ledger.findLast((e) => e.kind === 'call-arrived')).to.include({
      from: '2001',
      to: '2003',
    });
    const [call] = b.calls.values();
    expect(call?.stage.kind).to.equal('talk');
    if (call !== undefined) b.ari.hangUpFarEnd(call.channel);
    await live(b, 10);
    expect(originated(b)).to.equal(before + 2);
    clean(b);
  });

  it('is taken back by the same code, and by the page', async () => {
    const { b, talk } = await busyBench();
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    expect(await reason(b, '2001')).to.equal('busy-callback-off');
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    expect(b.busyCallbacks.cancel(id(1))).to.equal(true);
    expect(b.busyCallbacks.cancel(id(1))).to.equal(false);
    const before = originated(b);
    b.ari.hangUpFarEnd(talk);
    await live(b, 10);
    expect(originated(b)).to.equal(before);
    expect(await reason(b, '2004')).to.equal('busy-callback-none');
    clean(b);
  });

  it('goes to those who asked in the order in which they asked, one at a time', async () => {
    const { b, talk } = await busyBench();
    await dial(b, '2004', '2003');
    await b.advance(6_000);
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    expect(await reason(b, '2004')).to.equal('busy-callback-on');
    b.ari.hangUpFarEnd(talk);
    await live(b, 8);
    const [first] = b.calls.values();
    expect(first?.facts.from).to.equal('2001');
    expect(b.calls.size).to.equal(1);
    if (first !== undefined) b.ari.hangUpFarEnd(first.channel);
    await live(b, 8);
    const [second] = b.calls.values();
    expect(second?.facts.from).to.equal('2004');
    if (second !== undefined) b.ari.hangUpFarEnd(second.channel);
    await live(b, 3);
    clean(b);
  });

  it('waits while the phone that asked is in use or must not be disturbed, and is forgotten after a while', async () => {
    const { b, talk } = await busyBench();
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    b.handle(id(1), { doNotDisturb: true });
    const before = originated(b);
    b.ari.hangUpFarEnd(talk);
    await live(b, 10);
    expect(originated(b)).to.equal(before);
    await b.advance(46 * 60_000);
    b.handle(id(1), { doNotDisturb: false });
    await live(b, 10);
    expect(originated(b)).to.equal(before);
    expect(b.phoneMemory.callbacks.size).to.equal(0);
    clean(b);
  });

  it('survives a restart', async () => {
    const { b, talk } = await busyBench();
    expect(await reason(b, '2001')).to.equal('busy-callback-on');
    b.ari.hangUpFarEnd(talk);
    await b.advance(1_000);
    const after = await new SwitchboardBench(b.directory, b).start();
    expect(after.busyCallbacks.of(id(1))?.callee).to.equal(id(3));
    clean(b);
  });

  it('is a call at once where the extension is free by now', async () => {
    const { b, talk } = await busyBench();
    b.ari.hangUpFarEnd(talk);
    await b.advance(1_000);
    const caller = await dial(b, '2001', '*37');
    await b.advance(2_000);
    expect([...b.calls.values()].map((call) => call.stage.kind)).to.deep.equal(['talk']);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });
});
