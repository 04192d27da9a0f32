import { expect } from 'chai';
import { PLAIN_HANDLING } from '../../src/engines/reach/reach.js';
import type { ChannelId, DidId, ExtensionId, RingGroupId, TrunkId } from '../../src/kernel/ids.js';
import type { DirectorySnapshot, RingGroupConfig, Target } from '../../src/telephony/directory.js';
import type { OtherPbx } from '../../src/telephony/other-pbx.js';
import {
  ADA,
  CALLER,
  demoDirectory,
  DID,
  MENU,
  SALES,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const OLD = 9 as TrunkId;
const OUTSIDE = '+442079460555';
/** A DID that leads to a number there. */
const OTHER_DID = '+442079460177';
const CROSSINGS = 'PJSIP_HEADER(add,X-Cordboard-Crossings)';

const PBX: OtherPbx = {
  ranges: [
    { from: '3000', to: '3499' },
    { from: '2003', to: '2003' },
  ],
  permission: 'internal',
  elsewhere: { kind: 'hangup' },
};

function directory(pbx: Partial<OtherPbx> = {}, more: Partial<DirectorySnapshot> = {}) {
  const plain = demoDirectory();
  const trunk = {
    id: OLD,
    name: 'Old PBX',
    technology: 'sip' as const,
    enabled: true,
    // Before every carrier: no outside call must take it all the same.
    priority: 0,
    maxChannels: 0,
    maxIncoming: 0,
    callerId: '+442079460177',
    allowedCallerIds: [],
    mayWithhold: false,
    recording: 'default' as const,
    recordingNotice: 'default' as const,
    pbx: { ...PBX, ...pbx },
  };
  const target: Target = { kind: 'pbx', number: '3005' };
  const did = { id: 7 as DidId, number: OTHER_DID, name: 'Old', target, language: 'en' as const };
  return {
    ...plain,
    trunks: new Map([...plain.trunks, [OLD, trunk]]),
    didsByNumber: new Map([...plain.didsByNumber, [OTHER_DID, did]]),
    ...more,
  };
}

describe('Beside another telephone system', () => {
  const start = (pbx: Partial<OtherPbx> = {}, more: Partial<DirectorySnapshot> = {}) =>
    new SwitchboardBench(directory(pbx, more)).start();
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers()).to.deep.equal([]);
    expect(bench.calls.size).to.equal(0);
    expect(bench.errors).to.deep.equal([]);
  };
  const dial = async (bench: SwitchboardBench, from: string, to: string) => {
    const channel = bench.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await bench.settle();
    return channel;
  };
  const fromThere = async (
    bench: SwitchboardBench,
    to: string,
    { from = '3001', crossings = '' } = {},
  ) => {
    const channel = bench.ari.arrive({
      callerNumber: from,
      callerName: 'Old Anna',
      endpoint: 'trunk-9',
      args: ['trunk', to, '0', crossings],
    });
    await bench.settle();
    return channel;
  };
  const legTo = (bench: SwitchboardBench, endpoint: string) =>
    [...bench.ari.channels.values()].findLast(({ name }) => name.startsWith(`${endpoint}-`));
  const heard = (bench: SwitchboardBench): readonly string[] =>
    bench.ari.log.filter((line) => line.startsWith('play')).map((line) => line);
  const peers = (bench: SwitchboardBench, channel: ChannelId): readonly ChannelId[] =>
    [...bench.ari.bridges.values()]
      .filter(({ channels }) => channels.has(channel))
      .flatMap(({ channels }) => [...channels].filter((other) => other !== channel));

  describe('a number that lives there', () => {
    it('is dialled from a phone that may not dial outside, with its own number and name', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'answers', afterMs: 1_000 });
      const caller = await dial(b, '2004', '3005');
      await b.advance(1_500);
      const leg = legTo(b, 'PJSIP/3005@trunk-9');
      expect(leg).to.include({ callerNumber: '2004', callerName: 'Desk 4' });
      expect(leg?.variables.get(CROSSINGS)).to.equal('0');
      expect(leg?.variables.get('PJSIP_TRANSFER_HANDLING()')).to.equal('ari-only');
      expect(peers(b, caller)).to.include(leg?.id);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      expect(b.ledger[0]).to.include({ direction: 'internal', from: '2004', to: '3005' });
      expect(b.last('call-ended')).to.include({ result: 'answered' });
      expect(b.kinds(), 'as calls between colleagues').to.not.include('recording-started');
      clean(b);
    });

    it('is reached by a DID, with the caller’s number', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'answers' });
      const caller = await b.callIn(OTHER_DID);
      await b.advance(500);
      expect(legTo(b, 'PJSIP/3005@trunk-9')?.callerNumber).to.equal(CALLER);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      expect(b.ledger[0]).to.include({ direction: 'inbound', to: OTHER_DID });
      clean(b);
    });

    it('is ours from the moment that something of ours has it', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/2003', { kind: 'answers' });
      const caller = await dial(b, '2001', '2003');
      await b.advance(500);
      expect(legTo(b, 'PJSIP/2003')).to.not.equal(undefined);
      expect(legTo(b, 'PJSIP/2003@trunk-9')).to.equal(undefined);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      clean(b);
    });

    it('is never reached by a carrier, and no outside call takes its trunk', async () => {
      const b = await start();
      await b.callIn('3005');
      await b.advance(3_000);
      expect(b.last('call-ended')).to.include({ reason: 'unknown-did' });
      b.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers', talkMs: 100 });
      await dial(b, '2001', OUTSIDE);
      await b.advance(2_000);
      expect(b.ari.log.some((line) => line.includes(`${OUTSIDE}@trunk-9`))).to.equal(false);
      expect(b.last('call-ended')).to.include({ result: 'answered' });
      clean(b);
    });

    for (const [far, result, said] of [
      ['busy', 'busy', 'extension-busy'],
      ['unknown-number', 'refused', 'unknown-number'],
      ['congestion', 'failed', 'other-pbx-away'],
    ] as const)
      it(`is told of where it is ${far}`, async () => {
        const b = await start();
        b.ari.farEnd('PJSIP/3005@trunk-9', { kind: far });
        await dial(b, '2001', '3005');
        await b.advance(5_000);
        expect(heard(b).at(-1)).to.contain(said);
        expect(b.last('call-ended')).to.include({ result });
        clean(b);
      });

    it('takes a forward, and the call stays with who forwarded it where nobody answers', async () => {
      const b = await start();
      const always = { ...PLAIN_HANDLING.forwards, always: '3005' };
      b.handle(2 as ExtensionId, { forwards: always });
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'busy' });
      await dial(b, '2001', '2002');
      await b.advance(5_000);
      expect(b.last('forwarded')).to.include({ number: '2002', to: '3005' });
      expect(b.last('call-ended')).to.include({ result: 'busy' });
      clean(b);
    });

    it('rings as a member of a group and as a phone at which somebody is followed', async () => {
      const group: RingGroupConfig = {
        id: 1 as RingGroupId,
        name: 'Front',
        number: '600',
        strategy: 'all',
        ringMs: 10_000,
        prefix: '',
        confirms: false,
        members: [
          { kind: 'outside', number: '3005' },
          { kind: 'extension', id: 3 as ExtensionId },
        ],
        elsewhere: { kind: 'hangup' },
      };
      const b = await start(
        {},
        { ringGroupsByNumber: new Map([['600', group]]), ringGroups: new Map([[group.id, group]]) },
      );
      b.ari.farEnd('PJSIP/2003', { kind: 'rings' });
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'answers', afterMs: 1_000 });
      const caller = await dial(b, '2004', '600');
      await b.advance(2_000);
      expect(peers(b, caller)).to.include(legTo(b, 'PJSIP/3005@trunk-9')?.id);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      const entries = [{ number: '3006', ringMs: 10_000, isTogether: true }];
      b.handle(2 as ExtensionId, { followMe: { isOn: true, confirms: false, entries } });
      b.ari.farEnd('PJSIP/2002', { kind: 'rings' });
      b.ari.farEnd('PJSIP/3006@trunk-9', { kind: 'answers', afterMs: 1_000 });
      const other = await dial(b, '2004', '2002');
      await b.advance(2_000);
      expect(peers(b, other)).to.include(legTo(b, 'PJSIP/3006@trunk-9')?.id);
      b.ari.hangUpFarEnd(other);
      await b.advance(500);
      clean(b);
    });
  });

  describe('a number that a flow dials for its caller', () => {
    const flowTo = (number: string) =>
      start(
        {},
        {
          flows: new Map([
            [
              MENU,
              {
                ...{ id: MENU, name: 'By extension', version: 1 },
                definition: {
                  start: 'dial',
                  steps: {
                    dial: {
                      ...{ kind: 'outside', label: 'Dial', number, permission: 'local' },
                      ...{ timeoutS: 20, noAnswer: 'bye' },
                    },
                    bye: { kind: 'hangup', label: 'Bye', prompt: 1 },
                  },
                },
              },
            ],
          ]),
        },
      );

    it('lives there: it is rung there, and nobody answers: back into the flow', async () => {
      const b = await flowTo('3005');
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'busy', afterMs: 500 });
      await b.callIn();
      await b.advance(200);
      expect(legTo(b, 'PJSIP/3005@trunk-9')?.callerNumber).to.equal(CALLER);
      await b.advance(20_000);
      expect(b.last('call-ended')).to.include({ result: 'contained', reason: 'flow-ended' });
      clean(b);
    });

    it('is ours: its phone rings', async () => {
      const b = await flowTo('2003');
      b.ari.farEnd('PJSIP/2003', { kind: 'answers' });
      const caller = await b.callIn();
      await b.advance(500);
      expect(peers(b, caller)).to.include(legTo(b, 'PJSIP/2003')?.id);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      clean(b);
    });
  });

  describe('while it does not answer', () => {
    it('callers are told so at once', async () => {
      const b = await start();
      b.silentTrunks.add(OLD);
      await dial(b, '2001', '3005');
      await b.advance(5_000);
      expect(heard(b).at(-1)).to.contain('other-pbx-away');
      expect(b.last('call-ended')).to.include({ result: 'failed', reason: 'pbx-unreachable' });
      expect(legTo(b, 'PJSIP/3005@trunk-9')).to.equal(undefined);
      clean(b);
    });

    it('callers go where its trunk says', async () => {
      const b = await start({ elsewhere: { kind: 'flow', id: MENU } });
      b.silentTrunks.add(OLD);
      const caller = await b.callIn(OTHER_DID);
      await b.advance(500);
      expect(b.kinds()).to.include('flow-entered');
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      clean(b);
    });

    it('callers go round no circle', async () => {
      const b = await start({ elsewhere: { kind: 'extension', id: 2 as ExtensionId } });
      b.handle(2 as ExtensionId, {
        forwards: { ...PLAIN_HANDLING.forwards, always: '3006' },
      });
      b.silentTrunks.add(OLD);
      await dial(b, '2001', '3005');
      await b.advance(10_000);
      expect(b.last('call-ended')).to.not.equal(undefined);
      clean(b);
    });
  });

  describe('a call from there', () => {
    it('reaches an extension, with number and name of who calls, as an internal call', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/2001', { kind: 'answers' });
      const caller = await fromThere(b, '2001');
      await b.advance(500);
      const leg = legTo(b, 'PJSIP/2001');
      expect(leg).to.include({ callerNumber: '3001', callerName: 'Old Anna' });
      expect(peers(b, caller)).to.include(leg?.id);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      expect(b.ledger[0]).to.include({
        direction: 'internal',
        from: '3001',
        to: '2001',
        trunkId: OLD,
      });
      clean(b);
    });

    it('reaches a queue by its DID; a caller from outside stays inbound', async () => {
      const b = await start();
      const caller = await fromThere(b, DID, { from: CALLER });
      await b.press(caller, '1');
      await b.advance(500);
      expect(b.kinds()).to.include('flow-entered');
      expect(b.ledger[0]).to.include({ direction: 'inbound', didId: 1 });
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      clean(b);
    });

    for (const code of ['*11', '*78', '*8', '*80' + '2001'])
      it(`may not dial ${code}, which is for phones of ours`, async () => {
        const b = await start();
        await fromThere(b, code);
        await b.advance(3_000);
        expect(heard(b).at(-1)).to.contain('not-permitted');
        expect(b.last('call-ended')).to.include({ reason: 'not-from-pbx' });
        clean(b);
      });

    it('may not dial outside unless its trunk says so; then it shows the trunk’s number', async () => {
      const b = await start();
      await fromThere(b, OUTSIDE);
      await b.advance(3_000);
      expect(b.last('refused')?.reason).to.match(/^not-permitted/);
      expect(b.last('call-ended')).to.include({ result: 'refused' });
      const allowing = await start({ permission: 'national' });
      allowing.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers' });
      const caller = await fromThere(allowing, OUTSIDE);
      await allowing.advance(500);
      const leg = legTo(allowing, `PJSIP/${OUTSIDE}@trunk-1`);
      expect(leg?.callerNumber).to.equal('+442079460177');
      allowing.ari.hangUpFarEnd(caller);
      await allowing.advance(500);
      expect(allowing.ledger[0]).to.include({ direction: 'outbound', trunkId: OLD });
      clean(b);
      clean(allowing);
    });

    it('reaches an emergency service always', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/999@trunk-1', { kind: 'answers', talkMs: 500 });
      await fromThere(b, '999');
      await b.advance(2_000);
      expect(b.last('call-ended')).to.include({ result: 'answered' });
      clean(b);
    });
  });

  describe('goes round no circle', () => {
    it('a number that lives there is never dialled back to where it came from', async () => {
      const b = await start();
      await fromThere(b, '3005');
      await b.advance(500);
      expect(b.last('call-ended')).to.include({ result: 'refused', reason: 'pbx-circle' });
      expect(b.kinds(), 'it is not answered').to.not.include('leg-answered');
      clean(b);
    });

    it('counts crossings by what the call carries', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      const caller = await fromThere(b, '2001', { crossings: '3' });
      await b.advance(200);
      expect(legTo(b, 'PJSIP/2001')).to.not.equal(undefined);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      await fromThere(b, '2001', { crossings: '4' });
      await b.advance(500);
      expect(b.last('call-ended')).to.include({ reason: 'pbx-circle' });
      clean(b);
    });

    it('sees a forward to and fro also where the call carries nothing', async () => {
      const b = await start();
      b.handle(1 as ExtensionId, { forwards: { ...PLAIN_HANDLING.forwards, always: '3005' } });
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'rings' });
      const first = await fromThere(b, '2001');
      await b.advance(200);
      expect(legTo(b, 'PJSIP/3005@trunk-9')?.variables.get(CROSSINGS)).to.equal('1');
      // 3005 is forwarded to 2001 over there.
      await fromThere(b, '2001');
      await b.advance(200);
      expect(b.last('call-ended')).to.include({ reason: 'pbx-circle' });
      b.ari.hangUpFarEnd(first);
      await b.advance(500);
      clean(b);
    });

    it('lets a forward there that leads to a colleague of ours pass', async () => {
      const b = await start();
      b.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'rings' });
      b.ari.farEnd('PJSIP/2002', { kind: 'answers' });
      const caller = await dial(b, '2001', '3005');
      const back = await fromThere(b, '2002', { from: '2001' });
      await b.advance(500);
      expect(peers(b, back)).to.include(legTo(b, 'PJSIP/2002')?.id);
      b.ari.hangUpFarEnd(back);
      b.ari.hangUpFarEnd(caller);
      await b.advance(500);
      clean(b);
    });
  });

  describe('a transfer', () => {
    async function talking(more: Partial<OtherPbx> = {}) {
      const bench = await start(more);
      bench.signIn(ADA);
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 100 });
      const caller = await bench.callIn();
      await bench.press(caller, '1');
      await bench.advance(2_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
      expect(SALES).to.equal(1);
      const phone = [...bench.ari.channels.keys()].find((id) => id.endsWith('-agent'));
      if (phone === undefined) throw new Error('no leg');
      return { bench, caller, phone };
    }
    const send = async (bench: SwitchboardBench, number: string) => {
      const answer = await bench.desk({
        kind: 'agent-talk',
        agentId: ADA,
        command: { kind: 'transfer', target: { kind: 'number', number } },
      });
      await bench.settle();
      return answer;
    };

    it('goes there from the page, and comes back where it is busy', async () => {
      const { bench, caller } = await talking();
      bench.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'busy', afterMs: 500 });
      expect(await send(bench, '3005')).to.deep.include({ ok: true });
      await bench.advance(8_000);
      expect(bench.last('transferred')?.to).to.include({ number: '3005', name: 'Old PBX' });
      expect(bench.last('transfer-returned')).to.include({ reason: 'busy' });
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('goes there by the phone’s own key, and from there to a phone of ours by REFER', async () => {
      const { bench, caller, phone } = await talking();
      bench.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'answers', afterMs: 200 });
      bench.ari.refer(phone, '3005');
      await bench.advance(1_000);
      const there = legTo(bench, 'PJSIP/3005@trunk-9');
      expect(there?.callerNumber).to.equal(CALLER);
      expect(peers(bench, caller)).to.include(there?.id);
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 200 });
      bench.ari.refer(there?.id as ChannelId, '2002');
      await bench.advance(1_000);
      expect(peers(bench, caller)).to.include(legTo(bench, 'PJSIP/2002')?.id);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      expect(bench.ledger.filter(({ kind }) => kind === 'transferred')).to.have.length(2);
      clean(bench);
    });

    it('is refused while it does not answer: the caller stays', async () => {
      const { bench, caller } = await talking();
      bench.silentTrunks.add(OLD);
      expect(await send(bench, '3005')).to.include({ ok: false, code: 'other-pbx-away' });
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('is asked first: who is asked sees the colleague, not the caller', async () => {
      const { bench, caller } = await talking();
      bench.ari.farEnd('PJSIP/3005@trunk-9', { kind: 'answers', afterMs: 200 });
      const command = { kind: 'consult', target: { kind: 'number', number: '3005' } } as const;
      await bench.desk({ kind: 'agent-talk', agentId: ADA, command });
      await bench.advance(1_000);
      const there = legTo(bench, 'PJSIP/3005@trunk-9');
      expect(there).to.include({ callerNumber: '2001' });
      await bench.desk({ kind: 'agent-talk', agentId: ADA, command: { kind: 'complete' } });
      await bench.advance(500);
      expect(peers(bench, caller)).to.include(there?.id);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(20_000);
      clean(bench);
    });

    it('somebody from there who talks with an agent sends the call on by REFER', async () => {
      const bench = await start();
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers' });
      const caller = await fromThere(bench, '2001');
      await bench.advance(500);
      bench.ari.farEnd('PJSIP/2002', { kind: 'answers' });
      bench.ari.refer(caller, '2002');
      await bench.advance(1_000);
      const [one, other] = [legTo(bench, 'PJSIP/2001'), legTo(bench, 'PJSIP/2002')];
      expect(peers(bench, one?.id as ChannelId)).to.include(other?.id);
      bench.ari.hangUpFarEnd(one?.id as ChannelId);
      await bench.advance(20_000);
      clean(bench);
    });
  });
});
