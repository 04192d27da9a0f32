import { expect } from 'chai';
import fc from 'fast-check';
import type { AgentId } from '../../../src/kernel/ids.js';
import {
  ADA,
  BEN,
  demoDirectory,
  DID,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const AGENTS: readonly AgentId[] = [ADA, BEN];
const PHONE = /^PJSIP\/200\d$/;
const CUSTOMER = /^PJSIP\/\+44.*@trunk-/;
const numberOf = (who: number): string => `+44207946000${String(who)}`;

const who = fc.integer({ min: 1, max: 4 });
const behaviour = fc.constantFrom('answers', 'busy', 'declines', 'rings');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('call' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('agent' as const),
      agent: fc.constantFrom(...AGENTS),
      isReady: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('customers' as const), behaviour }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('phones' as const), behaviour }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('database' as const), isAway: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'hurry' as const), who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('agent-hangs-up' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('opening' as const), isOpen: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 100, max: 40_000 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(bench: SwitchboardBench, one: Step): Promise<void> {
  switch (one.do) {
    case 'ask':
    case 'call': {
      const channel = await bench.callIn(DID, numberOf(one.who));
      for (const key of one.do === 'ask' ? '111' : '1')
        if (bench.ari.channels.has(channel)) await bench.press(channel, key);
      return;
    }
    case 'agent':
      if (bench.roster.state(one.agent)?.state === 'signed-out') bench.signIn(one.agent);
      else if (one.isReady) bench.roster.available(one.agent);
      else bench.roster.notReady(one.agent, 'break');
      return;
    case 'customers':
      bench.ari.farEnd(CUSTOMER, { kind: one.behaviour as 'rings' });
      return;
    case 'phones':
      bench.ari.farEnd(PHONE, { kind: one.behaviour as 'rings' });
      return;
    case 'database':
      bench.callbackRows.isAway = one.isAway;
      return;
    case 'cancel':
    case 'hurry': {
      const open = bench.callbacks.openFor(numberOf(one.who));
      if (open === undefined) return;
      if (one.do === 'hurry') bench.callbacks.hurry(open.id);
      else bench.callbacks.close(open.id, 'cancelled');
      return;
    }
    case 'opening':
      bench.isOpen = one.isOpen;
      return;
    case 'agent-hangs-up': {
      const trying = [...bench.calls.values()].find((call) => call.stage.kind === 'dial-outside');
      if (trying && !trying.gone) bench.ari.hangUpFarEnd(trying.channel);
      return;
    }
    case 'wait':
      await bench.advance(one.ms);
  }
}

/** What must be true at any moment. */
function holds(bench: SwitchboardBench): void {
  const { engine } = bench.roster.acd;
  const waiting = [...(engine.line(salesQueue.id)?.everybody ?? [])];
  const tries = [...bench.calls.values()].filter((call) => call.stage.kind === 'dial-outside');
  const offered = waiting.filter(
    ({ call, offers }) => bench.callbacks.person(call) !== undefined && offers.length > 0,
  );
  const atWork = [...engine.agents].filter(({ state }) => state !== 'signed-out').length;
  expect(tries.length + offered.length, 'tries').to.be.at.most(atWork);
  const numbers = waiting.flatMap(({ call }) => bench.callbacks.person(call)?.from ?? []);
  expect(new Set(numbers).size, 'one place a number').to.equal(numbers.length);
  const dialledTo = tries.map((call) => call.facts.to);
  expect(new Set([...numbers, ...dialledTo]).size, 'waits or is tried').to.equal(
    numbers.length + dialledTo.length,
  );
}

describe('callbacks, whatever happens', function () {
  this.timeout(120_000);

  it('never has more tries than agents nor two callbacks to a number, and forgets none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const bench = await new SwitchboardBench(
          demoDirectory({
            ...salesQueue,
            leavesWhenEmpty: false,
            maxWaitMs: 0,
            callback: { offerAfterMs: 20_000, attempts: 3, retryMs: 30_000 },
          }),
        ).start();
        bench.ari.farEnd(PHONE, { kind: 'answers', afterMs: 1_000 });
        bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
        for (const one of steps) {
          await take(bench, one);
          await bench.settle();
          holds(bench);
        }
        // Everybody is there and everything answers: no callback is left over.
        bench.callbackRows.isAway = false;
        bench.isOpen = true;
        bench.ari.farEnd(PHONE, { kind: 'answers', afterMs: 500, talkMs: 20_000 });
        bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 500, talkMs: 2_000 });
        for (const call of [...bench.calls.values()])
          if (!call.gone) bench.ari.hangUpFarEnd(call.channel);
        await bench.settle();
        for (let i = 0; i < 12; i++) {
          for (const agent of AGENTS) {
            if (bench.roster.state(agent)?.state === 'signed-out') bench.signIn(agent);
            bench.roster.available(agent);
          }
          await bench.advance(30_000);
          holds(bench);
        }
        const left = [...bench.callbackRows.rows.values()].filter(
          ({ state }) => state === 'waiting' || state === 'calling',
        );
        expect(left, 'left over').to.deep.equal([]);
        expect(bench.errors).to.deep.equal([]);
        expect(bench.roster.illegalEvents, 'events the engine could not use').to.equal(0);
        await bench.stop();
      }),
      { numRuns: 60 },
    );
  });
});
