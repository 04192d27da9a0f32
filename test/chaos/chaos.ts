/**
 * Kills, cuts, freezes and slows everything that the product stands on, in the middle of real calls, and counts what was
 * lost by the account of those outside. Last line: one JSON object.
 *
 *   npm run chaos -- [--rounds N] [--seed N] [--only KIND[,KIND]] [--short]
 */
import { parseArgs } from 'node:util';
import { platformDown, platformUp } from '../support/platform.js';
import { FAULT_KINDS, FAULTS, type FaultKind } from './faults.js';
import { Round, type Findings } from './round.js';
import { note, openChaosSite, seeded, type ChaosSite } from './site.js';

/** What a first look and the suite need. */
const SHORT: readonly FaultKind[] = ['program-kill', 'redis-kill'];
/** Desk phones of the carrier: five with agents of the scene, the others for the churn. */
const PHONES = '9';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});

function kindsAsked(): readonly FaultKind[] {
  if (values.only === undefined) return values.short ? SHORT : FAULT_KINDS;
  return values.only.split(',').map((name) => {
    if (!(name in FAULTS))
      throw new Error(`no kind is called ${name}; there are: ${FAULT_KINDS.join(', ')}`);
    return name as FaultKind;
  });
}

/** Each kind once, in an order of chance; then again. */
function plan(kinds: readonly FaultKind[], rounds: number, seed: number): readonly FaultKind[] {
  const next = seeded(seed);
  const all: FaultKind[] = [];
  while (all.length < rounds) {
    const left = [...kinds];
    while (left.length > 0) all.push(...left.splice(Math.floor(next() * left.length), 1));
  }
  return all.slice(0, rounds);
}

type Sums = Omit<Findings, 'secondsToService'> & { rounds: number; secondsToService: number };
const none = (): Sums => ({
  ...{ rounds: 0, calls: 0, talksDropped: 0, placesLost: 0, ledgerLost: 0, ledgerDoubled: 0 },
  ...{ recordingsLost: 0, agentsStuck: 0, secondsToService: 0 },
});

function add(sums: Sums, found: Findings): void {
  sums.rounds += 1;
  for (const key of Object.keys(found) as (keyof Findings)[])
    if (key === 'secondsToService') sums[key] = Math.max(sums[key], found[key]);
    else sums[key] += found[key];
}

async function runRounds(site: ChaosSite, kinds: readonly FaultKind[]): Promise<object> {
  const total = none();
  let brokenRounds = 0;
  const byKind = new Map<FaultKind, Sums>();
  for (const [index, kind] of kinds.entries()) {
    const startedAt = Date.now();
    note(`round ${String(index + 1)} of ${String(kinds.length)}: ${kind}`);
    const found = await new Round(site, kind, index).run().catch(async (error: unknown) => {
      note(
        `  broken off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      await setBack(site);
      return undefined;
    });
    if (found === undefined) {
      brokenRounds += 1;
      continue;
    }
    note(`  ${JSON.stringify(found)} in ${String(Math.round((Date.now() - startedAt) / 1000))} s`);
    const sums = byKind.get(kind) ?? none();
    byKind.set(kind, sums);
    add(sums, found);
    add(total, found);
  }
  return { ...total, brokenRounds, kinds: Object.fromEntries(byKind) };
}

/** After a round that could not be judged: nobody on the line, the program there. */
async function setBack({ carrier, product }: ChaosSite): Promise<void> {
  await carrier.clear(15_000).catch((error: unknown) => note(String(error)));
  await carrier.sweep();
  if (!product.process.isRunning) await product.process.start();
  await product.isIdle(30_000).catch((error: unknown) => note(String(error)));
}

/** Within a suite the servers are the suite's. */
function downUnlessSuites(): void {
  if (process.env['CB_TEST'] === undefined) platformDown(platform);
}

process.env['CB_CARRIER_PHONES'] ??= PHONES;
const kinds = kindsAsked();
const rounds = Number(values.rounds ?? (values.short ? SHORT.length : Math.max(10, kinds.length)));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
note(`seed ${String(seed)}, ${String(rounds)} rounds`);
const platform = platformUp('chaos');
const site = await openChaosSite(platform, seed).catch((error: unknown) => {
  downUnlessSuites();
  throw error;
});
try {
  const found = await runRounds(site, plan(kinds, rounds, seed));
  const line = { bench: 'chaos', short: values.short, seed, ...found };
  await site.close();
  process.stdout.write(`${JSON.stringify(line)}\n`);
} finally {
  downUnlessSuites();
}
process.exit(0);
