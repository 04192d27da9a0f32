import { expect } from 'chai';
import { STRATEGIES } from '../../../src/engines/acd/acd.js';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { simulateAcd } from '../../../src/simulation/acd/summary.js';
import { covers99 } from '../../../src/simulation/statistics.js';
import {
  planOf,
  theoryChecks,
  theoryPlan,
  THEORY_ROWS,
  type TheoryModel,
} from '../../support/simulation.js';

/**
 * Independent replications and calls that count in each; `npm run bench:acd-theory -- --big` has the large ones. Where callers
 * wait for ever, large sites need long replications: means of few relaxation times are skewed, and Student's interval around
 * them covers too rarely.
 */
const SIZES: Readonly<Record<TheoryModel, readonly (readonly [number, number])[]>> = {
  'erlang-c': [
    [10, 10_000],
    [6, 25_000],
    [6, 60_000],
    [4, 40_000],
  ],
  'erlang-a': [
    [10, 10_000],
    [6, 20_000],
    [5, 20_000],
    [4, 20_000],
  ],
};

describe('simulation and theory', function () {
  this.timeout(120_000);

  for (const model of ['erlang-c', 'erlang-a'] as const)
    THEORY_ROWS.forEach((row, index) => {
      const [seeds, calls] = SIZES[model][index] ?? [5, 10_000];
      it(`agree: ${model}, ${String(row.agents)} agents, ${String(row.callsPerHour)} calls an hour`, () => {
        const summary = simulateAcd(theoryPlan(row, model, { calls }), seeds, 1);
        expect(summary.illegalEvents).to.equal(0);
        expect(summary.total.unserved?.mean).to.equal(0);
        for (const { figure, exact, simulated } of theoryChecks(row, model, summary))
          expect(
            covers99(simulated, exact),
            `${figure}: exactly ${String(exact)}, simulated ${JSON.stringify(simulated)}`,
          ).to.equal(true);
      });
    });

  it('waits are the same by every strategy, for agents who are equal', () => {
    const totals = STRATEGIES.map((strategy) => {
      const plan = planOf(
        {
          queues: [{ name: 'Queue', strategy, callsPerHour: 100, handling: 'exponential:270' }],
          agents: [{ name: 'Agent', count: 10 }],
        },
        { calls: 4_000 },
      );
      return { strategy, total: new AcdSimulation(plan, 5).run().total };
    });
    for (const { strategy, total } of totals)
      expect(total, strategy).to.deep.equal(totals[0]?.total);
  });
});
