import { AcdSimulation } from '../../src/simulation/acd/acd-simulation.js';
import { planOfSite, type TheoryAnswer, type TheoryJob } from './theory-sites.js';

// A process of its own for each core: simulates what it is sent, one replication after the other.
process.on('message', ({ id, site, calls, seed }: TheoryJob) => {
  const result = new AcdSimulation(planOfSite(site, calls), seed).run();
  const answer: TheoryAnswer = { id, result };
  process.send?.(answer);
});
