import { expect } from 'chai';
import fc from 'fast-check';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import type { TalkCommand } from '../../../src/telephony/calls/talk-desk.js';
import {
  ADA,
  BEN,
  demoDirectory,
  SALES,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const OUTSIDE = '+442079460555';

type Deed =
  | { readonly kind: 'command'; readonly agent: typeof ADA; readonly command: TalkCommand }
  | { readonly kind: 'hang-up'; readonly pick: number }
  | { readonly kind: 'hold' | 'unhold' | 'dial' | 'join'; readonly pick: number }
  | { readonly kind: 'refer'; readonly pick: number; readonly to: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'restart' };

const target = fc.constantFrom(
  { kind: 'extension', id: 2 as ExtensionId } as const,
  { kind: 'extension', id: 3 as ExtensionId } as const,
  { kind: 'extension', id: 4 as ExtensionId } as const,
  { kind: 'queue', id: SALES } as const,
  { kind: 'flow', id: 1 } as const,
  { kind: 'number', number: OUTSIDE } as const,
);
const command: fc.Arbitrary<TalkCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom('consult', 'consult', 'transfer'), target }),
  fc.record({
    kind: fc.constantFrom('hold', 'resume', 'swap', 'complete', 'conference', 'drop'),
  }),
);
const pick = fc.nat(9);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('command'),
      agent: fc.constantFrom(ADA, BEN),
      command,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hang-up'), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('hold', 'unhold', 'dial', 'join'), pick }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refer'),
      pick,
      to: fc.constantFrom('2002', '2003', '2001', OUTSIDE, '*11'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 0, max: 4_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' }) },
);

/** Channels of people, not of recordings. */
const people = ({ ari }: SwitchboardBench): readonly ChannelId[] =>
  [...ari.channels.values()].flatMap(({ id, snoopOf }) => (snoopOf === undefined ? [id] : []));

async function start(): Promise<SwitchboardBench> {
  const bench = await new SwitchboardBench(
    demoDirectory({ ...salesQueue, leavesWhenEmpty: false }),
  ).start();
  bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 500 });
  bench.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_500 });
  bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500 });
  bench.ari.farEnd('PJSIP/2004', { kind: 'busy', afterMs: 300 });
  bench.ari.farEnd(/trunk-1$/, { kind: 'congestion', afterMs: 200 });
  bench.ari.farEnd(/trunk-2$/, { kind: 'answers', afterMs: 700 });
  bench.signIn(ADA);
  bench.signIn(BEN);
  return bench;
}

async function carryOut(bench: SwitchboardBench, one: Deed): Promise<SwitchboardBench> {
  const channels = people(bench);
  const chosen = 'pick' in one ? channels[one.pick % Math.max(1, channels.length)] : undefined;
  switch (one.kind) {
    case 'command':
      await bench.desk({ kind: 'agent-talk', agentId: one.agent, command: one.command });
      break;
    case 'wait':
      await bench.advance(one.ms);
      break;
    case 'dial':
      bench.ari.arrive({ callerNumber: '2001', endpoint: '2001', args: ['phone', '2003'] });
      break;
    case 'restart':
      bench.kill();
      return new SwitchboardBench(bench.directory, bench).start();
    default:
      if (chosen === undefined) break;
      if (one.kind === 'hang-up') bench.ari.hangUpFarEnd(chosen);
      else if (one.kind === 'hold') bench.ari.hold(chosen);
      else if (one.kind === 'unhold') bench.ari.unhold(chosen);
      else if (one.kind === 'refer') bench.ari.refer(chosen, one.to);
      else {
        const other = channels[(one.pick + 1) % channels.length];
        if (other !== chosen) bench.ari.refer(chosen, '2003', other);
      }
  }
  await bench.settle();
  return bench;
}

/** Every channel belongs to one call; no agent is given more than a talk and a call waiting (what the phone dials is its own). */
function isSound(bench: SwitchboardBench): void {
  const owners = new Map<string, number>();
  for (const call of bench.calls.values())
    for (const channel of [call.channel, ...call.legs.keys()])
      owners.set(channel, (owners.get(channel) ?? 0) + 1);
  for (const channel of people(bench))
    expect(owners.get(channel), `owners of ${channel}`).to.equal(1);
  for (const agent of [ADA, BEN]) {
    const given = [...bench.calls.values()].filter(
      ({ extensionAtAnchor: phone }) =>
        phone === undefined || bench.roster.agentAt(phone) !== agent,
    );
    const parties = given.flatMap(({ talk }) => talk?.live.parties ?? []);
    expect(
      parties.filter(({ agentId, role }) => agentId === agent && role !== 'consulted').length,
    ).to.be.lessThan(3);
  }
}

/** Nobody sits alone in a bridge, unless the other side of the talk waits with music. */
function nobodyIsAlone(bench: SwitchboardBench): void {
  for (const { id, channels } of bench.ari.bridges.values()) {
    if (channels.size !== 1) continue;
    const owner = [...bench.calls.values()].find((call) =>
      [...channels].some((channel) => call.channel === channel || call.legs.has(channel)),
    );
    expect(owner?.talk?.live.heldSince, `alone in ${id}`).to.be.a('number');
  }
}

describe('calls whose people transfer, consult, hold and hang up at random', function () {
  this.timeout(120_000);

  it('leak no channel, bridge or agent, and end exactly once each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 14, size: 'max' }), async (deeds) => {
        let bench = await start();
        const caller = await bench.callIn();
        await bench.press(caller, '1');
        await bench.advance(1_800);
        for (const one of deeds) {
          bench = await carryOut(bench, one);
          await bench.settle();
          isSound(bench);
        }
        await bench.advance(6_000);
        isSound(bench);
        nobodyIsAlone(bench);
        for (const channel of people(bench))
          if (bench.ari.channels.has(channel)) bench.ari.hangUpFarEnd(channel);
        await bench.advance(60_000);
        for (const channel of people(bench))
          if (bench.ari.channels.has(channel)) bench.ari.hangUpFarEnd(channel);
        await bench.advance(60_000);
        expect([...bench.ari.channels.keys()], 'channels').to.deep.equal([]);
        expect([...bench.ari.bridges.keys()], 'bridges').to.deep.equal([]);
        expect([...bench.ari.playbacks.keys()], 'playbacks').to.deep.equal([]);
        expect(bench.errors, 'errors').to.deep.equal([]);
        const started = bench.ledger.filter(({ kind }) => kind === 'call-arrived');
        const ended = bench.ledger.filter(({ kind }) => kind === 'call-ended');
        expect(new Set(ended.map(({ callId }) => callId)).size, 'each call ends').to.equal(
          started.length,
        );
        expect(ended, 'once').to.have.length(started.length);
        for (const agent of [ADA, BEN])
          expect(bench.roster.state(agent)?.state, 'agents').to.not.equal('talking');
        expect(bench.healed, 'healed').to.deep.equal([]);
        expect(bench.roster.illegalEvents, 'illegal events').to.equal(0);
      }),
      { numRuns: 400 },
    );
  });
});
