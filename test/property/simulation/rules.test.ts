import { expect } from 'chai';
import fc from 'fast-check';
import { STRATEGIES, type Acd, type AcdAgent } from '../../../src/engines/acd/acd.js';
import type { Waiter } from '../../../src/engines/acd/waiter.js';
import { levelAfter } from '../../../src/engines/acd/requirement.js';
import {
  AcdSimulation,
  type ReplicationResult,
  type SimulationStep,
} from '../../../src/simulation/acd/acd-simulation.js';
import type { AcdPlan } from '../../../src/simulation/acd/plan.js';
import type { AgentId, CallId } from '../../../src/kernel/ids.js';
import { planOf, type ScenarioInput } from '../../support/simulation.js';

const POINT_S = 30;

/** A busy little site: two lines with skills that relax, priorities, misses, wrap-up with more time, shifts and breaks. */
const site = (strategy: (typeof STRATEGIES)[number], missShare: number): ScenarioInput => ({
  pointSeconds: POINT_S,
  phones: { ring: 'uniform:1,6', missShare, returnAfter: '30', wrapUpWork: 'exponential:20' },
  queues: [
    {
      name: 'Sales',
      strategy,
      callsPerHour: 90,
      handling: 'lognormal:180,1',
      patience: 'exponential:120',
      priority: 1,
      wrapUp: { seconds: 15, extensions: 1, extendBySeconds: 15, codeNeeded: true },
      requirements: [
        { skill: 'english', minLevel: 50, relax: [{ afterSeconds: 40, minLevel: 0 }] },
      ],
      overflow: { waitSeconds: 90, to: 'Support' },
    },
    {
      name: 'Support',
      callsPerHour: 60,
      handling: 'exponential:200',
      patience: 'uniform:20,300',
      maxTalking: 6,
      overflow: { length: 9 },
    },
  ],
  agents: [
    { name: 'All', count: 3, skills: { english: 80 } },
    { name: 'Sales', count: 3, queues: ['Sales'], skills: { english: 30 } },
    {
      name: 'Support',
      count: 3,
      queues: ['Support'],
      shifts: [
        { from: '00:05', to: '02:00' },
        { from: '02:00', to: '03:30' },
      ],
      breaks: [{ at: '01:00', minutes: 10 }],
    },
  ],
});

const run = (plan: AcdPlan, seed: number, observe: (step: SimulationStep) => void) =>
  new AcdSimulation(plan, seed, observe).run();

const isServed = ({ total }: ReplicationResult): void => {
  const { offered, answered, abandoned, overflowed, unserved } = total;
  expect(unserved).to.equal(0);
  expect(answered + abandoned + overflowed).to.equal(offered);
};

const anySite = fc.record({
  seed: fc.nat(1_000_000),
  strategy: fc.constantFrom(...STRATEGIES),
  missShare: fc.constantFrom(0, 0.2),
});

/** Who may serve whom, worked out from the plan and not from the engine's indexes. */
function mayServe(plan: AcdPlan, acd: Acd, agent: AcdAgent, waiter: Waiter, at: number): boolean {
  const queue = plan.queues.find(({ rules }) => rules.id === waiter.queue);
  if (queue === undefined || !agent.queues.some((one) => one.queue === waiter.queue)) return false;
  if (
    queue.rules.maxTalking > 0 &&
    (acd.line(waiter.queue)?.inService ?? 0) >= queue.rules.maxTalking
  )
    return false;
  if ((waiter.rejected?.get(agent.id) ?? 0) > at) return false;
  return [...queue.rules.requirements, ...waiter.requirements].every(
    (asked) =>
      !asked.isRequired ||
      (agent.skills.get(asked.skill) ?? 0) >= levelAfter(asked, at - waiter.enteredAt).minLevel,
  );
}

describe('simulation: rules that always hold', function () {
  this.timeout(60_000);

  it('no agent has two calls, and no call has two agents unless all ring', () => {
    fc.assert(
      fc.property(anySite, ({ seed, strategy, missShare }) => {
        const plan = planOf(site(strategy, missShare), { hours: 4 });
        const has = new Map<AgentId, CallId>();
        const result = run(plan, seed, ({ event, commands }) => {
          if (event.kind === 'talk-ended' || event.kind === 'offer-failed') {
            expect(has.get(event.agent)).to.equal(event.call);
            has.delete(event.agent);
          }
          if (event.kind === 'offer-answered') expect(has.get(event.agent)).to.equal(event.call);
          for (const command of commands) {
            if (command.kind === 'withdraw-offer') has.delete(command.agent);
            if (command.kind !== 'offer-call') continue;
            expect(has.has(command.agent), `agent ${String(command.agent)} has a call`).to.equal(
              false,
            );
            const isTaken = [...has.values()].includes(command.call);
            if (strategy !== 'ring-all')
              expect(isTaken, `${command.call} is taken`).to.equal(false);
            has.set(command.agent, command.call);
          }
        });
        isServed(result);
        expect(result.illegalEvents).to.equal(0);
      }),
      { numRuns: 40 },
    );
  });

  it('no agent who may serve a caller idles while the caller waits', () => {
    fc.assert(
      fc.property(anySite, ({ seed, strategy, missShare }) => {
        const plan = planOf(site(strategy, missShare), { hours: 3 });
        run(plan, seed, ({ acd, event: { at } }) => {
          const free = [...acd.agents].filter(({ state }) => state === 'available');
          if (free.length === 0) return;
          for (const { rules } of plan.queues)
            for (const waiter of acd.waiting(rules.id)) {
              if (waiter.offers.length > 0) continue;
              const idle = free.find((agent) => mayServe(plan, acd, agent, waiter, at));
              expect(idle?.name, `${waiter.call} waits`).to.equal(undefined);
            }
        });
      }),
      { numRuns: 40 },
    );
  });

  it('nobody is overtaken inside a priority, nor by a higher one that came more than its head start later', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...STRATEGIES), (seed, strategy) => {
        const at = (row: number): number => 1 + ((row * 7919 + seed) % 10_800);
        const plan = planOf({
          pointSeconds: POINT_S,
          queues: [{ name: 'Line', strategy, handling: 'exponential:120' }],
          agents: [{ name: 'Agent', count: 5 }],
          trace: Array.from({ length: 400 }, (_, row) => ({
            at: at(row),
            queue: 'Line',
            priority: row % 5 === 0 ? 4 : 0,
          })),
        });
        const result = run(plan, seed, ({ acd, commands }) => {
          for (const command of commands) {
            const chosen = command.kind === 'offer-call' ? acd.waiter(command.call) : undefined;
            if (chosen === undefined) continue;
            for (const other of acd.waiting(chosen.queue)) {
              if (other.offers.length > 0) continue;
              const headStart = (chosen.priority - other.priority) * POINT_S * 1000;
              expect(chosen.enteredAt, `${chosen.call} overtakes ${other.call}`).to.be.at.most(
                other.enteredAt + Math.max(0, headStart),
              );
            }
          }
        });
        isServed(result);
        expect(result.total.answered).to.equal(400);
      }),
      { numRuns: 25 },
    );
  });

  it('nobody starves: under overload of the high priority a low one waits at most the head start longer', () => {
    const headStartS = 10 * POINT_S;
    const plan = planOf({
      pointSeconds: POINT_S,
      queues: [
        { name: 'Low', callsPerHour: undefined, handling: '60' },
        { name: 'High', priority: 10, handling: '60' },
      ],
      agents: [{ name: 'Agent', count: 4 }],
      // Five calls a minute for four agents, 4 in 5 of them of high priority, for two hours.
      trace: Array.from({ length: 600 }, (_, row) => ({
        at: row * 12,
        queue: row % 5 === 2 ? 'Low' : 'High',
      })),
    });
    const result = run(plan, 3, () => undefined);
    isServed(result);
    expect(result.total.answered).to.equal(600);
    const [low, high] = result.queues;
    expect(low?.longestWaitS).to.be.at.most((high?.longestWaitS ?? NaN) + headStartS + 60);
    expect(low?.longestWaitS, 'the head start is felt').to.be.above(high?.longestWaitS ?? NaN);
  });
});
