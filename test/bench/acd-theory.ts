import { performance } from 'node:perf_hooks';
import { idleSpreadOf, simulateAcd, summarize } from '../../src/simulation/acd/summary.js';
import { AcdSimulation } from '../../src/simulation/acd/acd-simulation.js';
import { covers99 } from '../../src/simulation/statistics.js';
import { groupsPlan, theoryChecks, theoryPlan, THEORY_ROWS } from '../support/simulation.js';

/**
 * npm run bench:acd-theory [-- --big] [--seeds N] [--calls N] [--seed N]
 *
 * Simulates the sites whose figures are known exactly, and says which figures lie inside the 99 % confidence interval; that a
 * ring of two skills an agent comes close to full pooling; and how far the idle shares of equal agents are apart. Without
 * options a few minutes; `--big` is 20 replications of a million calls each. Of a hundred figures that are right, one lies
 * outside a 99 % interval by chance. Prints one JSON line last; exit status 1 where a goal is missed.
 */
const BIG = { seeds: 20, calls: 1_000_000 };
const SMALL = { seeds: 10, calls: 100_000 };
/** Two skills of four, 500 agents: the wait may be so much longer than with all skills. Smaller groups pool less well. */
const RING = { row: THEORY_ROWS[2], groups: 4, limit: 1.05 };
/** Largest less smallest idle share of 100 agents, at a million calls. */
const SPREAD_LIMIT = 0.01;

const option = (name: string): number | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};
const isBig = process.argv.includes('--big');
const base = isBig ? BIG : SMALL;
const seeds = option('seeds') ?? base.seeds;
const calls = option('calls') ?? base.calls;
const firstSeed = option('seed') ?? 1;

const startedAt = performance.now();
const speed = { calls: 0, ms: 0 };

const rows = THEORY_ROWS.flatMap((row) =>
  (['erlang-c', 'erlang-a'] as const).map((model) => {
    const plan = theoryPlan(row, model, { calls });
    const from = performance.now();
    const summary = simulateAcd(plan, seeds, firstSeed);
    speed.calls += summary.simulatedCalls;
    speed.ms += performance.now() - from;
    const checks = theoryChecks(row, model, summary).map(({ figure, exact, simulated }) => ({
      figure,
      exact,
      mean: simulated.mean,
      ci99: simulated.ci99,
      isInside: covers99(simulated, exact),
    }));
    for (const { figure, exact, mean, ci99, isInside } of checks)
      console.log(
        `${isInside ? 'ok     ' : 'OUTSIDE'} ${model} ${String(row.agents)} agents, ${figure}: ` +
          `exactly ${exact.toPrecision(5)}, simulated ${mean.toPrecision(5)} in ${JSON.stringify(ci99)}`,
      );
    return { model, ...row, checks };
  }),
);

const [ringS, pooledS] = (['ring', 'pooled'] as const).map(
  (kind) =>
    simulateAcd(groupsPlan(RING.row, RING.groups, kind, { calls }), seeds, firstSeed).total.asaAllS
      ?.mean ?? NaN,
);
const ring = { ringS, pooledS, ratio: (ringS ?? NaN) / (pooledS ?? NaN) };
console.log(
  `two skills of ${String(RING.groups)}, in a ring: wait ${String(ringS)} s, pooled ${String(pooledS)} s`,
);

const spreadPlan = theoryPlan(THEORY_ROWS[1], 'erlang-a', { calls: Math.max(calls, BIG.calls) });
const spreadResult = new AcdSimulation(spreadPlan, firstSeed).run();
const spread = idleSpreadOf(spreadResult.agents);
console.log(
  `idle shares of 100 equal agents after ${String(summarize(spreadPlan, [spreadResult], firstSeed).simulatedCalls)} calls are apart by ${(spread * 100).toFixed(2)} %`,
);

const all = rows.flatMap(({ checks }) => checks);
const outside = all.filter(({ isInside }) => !isInside).length;
// So few that chance explains them: at most one in thirty.
const isGood = outside <= all.length / 30 && ring.ratio <= RING.limit && spread <= SPREAD_LIMIT;
const callsPerSecond = Math.round((speed.calls / speed.ms) * 1000);
console.log(
  `${String(all.length - outside)} of ${String(all.length)} figures inside; ${String(callsPerSecond)} calls a second; ` +
    `${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
);
console.log(
  JSON.stringify({ bench: 'acd-theory', seeds, calls, rows, ring, spread, callsPerSecond, isGood }),
);
if (!isGood) process.exitCode = 1;
