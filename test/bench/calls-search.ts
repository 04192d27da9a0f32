import type { Configuration } from '../../src/demo/configuration.js';
import { cpus, loadavg } from 'node:os';
import { keptPid } from '../support/platform.js';
import { makeBenchCompany, makeBenchTrunk, type BenchAgent } from './bench-company.js';
import { note, runBench, startPhones, type BenchSite, type Phones } from './bench-site.js';
import { status } from './holdings.js';
import { ourSide, spokenOut, theirSide, type LoadSide } from './load-side.js';
import { runStep, type Step } from './load-step.js';

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const SECONDS = option('seconds', 15);
const AGENTS = option('agents', 120);
const FROM = option('from', 2);
/** One rate for both instead of the search; 0: none. */
const RATE = option('rate', 0);

/** A talk, on average, in seconds; a third more or less. */
const TALK_S = option('talk', 3);
const TALK_MS = { min: Math.round(TALK_S * 667), max: Math.round(TALK_S * 1_333) };

/** Set-up of 95 of 100 calls takes less, or the rate is too high. On a machine that does much else 200 ms is too little for any. */
const SET_UP_LIMIT_MS = option('limit', 200);
const RISE = 1.5;
/** The search ends when the highest good rate and the lowest bad one are so close. */
const CLOSE = 1.1;
/** A talk, its ringing and its wrap-up: no rate at which agents would be lacking is tried. */
const SECONDS_OF_AGENT = TALK_S + 0.5;

/** One side's search: rises until it fails, then halves the gap. */
class Search {
  best: Step | undefined;
  #bad = Infinity;
  #tries = 0;
  readonly steps: Step[] = [];

  constructor(readonly side: LoadSide) {}

  /** The next rate to try; undefined where it is found. */
  get next(): number | undefined {
    const good = this.best?.callsPerSecond ?? 0;
    if (RATE > 0) return this.steps.length === 0 ? RATE : undefined;
    if (this.#bad === Infinity) {
      const rate = good === 0 ? FROM : good * RISE;
      return rate * SECONDS_OF_AGENT > AGENTS ? undefined : rounded(rate);
    }
    if (good === 0) return this.#bad < 0.5 ? undefined : rounded(this.#bad / 2);
    return this.#bad / good <= CLOSE ? undefined : rounded((good + this.#bad) / 2);
  }

  /** A rate is bad when it was so twice: the machine may have been busy with something else. */
  learn(step: Step): void {
    this.steps.push(step);
    const isGood = step.failed === 0 && (step.setUpMs.p95 ?? Infinity) < SET_UP_LIMIT_MS;
    if (isGood) {
      this.best = step;
      this.#tries = 0;
    } else if (++this.#tries === 2) {
      this.#bad = step.callsPerSecond;
      this.#tries = 0;
    }
  }
}

const rounded = (rate: number): number => Math.round(rate * 10) / 10;

/**
 * The highest rate of calls without a failure and with 95 of 100 set up in time, of both, on one Asterisk in one run. Steps of
 * the two take turns, so that whatever else the machine does hits both.
 */
export const measureCapacity = (): Promise<void> => runBench(makeCompany, measure);

async function makeCompany(
  configuration: Configuration,
  callerPort: number,
  otherPort: number,
): Promise<readonly BenchAgent[]> {
  const agents = await makeBenchCompany(configuration, AGENTS, callerPort, true);
  await makeBenchTrunk(configuration, otherPort, 'Heard callers');
  return agents;
}

async function measure(site: BenchSite, agents: readonly BenchAgent[]): Promise<object> {
  await spokenOut(site);
  const phones = await startPhones(site, agents, TALK_MS);
  try {
    for (const { agentId } of agents)
      await site.product.order({ kind: 'agent-available', agentId });
    const searches = [
      new Search(await ourSide(site)),
      new Search(theirSide(site, agents)),
    ] as const;
    // Sounds are fetched, code is compiled, and what grows once has grown.
    note('a first step of each, which does not count');
    for (const { side } of searches)
      await runStep(site, phones, side, { callsPerSecond: FROM, seconds: SECONDS });
    await takeTurns(site, phones, searches);
    return figures(site, searches);
  } finally {
    await phones.sipp.stop();
  }
}

async function takeTurns(
  site: BenchSite,
  phones: Phones,
  searches: readonly Search[],
): Promise<void> {
  while (searches.some(({ next }) => next !== undefined))
    for (const search of searches) {
      const callsPerSecond = search.next;
      if (callsPerSecond === undefined) continue;
      search.learn(await runStep(site, phones, search.side, { callsPerSecond, seconds: SECONDS }));
    }
}

/** Resident memory of a process, in MB. */
const memoryMb = (pid: number): number => Math.round(status(pid, 'VmRSS') / 1024);

function figures({ product }: BenchSite, [ours, theirs]: readonly [Search, Search]): object {
  const [own, other] = [ours.best, theirs.best];
  const share = (part = 0, whole = 0): number | null =>
    whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;
  const cost = own?.perCall;
  return {
    bench: 'calls',
    short: false,
    callsPerSecond: own?.callsPerSecond ?? 0,
    appQueueCallsPerSecond: other?.callsPerSecond ?? 0,
    ratio: share(own?.callsPerSecond, other?.callsPerSecond) ?? 0,
    failed: own?.failed ?? 0,
    concurrentRecordedTalks: own?.talks ?? 0,
    setUpMs: own?.setUpMs,
    throughMs: own?.throughMs,
    appQueueSetUpMs: other?.setUpMs,
    appQueueThroughMs: other?.throughMs,
    cpuMsPerCallProgram: cost?.program,
    cpuMsPerCallAsterisk: cost?.asterisk,
    programToAsterisk: share(cost?.program, cost?.asterisk),
    cpuMsPerCallTools: cost?.tools,
    cpuMsPerCallDatabases: cost?.database,
    appQueueCpuMsPerCallAsterisk: other?.perCall.asterisk,
    ariBytesPerCall: cost?.ariBytes,
    ariCommandsPerCall: cost?.ariCommands,
    ariEventsPerCall: cost?.ariEvents,
    memoryMbProgram: memoryMb(product.process.pid),
    memoryMbAsterisk: memoryMb(keptPid(product.platform, 'asterisk-pbx')),
    agents: AGENTS,
    secondsAStep: SECONDS,
    talkSeconds: TALK_S,
    setUpLimitMs: SET_UP_LIMIT_MS,
    steps: ours.steps.length + theirs.steps.length,
    processors: cpus().length,
    load: loadavg()[0],
  };
}
