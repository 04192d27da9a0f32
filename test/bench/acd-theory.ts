import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { idleSpreadOf, summarize, type AcdSummary } from '../../src/simulation/acd/summary.js';
import { covers99 } from '../../src/simulation/statistics.js';
import { theoryChecks, THEORY_ROWS } from '../support/simulation.js';
import { runAll, type Wanted } from './theory-crew.js';
import { planOfSite, RING, rowOf, type TheorySite } from './theory-sites.js';

/**
 * npm run bench:acd-theory [-- --big] [--seeds N] [--calls N] [--seed N]
 *
 * Simulates the sites whose figures are known exactly, and says which figures lie inside the 99 % confidence interval; that a
 * ring of two skills an agent comes close to full pooling; and how far the idle shares of equal agents are apart. On all cores
 * at once, and says how far it is. Without options a minute; `--big` is 10 replications of 400,000 calls each, in less
 * than 10 minutes on 2 cores. Of a hundred figures that are right, one lies outside a 99 % interval by chance. Prints one JSON
 * line last; exit status 1 where a goal is missed.
 */
const BIG = { seeds: 10, calls: 400_000 };
const SMALL = { seeds: 10, calls: 100_000 };
/** Largest less smallest idle share of 100 agents, at a million calls. */
const SPREAD = { site: { kind: 'erlang-a', row: 1 }, calls: 1_000_000, limit: 0.01 } as const;
const PROGRESS_MS = 15_000;

const option = (name: string): number | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};
const base = process.argv.includes('--big') ? BIG : SMALL;
const seeds = option('seeds') ?? base.seeds;
const calls = option('calls') ?? base.calls;
const firstSeed = option('seed') ?? 1;

const models = ['erlang-c', 'erlang-a'] as const;
const sites: readonly TheorySite[] = [
  ...THEORY_ROWS.flatMap((_, row) => models.map((kind) => ({ kind, row }))),
  { kind: 'ring' },
  { kind: 'pooled' },
];
const wanted: readonly Wanted[] = [
  { site: SPREAD.site, calls: Math.max(calls, SPREAD.calls), seed: firstSeed },
  ...sites.flatMap((site) =>
    Array.from({ length: seeds }, (_, at) => ({ site, calls, seed: firstSeed + at })),
  ),
];

const startedAt = performance.now();
const secondsSince = (): number => (performance.now() - startedAt) / 1000;
let saidAt = startedAt;
const [spreadResult, ...results] = await runAll(wanted, (done) => {
  if (performance.now() - saidAt < PROGRESS_MS) return;
  saidAt = performance.now();
  const leftS = (secondsSince() / done) * (wanted.length - done);
  console.log(
    `${String(done)} of ${String(wanted.length)} replications, about ${leftS.toFixed(0)} s left`,
  );
});
const seconds = secondsSince();

const summaryOf = (site: TheorySite): AcdSummary => {
  const at = sites.indexOf(site) * seeds;
  return summarize(planOfSite(site, calls), results.slice(at, at + seeds), firstSeed);
};

const rows = sites.flatMap((site) => {
  if (!('row' in site)) return [];
  const row = rowOf(site.row);
  const checks = theoryChecks(row, site.kind, summaryOf(site)).map(
    ({ figure, exact, simulated }) => ({
      figure,
      exact,
      mean: simulated.mean,
      ci99: simulated.ci99,
      isInside: covers99(simulated, exact),
    }),
  );
  for (const { figure, exact, mean, ci99, isInside } of checks)
    console.log(
      `${isInside ? 'ok     ' : 'OUTSIDE'} ${site.kind} ${String(row.agents)} agents, ${figure}: ` +
        `exactly ${exact.toPrecision(5)}, simulated ${mean.toPrecision(5)} in ${JSON.stringify(ci99)}`,
    );
  return [{ model: site.kind, ...row, checks }];
});

const [ringS = NaN, pooledS = NaN] = sites
  .filter((site) => !('row' in site))
  .map((site) => summaryOf(site).total.asaAllS?.mean ?? NaN);
const ring = { ringS, pooledS, ratio: ringS / pooledS };
console.log(
  `two skills of ${String(RING.groups)}, in a ring: wait ${ringS.toPrecision(5)} s, pooled ${pooledS.toPrecision(5)} s`,
);

const spread = idleSpreadOf(spreadResult?.agents ?? []);
console.log(
  `idle shares of ${String(rowOf(SPREAD.site.row).agents)} equal agents after ${String(spreadResult?.calls)} calls are apart by ${(spread * 100).toFixed(2)} %`,
);

const all = rows.flatMap(({ checks }) => checks);
const outside = all.filter(({ isInside }) => !isInside).length;
const simulated = results.reduce((sum, one) => sum + one.calls, spreadResult?.calls ?? 0);
const callsPerSecond = Math.round(simulated / seconds);
// So few that chance explains them: at most one in thirty.
const isGood = outside <= all.length / 30 && ring.ratio <= RING.limit && spread <= SPREAD.limit;
console.log(
  `${String(all.length - outside)} of ${String(all.length)} figures inside; ${String(callsPerSecond)} calls a second on ` +
    `${String(availableParallelism())} cores; ${seconds.toFixed(0)} s`,
);
console.log(
  JSON.stringify({
    ...{ bench: 'acd-theory', seeds, calls, rows, ring, spread, seconds: Math.round(seconds) },
    ...{ callsPerSecond, isGood },
  }),
);
if (!isGood) process.exitCode = 1;
