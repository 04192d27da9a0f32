import { expect } from 'chai';
import type { ChannelId, ExtensionId, PagingGroupId } from '../../../src/kernel/ids.js';
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

describe('Paging a group of phones', () => {
  const start = (): Promise<SwitchboardBench> =>
    new SwitchboardBench({
      ...demoDirectory(),
      pagingGroupsByNumber: new Map([
        [
          '790',
          { id: 1 as PagingGroupId, name: 'Hall', number: '790', members: [1, 2, 3].map(id) },
        ],
      ]),
    }).start();

  it('is heard at every phone that takes part, and hears none of them', async () => {
    const b = await start();
    for (const number of ['2001', '2002'])
      b.ari.farEnd(`PJSIP/${number}`, { kind: 'answers', afterMs: 200 });
    b.handle(id(3), { doNotDisturb: true });
    const caller = await dial(b, '2004', '790');
    await b.advance(2_000);
    expect(rung(b)).to.deep.equal(['2001', '2002']);
    const [bridge] = b.ari.bridges.values();
    expect(bridge?.channels.size).to.equal(3);
    expect([...b.ari.listeners.values()].flat()).to.have.length(2);
    expect([...b.ari.listeners.values()].flat()).to.not.include(caller);
    expect(b.kinds()).to.include('paged');
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    expect(b.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    expect(b.last('disconnected')?.talkedMs).to.be.within(1_500, 2_500);
    clean(b);
  });

  it('goes on while one phone listens, and is over with the last', async () => {
    const b = await start();
    b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 200, talkMs: 3_000 });
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 200, talkMs: 6_000 });
    b.ari.farEnd('PJSIP/2003', { kind: 'rings' });
    await dial(b, '2004', '790');
    await b.advance(5_000);
    expect(b.calls.size).to.equal(1);
    await b.advance(10_000);
    expect(b.last('call-ended')).to.include({ result: 'answered', reason: 'paging-over' });
    clean(b);
  });

  it('says that nobody answers where no phone is free', async () => {
    const b = await start();
    for (const number of ['2001', '2002', '2003']) b.unregistered.add(number);
    await dial(b, '2004', '790');
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ result: 'no-answer' });
    clean(b);
  });

  it('ends by itself when whoever speaks forgets to hang up', async () => {
    const b = await start();
    b.ari.farEnd(/PJSIP\/200[123]/, { kind: 'answers', afterMs: 200 });
    await dial(b, '2004', '790');
    await b.advance(4 * 60_000);
    expect(b.calls.size).to.equal(1);
    await b.advance(2 * 60_000);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('is no place to send calls to, and none for callers from outside', async () => {
    const b = await start();
    await dial(b, '2001', '*72790');
    await b.advance(8_000);
    expect(b.last('call-ended')?.reason).to.equal('forward-bad-number');
    await b.callIn('790');
    await b.advance(8_000);
    expect(b.last('call-ended')).to.include({ result: 'refused' });
    expect(rung(b)).to.deep.equal([]);
    clean(b);
  });
});

describe('The intercom', () => {
  it('opens a talk with a phone that answers by itself, both ways', async () => {
    const b = await new SwitchboardBench().start();
    b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 100, talkMs: 2_000 });
    await dial(b, '2004', '*802001');
    await b.advance(1_000);
    const [call] = b.calls.values();
    expect(call?.stage.kind).to.equal('talk');
    expect(b.ari.listeners.size).to.equal(0);
    await b.advance(5_000);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('is not for a phone that has a call or must not be disturbed, follows no forward, and needs an extension', async () => {
    const b = await new SwitchboardBench().start();
    const ended = async (code: string): Promise<string> => {
      await dial(b, '2004', code);
      await b.advance(8_000);
      return String(b.last('call-ended')?.result);
    };
    b.handle(id(1), { doNotDisturb: true });
    expect(await ended('*802001')).to.equal('busy');
    const always = { always: '2003', busy: '2003', 'no-answer': '', unregistered: '' };
    b.handle(id(1), { doNotDisturb: false, forwards: always });
    b.unregistered.add('2001');
    expect(await ended('*802001')).to.equal('no-answer');
    expect(await ended('*802999')).to.equal('contained');
    expect(await ended('*80')).to.equal('contained');
    expect(rung(b)).to.deep.equal([]);
    clean(b);
  });
});
