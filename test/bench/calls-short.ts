import { keptPid } from '../support/platform.js';
import type { Product } from '../support/product.js';
import { RtpClock } from '../support/rtp.js';
import { Sipp } from '../support/sipp.js';
import { until } from '../support/until.js';
import { BenchCaller } from './bench-caller.js';
import { BENCH_DID, makeBenchCompany } from './bench-company.js';
import { note, runBench, startPhones, type BenchSite } from './bench-site.js';
import { cpuMs, percentiles } from './figures.js';
import { spokenOut } from './load-side.js';
import { Observer } from './observer.js';

const PLAN = { calls: 40, callsPerSecond: 2, agents: 16 };
/** After the last call was started, so long until every one must be over. */
const END_LIMIT_MS = 40_000;
/** A recording that is not in the ledger then is missing. */
const RECORDED_LIMIT_MS = 5_000;

async function measure({ product, callerPort, pbx }: BenchSite): Promise<object> {
  const { url, user, password } = product.config.ari;
  const observer = await Observer.open(url, user, password);
  const clock = new RtpClock();
  const callers: BenchCaller[] = [];
  for (let index = 0; index < PLAN.calls; index++)
    callers.push(await BenchCaller.open(`0207946${String(1000 + index)}`, clock));
  const pids = {
    program: product.process.pid,
    asterisk: keptPid(product.platform, 'asterisk-pbx'),
  };
  const before = { program: cpuMs(pids.program), asterisk: cpuMs(pids.asterisk) };
  const startedAt = Date.now();
  const sipp = await Sipp.start({
    scenario: 'caller',
    port: callerPort,
    remote: pbx,
    calls: PLAN.calls,
    callsPerSecond: PLAN.callsPerSecond,
    fields: callers.map((c) => [c.number, '', String(c.line.port), BENCH_DID]),
  });
  const { allGood, errors } = await sipp.ended();
  await product.isIdle(END_LIMIT_MS);
  const seconds = (Date.now() - startedAt) / 1000;
  const used = {
    program: cpuMs(pids.program) - before.program,
    asterisk: cpuMs(pids.asterisk) - before.asterisk,
  };
  observer.close();
  clock.stop();
  for (const caller of callers) caller.line.close();
  if (!allGood) note(errors);
  return figures({ product, observer, callers, seconds, used });
}

interface Measured {
  readonly product: Product;
  readonly observer: Observer;
  readonly callers: readonly BenchCaller[];
  readonly seconds: number;
  readonly used: { readonly program: number; readonly asterisk: number };
}

async function figures({ product, observer, callers, seconds, used }: Measured): Promise<object> {
  const incomplete = callers.filter((caller) => !caller.isComplete);
  for (const caller of incomplete) note(`${caller.number} came no further than: ${caller.phase}`);
  // The ledger hears of a recording's end a moment after that of its call.
  const recordedBy = performance.now() + RECORDED_LIMIT_MS;
  const isAccounted = (row: { readonly result: string; readonly recorded_ms: number }): boolean =>
    row.result === 'answered' && row.recorded_ms > 0;
  const rows = await until('every call in the ledger', END_LIMIT_MS, async () => {
    const found = await product
      .database('calls')
      .whereNotNull('ended_at')
      .select<{ result: string; recorded_ms: number }[]>('result', 'recorded_ms');
    const isWhole = found.every(isAccounted) || performance.now() > recordedBy;
    return found.length >= PLAN.calls && isWhole ? found : undefined;
  });
  const accounted = rows.filter(isAccounted).length;
  const greetings = callers.flatMap(({ number, greetingAt }) => {
    const stasisAt = observer.stasisAt.get(number);
    return stasisAt === undefined || greetingAt === undefined ? [] : [greetingAt - stasisAt];
  });
  const keys = callers.flatMap(({ keyAt, effectAt }) =>
    keyAt === undefined || effectAt === undefined ? [] : [effectAt - keyAt],
  );
  return {
    bench: 'calls',
    short: true,
    calls: PLAN.calls,
    failed: Math.max(incomplete.length, PLAN.calls - accounted),
    callsPerSecond: PLAN.callsPerSecond,
    seconds: Math.round(seconds),
    stasisStartToGreetingMs: percentiles(greetings),
    keyToEffectMs: percentiles(keys),
    answerToBridgedMs: percentiles(observer.answerToBridgedMs),
    cpuMsPerCallProgram: Math.round((used.program / PLAN.calls) * 10) / 10,
    cpuMsPerCallAsterisk: Math.round((used.asterisk / PLAN.calls) * 10) / 10,
  };
}

/**
 * What CI and a first look need: the whole path of 40 calls at a fixed rate, heard by this process: how long until the greeting,
 * from a key to its effect, from the answer until both are bridged.
 */
export const measureShort = (): Promise<void> =>
  runBench(
    (configuration, port) => makeBenchCompany(configuration, PLAN.agents, port),
    async (site, agents) => {
      // Its speaking is no call's cost, and phones are registered when the program has time to tell Asterisk of them.
      await spokenOut(site);
      const phones = await startPhones(site, agents);
      try {
        for (const { agentId } of agents)
          await site.product.order({ kind: 'agent-available', agentId });
        note(`${String(PLAN.calls)} calls, ${String(PLAN.callsPerSecond)} a second`);
        return await measure(site);
      } finally {
        await phones.sipp.stop();
      }
    },
  );
