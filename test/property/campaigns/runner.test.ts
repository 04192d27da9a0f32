import { expect } from 'chai';
import fc from 'fast-check';
import type { AgentId } from '../../../src/kernel/ids.js';
import { MINIMUM_RING_MS, PATIENCE_MS } from '../../../src/telephony/calls/campaigns/pacing.js';
import { CAMPAIGN, plainCampaign } from '../../support/campaign-rows.js';
import type { FarEnd } from '../../support/fake-asterisk.js';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const ms = (min: number, max: number) => fc.integer({ min, max });
const person: fc.Arbitrary<FarEnd> = fc.oneof(
  fc.record({
    kind: fc.constant('answers' as const),
    afterMs: ms(0, 29_000),
    talkMs: ms(0, 40_000),
    detected: fc.constantFrom('HUMAN' as const, 'MACHINE' as const, 'NOTSURE' as const),
  }),
  fc.constant({ kind: 'rings' as const }),
  fc.constant({ kind: 'silent' as const }),
  fc.record({
    kind: fc.constantFrom('busy' as const, 'declines' as const, 'unknown-number' as const),
    afterMs: ms(0, 20_000),
  }),
  fc.constant({ kind: 'congestion' as const }),
);
/** A desk phone: most answer by themselves, some late, some never. */
const phone: fc.Arbitrary<FarEnd> = fc.oneof(
  fc.record({ kind: fc.constant('answers' as const), afterMs: ms(0, 4_000) }),
  fc.constant({ kind: 'rings' as const }),
);
/** What agents do meanwhile, and when. */
const doings = fc.array(
  fc.record({ agent: fc.constantFrom(ADA, BEN), at: ms(0, 200), isBreak: fc.boolean() }),
  { maxLength: 12 },
);
const world = fc.record({
  mode: fc.constantFrom('progressive' as const, 'predictive' as const),
  machine: fc.constantFrom('off' as const, 'hang-up' as const, 'agent' as const),
  people: fc.array(person, { minLength: 1, maxLength: 25 }),
  phones: fc.tuple(phone, phone),
  doings,
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

/** Plays it until everybody has been called. */
async function play({ mode, machine, people, phones, doings: all }: World) {
  const queue = { ...salesQueue, leavesWhenEmpty: false, missesUntilNotReady: 0 };
  const bench = await new SwitchboardBench(demoDirectory(queue)).start();
  const rows = bench.campaignRows;
  rows.now = () => bench.clock.now();
  for (const [index, farEnd] of phones.entries())
    bench.ari.farEnd(`PJSIP/200${String(index + 1)}`, farEnd);
  const numbers = people.map((_, index) => `+44207946${String(1_000 + index)}`);
  for (const [index, farEnd] of people.entries())
    bench.ari.farEnd(new RegExp(`\\${numbers[index] ?? ''}@`), farEnd);
  rows.campaigns = [plainCampaign({ mode, machine: { kind: machine } })];
  rows.waiting.set(CAMPAIGN, [...numbers]);
  for (const agent of [ADA, BEN]) bench.signIn(agent);
  bench.campaigns.open();
  const act = (agent: AgentId, isBreak: boolean): void => {
    if (isBreak) bench.roster.notReady(agent, 'break');
    else bench.roster.available(agent);
  };
  const isOver = (): boolean =>
    rows.attempts.size === people.length &&
    rows.results.every(([, result]) => result !== undefined);
  for (let second = 0; second < 3_000 && !isOver(); second++) {
    for (const { agent, at, isBreak } of all) if (at === second) act(agent, isBreak);
    // In the end everybody works.
    if (second % 300 === 299) for (const agent of [ADA, BEN]) act(agent, false);
    await bench.advance(1_000);
  }
  const figures = bench.campaigns.live[0]?.abandonment;
  await bench.advance(60_000);
  return { bench, rows, isOver: isOver(), figures };
}

describe('a campaign, whatever happens', function () {
  this.timeout(120_000);

  it('ends each line once, in time, and counts it as what it was', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (one) => {
        const { bench, rows, isOver, figures } = await play(one);
        expect(isOver, 'everybody was called').to.equal(true);
        let abandoned = 0;
        for (const { at, news } of rows.attempts.values()) {
          const { result, answeredAt, connectedAt, endedAt } = news;
          if (result === 'abandoned') abandoned++;
          if (result === 'cancelled')
            expect((endedAt ?? 0) - at, 'rang').to.be.at.least(MINIMUM_RING_MS);
          if (result === 'human') expect(connectedAt).to.not.equal(undefined);
          if (connectedAt === undefined || answeredAt === undefined) continue;
          // Where the node listened who it is, the two seconds begin when it has heard enough.
          const heardMs = one.machine === 'off' ? 0 : 2_000;
          expect(connectedAt - answeredAt).to.be.within(0, PATIENCE_MS + heardMs);
        }
        expect(figures?.abandoned).to.equal(abandoned);
        expect(bench.errors).to.deep.equal([]);
        expect(bench.ari.leftovers()).to.deep.equal([]);
        for (const agent of [ADA, BEN])
          expect(bench.roster.state(agent)?.state).to.not.be.oneOf(['talking', 'ringing']);
        await bench.stop();
      }),
      { numRuns: 25 },
    );
  });
});
