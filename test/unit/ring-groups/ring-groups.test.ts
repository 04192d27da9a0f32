import { expect } from 'chai';
import fc from 'fast-check';
import { planGroup } from '../../../src/engines/reach/ring-plan.js';
import type { ChannelId, ExtensionId, RingGroupId } from '../../../src/kernel/ids.js';
import type { RingGroupConfig, RingMember } from '../../../src/telephony/directory.js';
import { demoDirectory, SwitchboardBench } from '../../support/switchboard-bench.js';

const SALES = 7 as RingGroupId;
const BACK = 8 as RingGroupId;
const MOBILE = '+447700900123';

const phone = (id: number): RingMember => ({ kind: 'extension', id: id as ExtensionId });
const PLAIN: RingGroupConfig = {
  id: SALES,
  name: 'Sales',
  number: '700',
  strategy: 'all',
  ringMs: 15_000,
  prefix: '',
  confirms: true,
  members: [phone(1), phone(2), phone(3)],
  elsewhere: { kind: 'hangup' },
};

describe('The order in which phones of a group ring', () => {
  it('is all at once, one after the other, or any', () => {
    expect(planGroup('all', [1, 2, 3], () => 0)).to.deep.equal([[1, 2, 3]]);
    expect(planGroup('in-turn', [1, 2, 3], () => 0)).to.deep.equal([[1], [2], [3]]);
    expect(planGroup('random', [1, 2, 3], () => 0.99)).to.deep.equal([[3], [2], [1]]);
    for (const strategy of ['all', 'in-turn', 'random'] as const)
      expect(planGroup(strategy, [], () => 0)).to.deep.equal([]);
  });

  it('is any of all orders, each as often as the others', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const seen = new Map<string, number>();
    for (let at = 0; at < 6_000; at++) {
      const order = planGroup('random', ['a', 'b', 'c'], random).flat().join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).to.equal(6);
    for (const times of seen.values()) expect(times).to.be.within(850, 1_150);
  });
});

describe('Calls to a ring group', () => {
  const bench = (...groups: RingGroupConfig[]): Promise<SwitchboardBench> =>
    new SwitchboardBench({
      ...demoDirectory(),
      ringGroups: new Map(groups.map((group) => [group.id, group])),
      ringGroupsByNumber: new Map(groups.map((group) => [group.number, group])),
    }).start();
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

  it('ring everybody at once; the first who answers has the call, and the others stop as answered elsewhere', async () => {
    const b = await bench(PLAIN);
    b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 2_000, talkMs: 3_000 });
    b.ari.farEnd('PJSIP/2003', { kind: 'rings' });
    await dial(b, '2004', '700');
    await b.advance(1_000);
    expect(rung(b)).to.deep.equal(['2001', '2002', '2003']);
    await b.advance(20_000);
    const ends = b.ledger.flatMap((e) => (e.kind === 'leg-ended' ? [e.cause] : []));
    expect(ends.filter((cause) => cause === 26)).to.have.length(2);
    expect(b.last('ring-group-entered')).to.include({ name: 'Sales' });
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('that two answer in one moment go to exactly one of them', async () => {
    const b = await bench(PLAIN);
    for (const number of ['2001', '2002', '2003'])
      b.ari.farEnd(`PJSIP/${number}`, { kind: 'answers', afterMs: 2_000, talkMs: 60_000 });
    const caller = await dial(b, '2004', '700');
    await b.advance(5_000);
    expect(b.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
    const [call] = b.calls.values();
    expect(call?.legs.size).to.equal(1);
    b.ari.hangUpFarEnd(caller);
    await b.advance(5_000);
    clean(b);
  });

  it('of ten phones of which two or more answer in one millisecond have exactly one bridge, whichever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 10 }),
        async (quick) => {
          const members = Array.from({ length: 10 }, (_, at): RingMember => ({
            kind: 'outside',
            number: `${MOBILE.slice(0, -1)}${String(at)}`,
          }));
          const b = await bench({ ...PLAIN, members, confirms: false });
          for (const [at, member] of members.entries())
            b.ari.farEnd(`PJSIP/${member.kind === 'outside' ? member.number : ''}@trunk-1`, {
              ...(quick.includes(at)
                ? { kind: 'answers', afterMs: 2_000, talkMs: 60_000 }
                : { kind: 'rings' }),
            });
          const caller = await dial(b, '2004', '700');
          await b.advance(3_000);
          expect(b.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
          const bridged = [...b.ari.bridges.values()].filter(({ channels }) =>
            channels.has(caller),
          );
          expect(bridged.map(({ channels }) => channels.size)).to.deep.equal([2]);
          expect([...b.calls.values()][0]?.legs.size, 'all others are released').to.equal(1);
          b.ari.hangUpFarEnd(caller);
          await b.advance(5_000);
          clean(b);
          await b.stop();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('ring one after the other, and pass over who is busy, away or must not be disturbed', async () => {
    const members = [phone(1), phone(2), phone(3), phone(4)];
    const b = await bench({ ...PLAIN, strategy: 'in-turn', members });
    b.unregistered.add('2001');
    b.handle(2 as ExtensionId, { doNotDisturb: true });
    b.ari.farEnd('PJSIP/2003', { kind: 'rings' });
    b.ari.farEnd('PJSIP/2004', { kind: 'answers', afterMs: 1_000, talkMs: 1_000 });
    await b.callIn('+442079460110');
    b.ari.arrive({ callerNumber: '+442079460500', args: ['phone', '700'], endpoint: '2001' });
    await b.settle();
    await b.advance(500);
    expect(rung(b)).to.deep.equal(['2003']);
    await b.advance(15_000);
    expect(rung(b)).to.deep.equal(['2003', '2004']);
    await b.advance(60_000);
    clean(b);
  });

  it('are taken outside by a key: a mailbox does not have it', async () => {
    const outside: RingMember = { kind: 'outside', number: MOBILE };
    const b = await bench({ ...PLAIN, members: [outside, phone(1)], ringMs: 40_000 });
    b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    b.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
    const caller = await dial(b, '2004', '700');
    await b.advance(3_000);
    const leg = [...([...b.calls.values()][0]?.legs.values() ?? [])].find(
      ({ partner }) => partner.number === MOBILE,
    );
    if (leg === undefined) throw new Error('no leg to outside');
    expect(b.ari.log.join('\n')).to.contain('press-to-take');
    expect(b.kinds()).to.not.include('connected');
    b.ari.press(leg.channel, '51');
    await b.advance(1_000);
    expect(b.last('connected')?.leg).to.equal(leg.channel);
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    // Nobody presses anything: it rings on inside, and the outside is let go.
    await dial(b, '2004', '700');
    await b.advance(39_000);
    expect(b.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
    await b.advance(20_000);
    expect(b.last('call-ended')).to.include({ result: 'no-answer' });
    clean(b);
  });

  it('that somebody inside answers while it is asked outside stop asking there', async () => {
    const outside: RingMember = { kind: 'outside', number: MOBILE };
    const b = await bench({ ...PLAIN, members: [outside, phone(1)] });
    b.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 3_000, talkMs: 2_000 });
    b.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
    await dial(b, '2004', '700');
    await b.advance(4_000);
    const [call] = b.calls.values();
    expect([...(call?.legs.values() ?? [])].map(({ partner }) => partner.number)).to.deep.equal([
      '2001',
    ]);
    await b.advance(10_000);
    clean(b);
  });

  it('go elsewhere when nobody answers, and from each group once', async () => {
    const back: RingGroupConfig = {
      ...PLAIN,
      id: BACK,
      name: 'Back office',
      number: '701',
      members: [phone(2)],
      elsewhere: { kind: 'ring-group', id: SALES },
    };
    const b = await bench(
      { ...PLAIN, members: [phone(1)], elsewhere: { kind: 'ring-group', id: BACK } },
      back,
    );
    b.unregistered.add('2001').add('2002');
    await dial(b, '2004', '700');
    await b.advance(10_000);
    const names = b.ledger.flatMap((e) => (e.kind === 'ring-group-entered' ? [e.name] : []));
    expect(names).to.deep.equal(['Sales', 'Back office', 'Sales']);
    expect(b.last('call-ended')).to.include({ result: 'no-answer', reason: 'unreachable' });
    clean(b);
  });

  it('end with a word where the group is gone', async () => {
    const b = await bench({ ...PLAIN, elsewhere: { kind: 'ring-group', id: BACK } });
    for (const number of ['2001', '2002', '2003']) b.unregistered.add(number);
    await dial(b, '2004', '700');
    await b.advance(10_000);
    expect(b.last('call-ended')).to.include({ result: 'refused', reason: 'unknown-ring-group' });
    clean(b);
  });

  it('are where an extension sends its calls', async () => {
    const b = await bench({ ...PLAIN, members: [phone(2)] });
    const always = { always: '700', busy: '', 'no-answer': '', unregistered: '' };
    b.handle(1 as ExtensionId, { forwards: always });
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500, talkMs: 500 });
    await dial(b, '2004', '2001');
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal(['2002']);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });
});
