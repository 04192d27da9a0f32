import { expect } from 'chai';
import type { CallEvent } from '../../src/kernel/call-event.js';
import { randomSeries } from '../../src/simulation/random.js';
import {
  ADA,
  BEN,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const CALLS = 200;
const AGENTS = [ADA, BEN];
const ANSWER_MS = 1_000;

/** What happens in the very millisecond in which the agent's phone is lifted. */
const RACES = ['nothing', 'caller-leaves', 'agent-leaves', 'phone-hangs-up', 'both'] as const;

describe('two hundred calls whose people act in the same millisecond', function () {
  this.timeout(60_000);

  for (const seed of [1, 2, 3])
    it(`have one outcome each, and no agent has two or is stuck (seed ${String(seed)})`, async () => {
      const random = randomSeries(seed, 0);
      const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
      const queue = {
        ...salesQueue,
        wrapUp: { ...salesQueue.wrapUp, ms: 500 },
        leavesWhenEmpty: false,
      };
      const bench = await new SwitchboardBench(demoDirectory(queue)).start();
      for (const agent of AGENTS) bench.signIn(agent);
      const callers: string[] = [];
      const never = new AbortController();
      for (let n = 0; n < CALLS; n += 2) {
        const race = pick(RACES);
        for (const number of ['2001', '2002'])
          bench.ari.farEnd(`PJSIP/${number}`, {
            kind: 'answers',
            afterMs: ANSWER_MS,
            talkMs: race === 'phone-hangs-up' || race === 'both' ? 0 : 200 + 400 * random(),
          });
        const pair = [await bench.callIn(), await bench.callIn()];
        callers.push(...pair);
        const isFirst = random() < 0.5;
        const strike = (): void => {
          void bench.clock.sleep(ANSWER_MS, never.signal).then(() => {
            for (const caller of pair)
              if ((race === 'caller-leaves' || race === 'both') && bench.ari.channels.has(caller))
                bench.ari.hangUpFarEnd(caller);
            if (race === 'agent-leaves') bench.roster.signOut(pick(AGENTS));
          });
        };
        // Timers of one instant run in the order in which they were set.
        if (isFirst) strike();
        for (const caller of pair) bench.ari.press(caller, '1');
        if (!isFirst) {
          await bench.settle();
          strike();
        }
        await bench.advance(ANSWER_MS + 300);
        oneEach(bench);
        await bench.advance(2_000);
        for (const agent of AGENTS)
          if (bench.roster.state(agent)?.state === 'signed-out') bench.signIn(agent);
        await bench.advance(3_000);
      }
      for (const caller of callers)
        if (bench.ari.channels.has(caller as never)) bench.ari.hangUpFarEnd(caller as never);
      await bench.advance(20_000);
      const byCall = new Map<string, CallEvent[]>();
      for (const event of bench.ledger)
        byCall.set(event.callId, [...(byCall.get(event.callId) ?? []), event]);
      expect(byCall.size).to.equal(CALLS);
      for (const [id, events] of byCall) {
        const count = (kind: CallEvent['kind']): number =>
          events.filter((event) => event.kind === kind).length;
        expect(count('call-ended'), `ends of ${id}`).to.equal(1);
        expect(count('queue-left'), `outcomes of ${id}`).to.equal(count('queue-entered'));
        expect(count('offer-ended'), `offers of ${id}`).to.equal(count('offered'));
        expect(count('disconnected'), `talks of ${id}`).to.equal(count('connected'));
      }
      const outcomes = bench.ledger.flatMap((event) =>
        event.kind === 'queue-left' ? [event.outcome] : [],
      );
      // Every kind of end was there, or nothing was tried.
      for (const outcome of ['answered', 'abandoned'])
        expect(outcomes.filter((one) => one === outcome).length, outcome).to.be.above(CALLS / 10);
      for (const agent of AGENTS)
        expect(bench.roster.state(agent)?.state).to.be.oneOf(['available', 'signed-out']);
      expect(bench.roster.illegalEvents, 'illegal events').to.equal(0);
      expect(bench.ari.leftovers()).to.deep.equal([]);
      expect(bench.healed, 'healed').to.deep.equal([]);
      expect(bench.errors, 'errors').to.deep.equal([]);
    });

  /** No agent talks in two calls. */
  function oneEach(bench: SwitchboardBench): void {
    for (const agent of AGENTS) {
      const talks = [...bench.calls.values()].filter(
        ({ stage }) => stage.kind === 'talk' && stage.partner.agentId === agent,
      );
      expect(talks.length, `talks of agent ${String(agent)}`).to.be.at.most(1);
    }
  }
});
