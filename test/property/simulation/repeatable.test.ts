import { expect } from 'chai';
import fc from 'fast-check';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { simulateAcd } from '../../../src/simulation/acd/summary.js';
import { planOf } from '../../support/simulation.js';

const twoQueues = {
  phones: { ring: 'exponential:4', missShare: 0.05 },
  queues: [
    { name: 'A', callsPerHour: 60, patience: 'exponential:90', strategy: 'random' as const },
    { name: 'B', callsPerHour: 30, patience: 'lognormal:200,1', strategy: 'weighted' as const },
  ],
  agents: [{ name: 'Agent', count: 9 }],
};

describe('simulation: the same again', function () {
  this.timeout(60_000);

  it('gives the same result to the byte with the same seed, and another with another', () => {
    const text = (seed: number): string =>
      JSON.stringify(simulateAcd(planOf(twoQueues, { calls: 2_000 }), 3, seed));
    expect(text(7)).to.equal(text(7));
    expect(text(7)).to.not.equal(text(8));
  });

  it('gives one queue the same callers, whatever the other one does', () => {
    const arrivals = (rate: number): readonly number[] => {
      const [a, b] = twoQueues.queues;
      const plan = planOf(
        {
          ...twoQueues,
          queues: [
            { ...a, name: 'A' },
            { ...b, name: 'B', callsPerHour: rate },
          ],
        },
        { hours: 5, warmUpSeconds: 0 },
      );
      const times: number[] = [];
      new AcdSimulation(plan, 3, ({ event }) => {
        if (event.kind === 'call-queued' && event.queue === plan.queues[0]?.rules.id)
          times.push(event.at);
      }).run();
      return times;
    };
    expect(arrivals(30)).to.deep.equal(arrivals(90));
  });

  it('gives exactly the calls of a trace: when, where, how long', () => {
    const row = fc.record({
      at: fc.nat(7_200),
      queue: fc.constantFrom('A', 'B'),
      priority: fc.integer({ min: -2, max: 2 }),
      handlingSeconds: fc.nat(600),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (trace) => {
        const plan = planOf({
          queues: [{ name: 'A' }, { name: 'B' }],
          agents: [{ name: 'Agent', count: 3 }],
          trace,
        });
        const came: unknown[] = [];
        const talks = new Map<string, number>();
        const result = new AcdSimulation(plan, 1, ({ event }) => {
          if (event.kind === 'call-queued')
            came.push([event.at, event.queue, event.priority, event.call]);
          if (event.kind === 'offer-answered') talks.set(event.call, -event.at);
          if (event.kind === 'talk-ended')
            talks.set(event.call, (talks.get(event.call) ?? NaN) + event.at);
        }).run();
        const given = [...trace].sort((a, b) => a.at - b.at);
        const ids = [...talks.keys()].sort();
        expect(came).to.deep.equal(
          given.map(({ at, queue, priority }, index) => [
            at * 1000,
            queue === 'A' ? 1 : 2,
            priority,
            ids[index],
          ]),
        );
        expect(ids.map((id) => talks.get(id))).to.deep.equal(
          given.map(({ handlingSeconds }) => handlingSeconds * 1000),
        );
        expect(result.total.offered).to.equal(trace.length);
        expect(result.total.answered).to.equal(trace.length);
      }),
      { numRuns: 100 },
    );
  });

  it('comes at the rate of each interval', () => {
    const plan = planOf({
      queues: [
        { name: 'A', arrivals: { from: '08:00', intervalMinutes: 30, calls: [200, 0, 50, 400] } },
      ],
      agents: [{ name: 'Agent', count: 100 }],
    });
    const counts = [0, 0, 0, 0];
    const replications = 40;
    for (let seed = 1; seed <= replications; seed++)
      new AcdSimulation(plan, seed, ({ event }) => {
        if (event.kind !== 'call-queued') return;
        const at = Math.floor((event.at / 3_600_000 - 8) * 2);
        counts[at] = (counts[at] ?? 0) + 1;
      }).run();
    expect(counts).to.have.length(4);
    [200, 0, 50, 400].forEach((mean, at) => {
      const deviation = Math.sqrt(mean / replications);
      expect((counts[at] ?? NaN) / replications).to.be.within(
        mean - 4 * deviation,
        mean + 4 * deviation,
      );
    });
  });
});
