import { expect } from 'chai';
import { AcdSimulation } from '../../../src/simulation/acd/acd-simulation.js';
import { idleSpreadOf, simulateAcd } from '../../../src/simulation/acd/summary.js';
import { planOf, ringPlan, theoryPlan, THEORY_ROWS } from '../../support/simulation.js';

describe('simulation: fairness and pooling', function () {
  this.timeout(120_000);

  const spreadOf = (strategy: 'longest-idle' | 'fixed-order'): number => {
    const plan = planOf(
      {
        queues: [{ name: 'Queue', strategy, callsPerHour: 210, handling: 'exponential:300' }],
        agents: [{ name: 'Agent', count: 20 }],
      },
      { calls: 100_000 },
    );
    return idleSpreadOf(new AcdSimulation(plan, 1).run().agents);
  };

  it('longest idle gives equal agents equal idle shares, a fixed order does not', () => {
    // 5,000 calls an agent: chance alone spreads 20 agents by about 1 %; the large run asks for 1 % at 10,000 calls an agent.
    expect(spreadOf('longest-idle')).to.be.at.most(0.02);
    expect(spreadOf('fixed-order')).to.be.at.least(0.1);
  });

  it('two skills an agent, in a ring, come close to everybody having all', () => {
    const row = THEORY_ROWS[1];
    const ring = simulateAcd(ringPlan(row, RING_GROUPS, { calls: 60_000 }), 4, 1);
    const pool = simulateAcd(theoryPlan(row, 'erlang-c', { calls: 60_000 }), 4, 1);
    expect(ring.illegalEvents).to.equal(0);
    const [ringS, poolS] = [ring.total.asaAllS?.mean ?? NaN, pool.total.asaAllS?.mean ?? NaN];
    // One skill an agent would be four separate sites of 25 agents: six times the wait.
    expect(ringS / poolS).to.be.within(0.7, 1.3);
    for (const queue of ring.queues)
      expect(queue.asaAllS?.mean, queue.name).to.be.within(0.6 * ringS, 1.4 * ringS);
  });
});

/** Skills, and groups of agents, in the ring. */
const RING_GROUPS = 4;
