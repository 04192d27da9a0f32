/**
 * Half of what the machine carries, for an hour: what a call takes must be given back. Memory, descriptors, timers, keys in Redis,
 * channels and bridges are counted while nothing happens, before and after. Last line: one JSON object.
 *
 *   npm run soak -- --short
 *   npm run soak -- [--minutes 60] [--rate 3] [--agents 80]
 *
 * Without `--rate` it first finds what the machine carries; `--short` is one minute at one call a second, for CI.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { makeBenchCompany, makeBenchTrunk, type BenchAgent } from './bench-company.js';
import { note, runBench, startPhones, type BenchSite, type Phones } from './bench-site.js';
import { ourSide, spokenOut, type LoadSide } from './load-side.js';
import { runStep, type Step } from './load-step.js';
import { grownOf, leftovers, readHoldings, type Holdings } from './holdings.js';

const option = (name: string): number | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};
const isShort = process.argv.includes('--short');
const MINUTES = isShort ? 1 : (option('minutes') ?? 60);
const AGENTS = option('agents') ?? (isShort ? 12 : 80);

const SET_UP_LIMIT_MS = 200;
const SEARCH = { from: 1, rise: 1.5, seconds: 12 };
/** Load comes in pieces, between which every call must be over. */
const PIECE_S = 60;
/** Before anything is counted for the first time: caches fill, code is compiled, connections open. */
const WARM_UP_S = isShort ? 15 : 120;
/** Idle connections are closed after 20 s, and what waits for a moment is over. */
const REST_MS = 30_000;

/** The highest rate on the way up that was good. */
async function half(site: BenchSite, phones: Phones, side: LoadSide): Promise<number> {
  let rate = SEARCH.from;
  let best = rate;
  for (; rate * 3.5 < AGENTS; rate *= SEARCH.rise) {
    const { failed, setUpMs } = await runStep(site, phones, side, {
      callsPerSecond: rate,
      seconds: SEARCH.seconds,
    });
    if (failed > 0 || (setUpMs.p95 ?? Infinity) > SET_UP_LIMIT_MS) break;
    best = rate;
  }
  return Math.round((best / 2) * 10) / 10;
}

async function resting(site: BenchSite): Promise<Holdings> {
  await site.product.isIdle(60_000);
  await sleep(REST_MS);
  return readHoldings(site);
}

async function measure(site: BenchSite, agents: readonly BenchAgent[]): Promise<object> {
  await spokenOut(site);
  const phones = await startPhones(site, agents);
  try {
    for (const { agentId } of agents)
      await site.product.order({ kind: 'agent-available', agentId });
    const side = await ourSide(site);
    const callsPerSecond = isShort ? 1 : (option('rate') ?? (await half(site, phones, side)));
    await runStep(site, phones, side, { callsPerSecond, seconds: WARM_UP_S });
    const before = await resting(site);
    note(JSON.stringify(before));
    const steps: Step[] = [];
    for (let left = MINUTES * 60; left > 0; left -= PIECE_S)
      steps.push(
        await runStep(site, phones, side, { callsPerSecond, seconds: Math.min(PIECE_S, left) }),
      );
    const after = await resting(site);
    const sum = (of: (step: Step) => number): number =>
      steps.reduce((total, step) => total + of(step), 0);
    const grown = grownOf(before, after);
    return {
      bench: 'soak',
      short: isShort,
      minutes: MINUTES,
      callsPerSecond,
      calls: sum(({ calls }) => calls),
      failed: sum(({ failed }) => failed),
      grew: leftovers(grown),
      grown,
      before,
      after,
      load: loadavg()[0],
    };
  } finally {
    await phones.sipp.stop();
  }
}

await runBench(async (configuration, callerPort, otherPort) => {
  const agents = await makeBenchCompany(configuration, AGENTS, callerPort, true);
  await makeBenchTrunk(configuration, otherPort, 'Heard callers');
  return agents;
}, measure);
