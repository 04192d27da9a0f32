import { expect } from 'chai';
import type { ExtensionId } from '../../src/kernel/ids.js';
import type { DeskAnswer } from '../../src/telephony/live.js';
import type { PhoneKeyCommand } from '../../src/telephony/phone-keys.js';
import { demoDirectory, SwitchboardBench } from '../support/switchboard-bench.js';

const id = (n: number): ExtensionId => n as ExtensionId;
type WithoutPhone<One> = One extends PhoneKeyCommand ? Omit<One, 'extensionId'> : never;
type Wish = WithoutPhone<PhoneKeyCommand>;

describe("A phone's keys from the page", () => {
  let b: SwitchboardBench;
  /** From the page of whoever sits at 2002. */
  const press = async (wish: Wish): Promise<DeskAnswer> => {
    const answer = await b.desk({ ...wish, extensionId: id(2) });
    await b.settle();
    return answer;
  };
  const codeOf = async (wish: Wish): Promise<string> => {
    const answer = await press(wish);
    return answer.ok ? 'ok' : `${answer.code} ${answer.detail}`.trim();
  };
  const dial = (from: string, to: string) =>
    b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
  const stages = (): readonly string[] => [...b.calls.values()].map((call) => call.stage.kind);

  beforeEach(async () => {
    b = await new SwitchboardBench().start();
    b.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'rings' });
  });
  afterEach(async () => {
    for (const { channel } of b.calls.values())
      if (b.ari.channels.has(channel)) b.ari.hangUpFarEnd(channel);
    await b.advance(60_000);
    expect(b.ari.leftovers()).to.deep.equal([]);
    expect(b.calls.size).to.equal(0);
    expect(b.errors).to.deep.equal([]);
  });

  describe('picking up', () => {
    it('rings the own phone, which has the call when it is lifted', async () => {
      b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
      dial('2004', '2001');
      await b.advance(500);
      expect([...b.calls.values()].map(({ live }) => live.ringsAt)).to.deep.equal([[id(1)]]);
      expect(await codeOf({ kind: 'phone-pick-up', at: '2001' })).to.equal('ok');
      await b.advance(2_000);
      expect(stages()).to.deep.equal(['talk']);
      expect(b.last('picked-up')).to.include({ number: '2002', from: '2001' });
      expect(b.ledger.filter((event) => event.kind === 'call-arrived')).to.have.length(1);
      expect([...b.calls.values()].map(({ live }) => live.ringsAt)).to.deep.equal([undefined]);
    });

    it('stops ringing when somebody else was quicker, or the caller has gone; no call is made of it', async () => {
      b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 3_000, talkMs: 60_000 });
      dial('2004', '2001');
      await b.advance(500);
      expect(await codeOf({ kind: 'phone-pick-up', at: '2001' })).to.equal('ok');
      expect(b.ari.channels.size).to.equal(3);
      await b.advance(4_000);
      expect(b.ari.channels.size).to.equal(2);
      const caller = dial('2004', '2003');
      await b.advance(500);
      expect(await codeOf({ kind: 'phone-pick-up', at: '2003' })).to.equal('ok');
      b.ari.hangUpFarEnd(caller);
      await b.advance(1_000);
      expect(b.ari.channels.size).to.equal(2);
      expect(b.ledger.filter((event) => event.kind === 'call-arrived')).to.have.length(2);
    });

    it('is refused where nothing rings that the key could take', async () => {
      expect(await codeOf({ kind: 'phone-pick-up', at: '2001' })).to.equal('nothing-rings 2001');
      expect(await codeOf({ kind: 'phone-pick-up', at: '' })).to.equal('nothing-rings');
      b.signIn(1 as never);
      await b.callIn('+442079460110').then((channel) => b.press(channel, '1'));
      await b.advance(1_000);
      expect(stages()).to.deep.equal(['queue']);
      expect(await codeOf({ kind: 'phone-pick-up', at: '2001' })).to.equal('nothing-rings 2001');
    });
  });

  it('an intercom rings the own phone, then that of the colleague', async () => {
    b.ari.farEnd(/^PJSIP\/200[23]$/, { kind: 'answers', afterMs: 500, talkMs: 10_000 });
    expect(await codeOf({ kind: 'phone-intercom', number: '2003' })).to.equal('ok');
    await b.advance(2_000);
    expect(stages()).to.deep.equal(['talk']);
    expect(await codeOf({ kind: 'phone-intercom', number: '2004' })).to.equal(
      'phone-has-a-call 2002',
    );
    await b.advance(20_000);
    expect(await codeOf({ kind: 'phone-intercom', number: '2002' })).to.equal(
      'transfer-to-self 2002',
    );
    expect(await codeOf({ kind: 'phone-intercom', number: '77' })).to.equal('unknown-extension 77');
    b.unregistered.add('2002');
    expect(await codeOf({ kind: 'phone-intercom', number: '2003' })).to.equal(
      'phone-not-registered 2002',
    );
  });

  it('only groups that there are can be paged', async () => {
    expect(await codeOf({ kind: 'phone-page', number: '790' })).to.equal('bad-number 790');
  });

  it('dials again what the phone dialled last', async () => {
    expect(await codeOf({ kind: 'phone-redial' })).to.equal('nothing-dialled');
    const first = dial('2002', '2003');
    await b.advance(500);
    b.ari.hangUpFarEnd(first);
    await b.advance(1_000);
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500, talkMs: 10_000 });
    expect(await codeOf({ kind: 'phone-redial' })).to.equal('ok');
    await b.advance(1_000);
    expect([...b.calls.values()].map(({ facts }) => facts.to)).to.deep.equal(['2003']);
  });

  it('calls back when a colleague is free, and at once where that is so already', async () => {
    expect(await codeOf({ kind: 'busy-callback', number: '' })).to.equal('no-extension-dialled');
    expect(await codeOf({ kind: 'busy-callback', number: '2002' })).to.equal(
      'transfer-to-self 2002',
    );
    expect(await press({ kind: 'busy-callback', number: '2003' })).to.deep.equal({
      ...{ ok: true, isDialled: true },
    });
    const busy = dial('2003', '2004');
    await b.advance(30_000);
    const other = dial('2003', '2001');
    await b.advance(100);
    expect(await press({ kind: 'busy-callback', number: '2003' })).to.deep.equal({ ok: true });
    const asked = b.busyCallbacks.of(id(2));
    expect(asked).to.include({ callee: id(3) });
    await b.advance(100);
    await press({ kind: 'busy-callback', number: '2003' });
    expect(b.busyCallbacks.of(id(2))).to.equal(asked);
    for (const channel of [busy, other])
      if (b.ari.channels.has(channel)) b.ari.hangUpFarEnd(channel);
    b.busyCallbacks.cancel(id(2));
  });

  it('does nothing that is switched off', async () => {
    const plain = demoDirectory();
    const off = Object.fromEntries(
      Object.entries(plain.featureCodes).map(([name, code]) => [
        name,
        { ...code, isEnabled: false },
      ]),
    ) as typeof plain.featureCodes;
    b = await new SwitchboardBench({ ...plain, featureCodes: off }).start();
    for (const wish of [
      { kind: 'phone-pick-up', at: '2001' },
      { kind: 'phone-intercom', number: '2001' },
      { kind: 'phone-redial' },
      { kind: 'busy-callback', number: '2001' },
    ] as const)
      expect(await codeOf(wish), wish.kind).to.equal('code-off');
  });
});
