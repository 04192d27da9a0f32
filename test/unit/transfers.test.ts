import { expect } from 'chai';
import { PLAIN_HANDLING, type CallHandling } from '../../src/engines/reach/reach.js';
import type { ChannelId, ExtensionId, QueueId } from '../../src/kernel/ids.js';
import type { DeskAnswer } from '../../src/telephony/live.js';
import type { TalkCommand } from '../../src/telephony/calls/talk-desk.js';
import {
  ADA,
  BEN,
  CALLER,
  demoDirectory,
  MENU,
  SALES,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const EXTENSION = (id: number) => ({ kind: 'extension', id: id as ExtensionId }) as const;
const forwards = (changes: Partial<CallHandling['forwards']>): CallHandling => ({
  ...PLAIN_HANDLING,
  forwards: { ...PLAIN_HANDLING.forwards, ...changes },
});
const OUTSIDE = '+442079460555';

describe('Transfers', () => {
  const start = (queue = {}): Promise<SwitchboardBench> =>
    new SwitchboardBench(demoDirectory({ ...salesQueue, ...queue })).start();

  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.calls.size, 'calls').to.equal(0);
    expect(bench.journal.size, 'journal').to.equal(0);
    expect(bench.errors, 'errors').to.deep.equal([]);
    expect(bench.healed, 'healed').to.deep.equal([]);
    expect(bench.roster.illegalEvents, 'illegal events').to.equal(0);
  };

  /** Ada talks with a caller who came by the queue. */
  async function talk(queue = {}): Promise<{
    bench: SwitchboardBench;
    caller: ChannelId;
    ada: ChannelId;
  }> {
    const bench = await start(queue);
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(2_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    const ada = [...bench.ari.channels.keys()].find((id) => id.endsWith('-agent'));
    if (ada === undefined) throw new Error('no leg');
    return { bench, caller, ada };
  }

  async function ask(
    bench: SwitchboardBench,
    command: TalkCommand,
    agentId = ADA,
  ): Promise<DeskAnswer> {
    const answer = bench.desk({ kind: 'agent-talk', agentId, command });
    await bench.settle();
    return answer;
  }
  const refusal = async (bench: SwitchboardBench, command: TalkCommand): Promise<string> => {
    const answer = await ask(bench, command);
    return answer.ok ? 'ok' : answer.code;
  };

  /** Who is bridged with a channel. */
  const peers = (bench: SwitchboardBench, channel: ChannelId): readonly ChannelId[] =>
    [...bench.ari.bridges.values()]
      .filter(({ channels }) => channels.has(channel))
      .flatMap(({ channels }) => [...channels].filter((other) => other !== channel));
  const legTo = (bench: SwitchboardBench, number: string): ChannelId => {
    const found = [...bench.ari.channels.values()].findLast(
      ({ name }) => name.startsWith(`PJSIP/${number}-`) || name.startsWith(`PJSIP/${number}@`),
    );
    if (found === undefined) throw new Error(`no leg to ${number}`);
    return found.id;
  };

  describe('blind', () => {
    it('to an extension: the agent is free at once, the caller talks with the other', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 3_000 });
      await bench.advance(10_000);
      expect(await ask(bench, { kind: 'transfer', target: EXTENSION(3) })).to.deep.equal({
        ok: true,
      });
      expect(bench.ari.channels.has(ada)).to.equal(false);
      expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
      expect([...bench.calls.values()][0]?.live.transfer).to.deep.equal({ to: '2003 Desk 3' });
      await bench.advance(4_000);
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2003')]);
      expect([...bench.calls.values()][0]?.live).to.not.have.property('transfer');
      await bench.advance(5_000);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(15_000);
      expect(bench.last('transferred')).to.deep.include({
        how: 'blind',
        via: 'page',
        agentId: ADA,
        to: { kind: 'extension', id: 3, number: '2003', name: 'Desk 3' },
      });
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
      const parts = bench.ledger.filter(({ kind }) => kind === 'recording-ended');
      const talks = bench.ledger.flatMap((e) => (e.kind === 'disconnected' ? [e.talkedMs] : []));
      expect(parts.map((e) => (e.kind === 'recording-ended' ? e.recordedMs : 0))).to.deep.equal(
        talks,
      );
      clean(bench);
    });

    it('goes on where the extension forwards to, and comes back from there', async () => {
      const { bench, caller } = await talk();
      bench.handle(EXTENSION(3).id, forwards({ 'no-answer': '2002' }));
      bench.ari.farEnd('PJSIP/2003', { kind: 'rings' });
      bench.ari.farEnd('PJSIP/2002', { kind: 'busy', afterMs: 500 });
      await ask(bench, { kind: 'transfer', target: EXTENSION(3) });
      await bench.advance(35_000);
      expect(bench.last('forwarded')).to.include({ number: '2003', to: '2002', why: 'no-answer' });
      expect(bench.last('transfer-returned')).to.include({ to: '2003 Desk 3', reason: 'busy' });
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2001')]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(15_000);
      clean(bench);
    });

    it('comes back at once from an extension on do not disturb', async () => {
      const { bench, caller } = await talk();
      bench.handle(EXTENSION(3).id, { ...PLAIN_HANDLING, doNotDisturb: true });
      await ask(bench, { kind: 'transfer', target: EXTENSION(3) });
      await bench.advance(1_500);
      expect(bench.last('transfer-returned')).to.include({ reason: 'do-not-disturb' });
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2001')]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(15_000);
      clean(bench);
    });

    it('by a phone that called: nobody takes it, and that phone rings again', async () => {
      const bench = await start();
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500 });
      bench.ari.farEnd('PJSIP/2003', { kind: 'busy', afterMs: 500 });
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 500 });
      bench.signIn(ADA);
      const own = bench.ari.arrive({
        ...{ callerNumber: '2001', endpoint: '2001', args: ['phone', '2002'] },
      });
      await bench.advance(2_000);
      const other = legTo(bench, '2002');
      expect(peers(bench, own)).to.deep.equal([other]);
      expect(await ask(bench, { kind: 'transfer', target: EXTENSION(3) })).to.deep.equal({
        ok: true,
      });
      await bench.advance(2_000);
      expect(bench.last('transfer-returned')).to.include({ to: '2003 Desk 3', reason: 'busy' });
      expect(peers(bench, other)).to.deep.equal([legTo(bench, '2001')]);
      bench.ari.hangUpFarEnd(other);
      await bench.advance(15_000);
      clean(bench);
    });

    it('comes back to the agent where nobody takes it, with the reason shown', async () => {
      const { bench, caller } = await talk();
      bench.ari.farEnd('PJSIP/2003', { kind: 'busy', afterMs: 500 });
      await ask(bench, { kind: 'transfer', target: EXTENSION(3) });
      await bench.advance(800);
      expect(bench.last('transfer-returned')).to.include({ to: '2003 Desk 3', reason: 'busy' });
      const again = legTo(bench, '2001');
      expect(bench.ari.channels.get(again)?.callerName).to.equal(`↩ 2003 Desk 3 · ${CALLER}`);
      await bench.advance(1_000);
      expect(peers(bench, caller)).to.deep.equal([again]);
      expect([...bench.calls.values()][0]?.live.transfer).to.deep.equal({
        to: '2003 Desk 3',
        returned: 'busy',
      });
      bench.ari.hangUpFarEnd(again);
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
      clean(bench);
    });

    it('goes back into line where the agent does not take it back either', async () => {
      const { bench, caller } = await talk();
      bench.ari.farEnd('PJSIP/2003', { kind: 'rings' });
      await ask(bench, { kind: 'transfer', target: EXTENSION(3) });
      bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      await bench.advance(21_000);
      expect(bench.last('transfer-returned')).to.include({ reason: 'no-answer' });
      await bench.advance(21_000);
      expect(bench.ledger.filter(({ kind }) => kind === 'queue-entered')).to.have.length(2);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(40_000);
      // Somebody has talked with the caller: the call is an answered one.
      expect(bench.last('queue-left')).to.include({ outcome: 'abandoned' });
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
      clean(bench);
    });

    it('to an outside number, with the permission of the agent’s phone, and back when it is busy', async () => {
      const { bench, caller } = await talk();
      bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'busy', afterMs: 500 });
      await ask(bench, { kind: 'transfer', target: { kind: 'number', number: '020 7946 0555' } });
      await bench.advance(2_000);
      expect(bench.last('transfer-returned')).to.include({ to: OUTSIDE, reason: 'busy' });
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2001')]);
      bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers', afterMs: 500 });
      await ask(bench, { kind: 'transfer', target: { kind: 'number', number: OUTSIDE } });
      await bench.advance(1_000);
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, OUTSIDE)]);
      expect([...bench.calls.values()][0]?.trunks).to.deep.equal([1, 1]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('to a queue and to a flow at once', async () => {
      const { bench, caller } = await talk();
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_000 });
      bench.signIn(BEN);
      await ask(bench, { kind: 'transfer', target: { kind: 'queue', id: SALES } });
      await bench.advance(1_500);
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2002')]);
      expect(
        await ask(bench, { kind: 'transfer', target: { kind: 'flow', id: MENU } }, BEN),
      ).to.include({
        ok: true,
      });
      expect([...bench.calls.values()][0]?.stage.kind).to.equal('ivr');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered' });
      clean(bench);
    });

    it('is refused with the reason, and the talk goes on', async () => {
      const { bench, caller, ada } = await talk();
      const to = (
        target: Parameters<typeof ask>[1] extends infer C
          ? C extends { target: infer T }
            ? T
            : never
          : never,
      ) => refusal(bench, { kind: 'transfer', target });
      expect(await to(EXTENSION(1))).to.equal('transfer-to-self');
      expect(await to({ kind: 'number', number: '2001' })).to.equal('transfer-to-self');
      expect(await to(EXTENSION(99))).to.equal('unknown-extension');
      expect(await to({ kind: 'queue', id: 99 as QueueId })).to.equal('unknown-queue');
      expect(await to({ kind: 'flow', id: 99 })).to.equal('unknown-flow');
      expect(await to({ kind: 'number', number: 'abc' })).to.equal('bad-number');
      expect(await to({ kind: 'number', number: '*11' })).to.equal('bad-number');
      expect(await to({ kind: 'number', number: '' })).to.equal('bad-number');
      expect(await to({ kind: 'number', number: '+8613800138000' })).to.equal('not-permitted');
      expect(await to({ kind: 'number', number: CALLER })).to.equal('transfer-to-caller');
      bench.isOpen = false;
      expect(await to({ kind: 'queue', id: SALES })).to.equal('queue-closed');
      expect(peers(bench, caller)).to.deep.equal([ada]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      expect(await to(EXTENSION(3))).to.equal('no-call');
      clean(bench);
    });

    it('to a queue that is full is refused, and so is any while another one is under way', async () => {
      const { bench, caller, ada } = await talk({ maxLength: 1, members: [ADA] });
      const waiting = await bench.callIn('+442079460110', '+442079460998');
      await bench.press(waiting, '1');
      await bench.advance(500);
      expect(
        await refusal(bench, { kind: 'transfer', target: { kind: 'queue', id: SALES } }),
      ).to.equal('queue-full');
      expect(peers(bench, caller)).to.deep.equal([ada]);
      bench.ari.farEnd('PJSIP/2003', { kind: 'rings' });
      expect(await refusal(bench, { kind: 'transfer', target: EXTENSION(3) })).to.equal('ok');
      // The call is on its way: nobody has it any more who could send it on once more.
      expect(await refusal(bench, { kind: 'transfer', target: EXTENSION(2) })).to.equal('no-call');
      for (const channel of [caller, waiting]) bench.ari.hangUpFarEnd(channel);
      await bench.advance(20_000);
      clean(bench);
    });

    it('of a call that the agent dialled: whoever remains is the one whom it is about', async () => {
      const bench = await start();
      bench.signIn(ADA);
      bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers', afterMs: 1_000 });
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 1_000 });
      const phone = bench.ari.arrive({
        callerNumber: '2001',
        endpoint: '2001',
        args: ['phone', OUTSIDE],
      });
      await bench.advance(3_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
      await ask(bench, { kind: 'transfer', target: EXTENSION(3) });
      expect(bench.ari.channels.has(phone)).to.equal(false);
      expect(bench.last('anchored')).to.include({ number: OUTSIDE });
      const leg = legTo(bench, '2003');
      expect(bench.ari.channels.get(leg)?.callerNumber).to.equal(OUTSIDE);
      await bench.advance(2_000);
      expect(peers(bench, leg)).to.deep.equal([legTo(bench, OUTSIDE)]);
      expect([...bench.calls.values()][0]?.live.about).to.deep.equal({ number: OUTSIDE, name: '' });
      await bench.advance(2_000);
      bench.ari.hangUpFarEnd(legTo(bench, OUTSIDE));
      await bench.advance(2_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
      const ends = bench.ledger.filter(({ kind }) => kind === 'leg-ended');
      expect(ends, 'each leg ends once').to.have.length(3);
      clean(bench);
    });
  });

  describe('with a phone’s own key', () => {
    it('blind: the phone is told, and the caller goes on', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 1_000 });
      const phone = bench.ari.channels.get(ada);
      bench.ari.refer(ada, '2003');
      await bench.advance(1_500);
      expect(phone?.referrals).to.deep.equal(['answered']);
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2003')]);
      expect(bench.last('transferred')).to.include({ how: 'blind', via: 'phone' });
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('blind to where it may not go: declined, and they talk on', async () => {
      const { bench, caller, ada } = await talk();
      const phone = bench.ari.channels.get(ada);
      bench.ari.refer(ada, '+8613800138000');
      await bench.advance(100);
      expect(phone?.referrals).to.deep.equal(['declined']);
      expect(peers(bench, caller)).to.deep.equal([ada]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('is declined where nobody talks', async () => {
      const bench = await start();
      const phone = bench.ari.arrive({
        callerNumber: '2001',
        endpoint: '2001',
        args: ['phone', '2003'],
      });
      bench.ari.farEnd('PJSIP/2003', { kind: 'rings' });
      await bench.advance(500);
      const channel = bench.ari.channels.get(phone);
      bench.ari.refer(phone, '2002');
      await bench.advance(100);
      expect(channel?.referrals).to.deep.equal(['declined']);
      bench.ari.hangUpFarEnd(phone);
      await bench.advance(10_000);
      clean(bench);
    });

    it('a hold in the moment in which both are bridged is heeded', async () => {
      const bench = await start();
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers' });
      bench.signIn(ADA);
      const addToBridge = bench.ari.addToBridge.bind(bench.ari);
      let agent: ChannelId | undefined;
      bench.ari.addToBridge = async (bridge, channels) => {
        await addToBridge(bridge, channels);
        const answered = channels.find((id) => id.endsWith('-agent'));
        if (answered === undefined || agent !== undefined) return;
        agent = answered;
        bench.ari.hold(answered);
      };
      const caller = await bench.callIn();
      await bench.press(caller, '1');
      await bench.advance(1_000);
      expect(agent).not.to.equal(undefined);
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(12_000);
      clean(bench);
    });

    it('attended: whom the phone asked in a call of its own takes its place, and both calls tell', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_000 });
      bench.signIn(BEN);
      bench.ari.hold(ada);
      await bench.settle();
      const second = bench.ari.arrive({
        callerNumber: '2001',
        endpoint: '2001',
        args: ['phone', '2002'],
      });
      await bench.advance(2_000);
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      const ben = legTo(bench, '2002');
      expect(peers(bench, second)).to.deep.equal([ben]);
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      const phone = bench.ari.channels.get(ada);
      const first = [...bench.calls.values()][0];
      bench.ari.refer(ada, '2002', second);
      await bench.advance(500);
      expect(phone?.referrals).to.deep.equal(['answered']);
      expect(bench.ari.channels.has(ada)).to.equal(false);
      expect(bench.ari.channels.has(second)).to.equal(false);
      expect(peers(bench, caller)).to.deep.equal([ben]);
      expect(bench.roster.state(BEN)).to.include({ state: 'talking', call: first?.id });
      expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
      expect(bench.calls.size).to.equal(1);
      const joined = bench.ledger.filter(({ kind }) => kind === 'calls-joined');
      expect(new Set(joined.map(({ callId }) => callId)).size).to.equal(2);
      bench.ari.hangUpFarEnd(ben);
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
      clean(bench);
    });

    it('attended before the other answered: the caller goes where the phone had called', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 5_000 });
      const second = bench.ari.arrive({
        callerNumber: '2001',
        endpoint: '2001',
        args: ['phone', '2002'],
      });
      await bench.advance(1_000);
      bench.ari.refer(ada, '2002', second);
      await bench.advance(6_000);
      expect(bench.ari.channels.has(second)).to.equal(false);
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, '2002')]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });
  });

  describe('consults', () => {
    const music = (bench: SwitchboardBench, channel: ChannelId): string | undefined =>
      bench.ari.channels.get(channel)?.music;

    async function consulting(queue = {}) {
      const started = await talk(queue);
      const { bench } = started;
      bench.signIn(BEN);
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 2_000 });
      await ask(bench, { kind: 'consult', target: EXTENSION(2) });
      return { ...started, ben: legTo(bench, '2002') };
    }

    it('lets the caller hear music, the agent hear ringing, then the two talk alone', async () => {
      const { bench, caller, ada, ben } = await consulting();
      expect(music(bench, caller)).to.equal('default');
      expect(bench.ari.channels.get(ada)?.ringing).to.equal(true);
      expect(bench.ari.channels.get(ben)?.callerNumber).to.equal('2001');
      expect(peers(bench, caller)).to.deep.equal([]);
      await bench.advance(2_500);
      expect(peers(bench, ada)).to.deep.equal([ben]);
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      expect(music(bench, caller)).to.equal('default');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(100);
      // The caller gave up: the two talk on, and the call is theirs now.
      expect(peers(bench, ada)).to.deep.equal([ben]);
      bench.ari.hangUpFarEnd(ben);
      await bench.advance(20_000);
      expect(bench.ledger.filter(({ kind }) => kind === 'call-ended')).to.have.length(1);
      clean(bench);
    });

    it('swaps, and completes: the caller is with the other, both calls of the agents are counted', async () => {
      const { bench, caller, ada, ben } = await consulting();
      await bench.advance(12_000);
      expect(await ask(bench, { kind: 'swap' })).to.deep.equal({ ok: true });
      expect(peers(bench, ada)).to.deep.equal([caller]);
      expect(music(bench, ben)).to.equal('default');
      expect(music(bench, caller)).to.equal(undefined);
      await bench.advance(5_000);
      await ask(bench, { kind: 'swap' });
      expect(peers(bench, ada)).to.deep.equal([ben]);
      await bench.advance(3_000);
      await ask(bench, { kind: 'complete' });
      expect(peers(bench, caller)).to.deep.equal([ben]);
      expect(bench.ari.channels.has(ada)).to.equal(false);
      expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      await bench.advance(10_000);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      expect(bench.last('transferred')).to.deep.include({
        ...{ how: 'consult', via: 'page', agentId: ADA },
        to: { kind: 'extension', id: 2, number: '2002', name: 'Desk 2' },
      });
      const holds = bench.ledger.filter(({ kind }) => kind === 'held' || kind === 'resumed');
      expect(holds.map(({ kind }) => kind)).to.deep.equal(['held', 'resumed', 'held', 'resumed']);
      // One recording through all of it, as long as the talk.
      const parts = bench.ledger.filter(({ kind }) => kind === 'recording-ended');
      expect(parts).to.have.length(1);
      expect(bench.last('recording-ended')?.recordedMs).to.equal(
        bench.last('disconnected')?.talkedMs,
      );
      clean(bench);
    });

    it('takes the caller back when the other does not answer, hangs up, or is dropped', async () => {
      const { bench, caller, ada } = await talk();
      for (const kind of ['busy', 'declines'] as const) {
        bench.ari.farEnd('PJSIP/2003', { kind, afterMs: 500 });
        await ask(bench, { kind: 'consult', target: EXTENSION(3) });
        expect(peers(bench, ada)).to.deep.equal([]);
        await bench.advance(1_000);
        expect(peers(bench, ada)).to.deep.equal([caller]);
        const outcome = kind === 'busy' ? 'busy' : 'declined';
        expect([...bench.calls.values()][0]?.live.talk?.lastConsult).to.include({
          ...{ number: '2003', name: 'Desk 3', outcome },
        });
      }
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500, talkMs: 3_000 });
      await ask(bench, { kind: 'consult', target: EXTENSION(3) });
      await bench.advance(5_000);
      expect(peers(bench, ada)).to.deep.equal([caller]);
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500 });
      await ask(bench, { kind: 'consult', target: EXTENSION(3) });
      await bench.advance(1_000);
      const asked = legTo(bench, '2003');
      await ask(bench, { kind: 'drop' });
      expect(bench.ari.channels.has(asked)).to.equal(false);
      expect(peers(bench, ada)).to.deep.equal([caller]);
      // While it rings, too.
      await ask(bench, { kind: 'consult', target: EXTENSION(3) });
      await ask(bench, { kind: 'drop' });
      expect(peers(bench, ada)).to.deep.equal([caller]);
      const outcomes = bench.ledger.flatMap((e) => (e.kind === 'consult-ended' ? [e.outcome] : []));
      expect(outcomes).to.deep.equal(['busy', 'declined', 'left', 'dropped', 'dropped']);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('of an outside number are tried over the next trunk, and heard while they ring', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'congestion', afterMs: 100 });
      bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-2`, { kind: 'answers', afterMs: 1_000 });
      await ask(bench, { kind: 'consult', target: { kind: 'number', number: OUTSIDE } });
      await bench.advance(500);
      expect(peers(bench, ada)).to.deep.equal([legTo(bench, OUTSIDE)]);
      await bench.advance(1_000);
      await ask(bench, { kind: 'complete' });
      expect(peers(bench, caller)).to.deep.equal([legTo(bench, OUTSIDE)]);
      bench.ari.hangUpFarEnd(legTo(bench, OUTSIDE));
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ endedBy: 'callee' });
      clean(bench);
    });

    it('completed while it rings become a transfer, and so do those in which the agent hangs up', async () => {
      for (const end of ['complete', 'hang up'] as const) {
        const { bench, caller, ada, ben: ringing } = await consulting();
        if (end === 'complete') await ask(bench, { kind: 'complete' });
        else bench.ari.hangUpFarEnd(ada);
        await bench.settle();
        expect(bench.ari.channels.has(ada), end).to.equal(false);
        expect(bench.ari.channels.has(ringing), end).to.equal(false);
        await bench.advance(2_500);
        expect(peers(bench, caller), end).to.deep.equal([legTo(bench, '2002')]);
        bench.ari.hangUpFarEnd(caller);
        await bench.advance(20_000);
        clean(bench);
      }
    });

    it('in which the agent hangs up after the answer are completed', async () => {
      const { bench, caller, ada, ben } = await consulting();
      await bench.advance(3_000);
      bench.ari.hangUpFarEnd(ada);
      await bench.settle();
      expect(peers(bench, caller)).to.deep.equal([ben]);
      expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('refuse what is not possible now', async () => {
      const { bench, caller, ben } = await consulting();
      expect(await refusal(bench, { kind: 'swap' })).to.equal('not-answered-yet');
      expect(await refusal(bench, { kind: 'conference' })).to.equal('not-answered-yet');
      expect(await refusal(bench, { kind: 'hold' })).to.equal('consult-under-way');
      expect(await refusal(bench, { kind: 'transfer', target: EXTENSION(3) })).to.equal(
        'consult-under-way',
      );
      expect(await refusal(bench, { kind: 'consult', target: EXTENSION(3) })).to.equal(
        'consult-under-way',
      );
      await bench.advance(3_000);
      const asBen = await ask(bench, { kind: 'complete' }, BEN);
      expect(asBen.ok ? '' : asBen.code).to.equal('not-your-call');
      await ask(bench, { kind: 'drop' });
      expect(await refusal(bench, { kind: 'complete' })).to.equal('no-consult');
      expect(
        await refusal(bench, { kind: 'consult', target: { kind: 'park', slot: '' } }),
      ).to.equal('nobody-to-ask');
      expect(bench.ari.channels.has(ben)).to.equal(false);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('become a conference, which the agent leaves, and which goes on when the caller leaves', async () => {
      const { bench, caller, ada, ben } = await consulting();
      await bench.advance(3_000);
      await ask(bench, { kind: 'conference' });
      expect(peers(bench, caller)).to.have.members([ada, ben]);
      bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500 });
      await ask(bench, { kind: 'consult', target: EXTENSION(3) });
      await bench.advance(1_000);
      const third = legTo(bench, '2003');
      expect(peers(bench, caller), 'the others talk on').to.have.members([ben]);
      await ask(bench, { kind: 'conference' });
      expect(peers(bench, caller)).to.have.members([ada, ben, third]);
      expect(await refusal(bench, { kind: 'hold' })).to.equal('in-conference');
      expect(await refusal(bench, { kind: 'transfer', target: EXTENSION(4) })).to.equal(
        'in-conference',
      );
      await bench.desk({ kind: 'agent-hang-up', agentId: ADA });
      await bench.settle();
      expect(peers(bench, caller)).to.have.members([ben, third]);
      expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
      bench.ari.hangUpFarEnd(caller);
      await bench.settle();
      expect(peers(bench, ben)).to.deep.equal([third]);
      expect(bench.kinds().filter((kind) => kind === 'call-ended')).to.have.length(0);
      bench.ari.hangUpFarEnd(third);
      await bench.advance(20_000);
      expect(bench.ledger.filter(({ kind }) => kind === 'recording-ended')).to.have.length(2);
      clean(bench);
    });
  });

  describe('hold', () => {
    it('from the page: music for the caller, counted, and back', async () => {
      const { bench, caller, ada } = await talk();
      await ask(bench, { kind: 'hold' });
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      expect(peers(bench, ada)).to.deep.equal([]);
      expect([...bench.calls.values()][0]?.live.talk?.hold).to.include({ by: 'page' });
      await bench.advance(7_000);
      await ask(bench, { kind: 'resume' });
      expect(peers(bench, ada)).to.deep.equal([caller]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('with the phone’s key, which the page cannot undo', async () => {
      const { bench, caller, ada } = await talk();
      bench.ari.hold(ada);
      await bench.settle();
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      expect(await refusal(bench, { kind: 'resume' })).to.equal('held-by-phone');
      bench.ari.unhold(ada);
      await bench.settle();
      expect(peers(bench, ada)).to.deep.equal([caller]);
      bench.ari.hangUpFarEnd(ada);
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ endedBy: 'callee' });
      clean(bench);
    });

    it('on a phone that vanishes: the caller goes back into line, before those who came later', async () => {
      const { bench, caller, ada } = await talk({ leavesWhenEmpty: false });
      await ask(bench, { kind: 'hold' });
      bench.unregistered.add('2001');
      await bench.advance(16_000);
      expect(bench.ari.channels.has(ada)).to.equal(false);
      const entry = bench.ledger.filter(({ kind }) => kind === 'queue-entered').at(-1);
      expect(entry).to.include({ queueId: SALES });
      expect(bench.roster.state(ADA)?.state, 'nothing is offered to it').to.equal('phone-lost');
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered' });
      clean(bench);
    });
  });

  describe('taken up by the next process', () => {
    async function handOver(bench: SwitchboardBench): Promise<SwitchboardBench> {
      bench.kill();
      const next = await new SwitchboardBench(demoDirectory(salesQueue), bench).start();
      await next.settle();
      return next;
    }
    it('holds, consults and conferences stand as they did', async () => {
      for (const state of ['held', 'ringing', 'private', 'swapped', 'conference'] as const) {
        const { bench, caller, ada } = await talk();
        bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 3_000 });
        if (state === 'held') await ask(bench, { kind: 'hold' });
        else {
          await ask(bench, { kind: 'consult', target: EXTENSION(3) });
          if (state !== 'ringing') await bench.advance(4_000);
          if (state === 'swapped') await ask(bench, { kind: 'swap' });
          if (state === 'conference') await ask(bench, { kind: 'conference' });
        }
        const next = await handOver(bench);
        expect(next.roster.state(ADA)?.state, state).to.equal('talking');
        if (state === 'ringing') await next.advance(4_000);
        const third = state === 'held' ? undefined : legTo(next, '2003');
        const expected = {
          held: [],
          ringing: [third],
          private: [third],
          swapped: [caller],
          conference: [caller, third],
        }[state];
        expect(peers(next, ada), state).to.have.members(expected);
        if (state === 'held') await ask(next, { kind: 'resume' });
        else if (state !== 'conference') await ask(next, { kind: 'complete' });
        expect(peers(next, caller), state).to.include(third ?? ada);
        next.ari.hangUpFarEnd(caller);
        await next.advance(100);
        if (state === 'conference' && third !== undefined) next.ari.hangUpFarEnd(third);
        await next.advance(20_000);
        expect(next.calls.size, state).to.equal(0);
        expect(next.errors, state).to.deep.equal([]);
        expect([...next.ari.channels.keys()], state).to.deep.equal([]);
        expect([...next.ari.bridges.keys()], state).to.deep.equal([]);
      }
    });
  });
});
