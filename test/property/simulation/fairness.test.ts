import { expect } from 'chai';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { idleSpreadOf, simulateAcd, type AcdSummary } from '../../../src/simulation/acd/summary.js';
import { groupsPlan, planOf, THEORY_ROWS } from '../../support/simulation.js';

describe('simulation: fairness and pooling', function () {
  this.timeout(120_000);

  const spreadOf = (strategy: 'longest-idle' | 'fixed-order'): number => {
    const plan = planOf(
      {
        queues: [{ name: 'Queue', strategy, callsPerHour: 210, handling: 'exponential:300' }],
        agents: [{ name: 'Agent', count: 20 }],
      },
      { calls: 60_000 },
    );
    return idleSpreadOf(new AcdSimulation(plan, 1).run().agents);
  };

  it('longest idle gives equal agents equal idle shares, a fixed order does not', () => {
    // 3,000 calls an agent: chance alone spreads 20 agents by about 1 %; the large run asks for 1 % at 10,000 calls an agent.
    expect(spreadOf('longest-idle')).to.be.at.most(0.02);
    expect(spreadOf('fixed-order')).to.be.at.least(0.1);
  });

  it('two skills an agent, in a ring, come close to everybody having all', () => {
    const row = THEORY_ROWS[2];
    const [ring, pooled] = (['ring', 'pooled'] as const).map((kind) =>
      simulateAcd(groupsPlan(row, 4, kind, { calls: 25_000 }), 3, 1),
    );
    const waitOf = (summary: AcdSummary | undefined): number => summary?.total.asaAllS?.mean ?? NaN;
    // One skill an agent would be four sites of 125 agents each, with several times the wait.
    expect(waitOf(ring) / waitOf(pooled)).to.be.within(0.95, 1.1);
    for (const queue of ring?.queues ?? [])
      expect(queue.asaAllS?.mean, queue.name).to.be.within(0.7 * waitOf(ring), 1.3 * waitOf(ring));
  });
});
