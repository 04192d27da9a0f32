import { expect } from 'chai';
import type { AgentId, ExtensionId, TrunkId } from '../../src/kernel/ids.js';
import type { AgentConfig, DirectorySnapshot, TrunkConfig } from '../../src/telephony/directory.js';
import { ADA, demoDirectory, SwitchboardBench } from '../support/switchboard-bench.js';

const CUSTOMER = '+442079460555';
const MOBILE = '+447700900123';

describe('Dialling from a page', () => {
  const start = async (
    changes: Partial<DirectorySnapshot> = {},
    agent: Partial<AgentConfig> = {},
    trunk: Partial<TrunkConfig> = {},
  ): Promise<SwitchboardBench> => {
    const plain = demoDirectory();
    const agents = new Map(
      [...plain.agents].map(([id, one]): [AgentId, AgentConfig] => [
        id,
        id === ADA ? { ...one, ...agent } : one,
      ]),
    );
    const trunks = new Map(
      [...plain.trunks].map(([id, one]): [TrunkId, TrunkConfig] => [id, { ...one, ...trunk }]),
    );
    const bench = await new SwitchboardBench({ ...plain, agents, trunks, ...changes }).start();
    bench.signIn(ADA);
    return bench;
  };
  const ask = async (bench: SwitchboardBench, from?: 'outside-phone', number = CUSTOMER) => {
    const answer = await bench.desk({
      ...{ kind: 'agent-dial', agentId: ADA, number },
      ...(from === undefined ? {} : { from }),
    });
    await bench.settle();
    return answer.ok ? 'ok' : answer.code;
  };
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers()).to.deep.equal([]);
    expect(bench.calls.size).to.equal(0);
    expect(bench.errors).to.deep.equal([]);
  };
  const talks = { kind: 'answers', afterMs: 500, talkMs: 5_000 } as const;

  it('rings the own phone, then the number, which sees the number that was chosen', async () => {
    const pool = { order: 'rotate', numbers: ['+442079460101'] } as const;
    const bench = await start({}, { callerIds: pool });
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 500 });
    bench.ari.farEnd(`PJSIP/${CUSTOMER}@trunk-1`, talks);
    expect(await ask(bench)).to.equal('ok');
    await bench.advance(20_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
    const leg = bench.ledger.find((e) => e.kind === 'leg-started' && e.role === 'outside');
    expect(leg).to.include({ callerId: '+442079460101', callerIdOf: 'agent' });
    clean(bench);
  });

  it('nobody lifts the own phone: the attempt is over, and the ledger says why', async () => {
    const bench = await start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    expect(await ask(bench)).to.equal('ok');
    await bench.advance(30_000);
    expect(bench.ledger.find((e) => e.kind === 'call-arrived')).to.include({
      direction: 'outbound',
      from: '2001',
      to: CUSTOMER,
    });
    expect(bench.last('call-ended')).to.include({
      result: 'no-answer',
      reason: 'own-phone-no-answer',
    });
    expect(bench.ledger.map(({ seq }) => seq)).to.deep.equal([0, 1, 2, 3]);
    clean(bench);
  });

  describe('away from the desk', () => {
    it('rings the phone outside, asks for a key, and then the number, both over the trunk', async () => {
      const bench = await start({}, { outsidePhone: MOBILE });
      bench.unregistered.add('2001');
      bench.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 500 });
      bench.ari.farEnd(`PJSIP/${CUSTOMER}@trunk-1`, talks);
      expect(await ask(bench, 'outside-phone')).to.equal('ok');
      await bench.advance(1_000);
      const [call] = [...bench.calls.values()];
      if (call === undefined) throw new Error('no call');
      expect(call.facts).to.include({ direction: 'outbound', from: '2001', to: CUSTOMER });
      await bench.press(call.channel, '1');
      await bench.advance(2_000);
      expect(call.stage.kind).to.equal('talk');
      expect(call.trunks).to.deep.equal([1, 1]);
      // Its keys do what those of a desk phone do.
      await bench.press(call.channel, '*2');
      expect(bench.kinds()).to.include('recording-paused');
      await bench.advance(20_000);
      expect(bench.last('call-ended')).to.include({ result: 'answered' });
      clean(bench);
    });

    it('a mailbox that answers calls nobody', async () => {
      const bench = await start({}, { outsidePhone: MOBILE });
      bench.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 500 });
      await ask(bench, 'outside-phone');
      await bench.advance(60_000);
      expect(bench.last('call-ended')).to.include({ reason: 'own-phone-not-confirmed' });
      expect(bench.ledger.some((e) => e.kind === 'leg-started' && e.role === 'outside')).to.equal(
        false,
      );
      clean(bench);
    });

    it('is refused where it is not permitted, and says what is missing', async () => {
      expect(await ask(await start(), 'outside-phone')).to.equal('no-outside-phone');
      const inside = demoDirectory().extensions.get(1 as ExtensionId);
      if (inside === undefined) throw new Error('no extension');
      const internal = { ...inside, permission: 'internal' as const };
      const bench = await start(
        { extensions: new Map([[internal.id, internal]]) },
        { outsidePhone: MOBILE },
      );
      expect(await ask(bench, 'outside-phone')).to.equal('not-permitted');
      const free = await start({}, { outsidePhone: MOBILE });
      expect(await ask(free, 'outside-phone', '999')).to.equal('not-from-outside');
      expect(await ask(free, 'outside-phone', '12x')).to.equal('bad-number');
      const off = await start({}, { outsidePhone: MOBILE }, { enabled: false });
      expect(await ask(off, 'outside-phone')).to.equal('no-free-line');
    });
  });

  describe('without a number', () => {
    const dial = async (bench: SwitchboardBench) => {
      bench.ari.farEnd(/@trunk-/, talks);
      const args = ['phone', `*31${CUSTOMER}`];
      bench.ari.arrive({ callerNumber: '2002', endpoint: '2002', args });
      await bench.advance(10_000);
    };
    it('where the trunk allows it', async () => {
      const bench = await start({}, {}, { mayWithhold: true });
      await dial(bench);
      const leg = bench.ledger.find((e) => e.kind === 'leg-started' && e.role === 'outside');
      expect(leg).to.include({ number: CUSTOMER, callerId: '', callerIdOf: 'withheld' });
      clean(bench);
    });
    it('and not at all where it does not', async () => {
      const bench = await start();
      await dial(bench);
      expect(bench.last('call-ended')).to.include({ reason: 'withholding-not-permitted' });
      clean(bench);
    });
  });
});
