/**
 * The whole path of a call under load, on an instance of its own: DID, greeting, key, queue, agent's phone, bridge,
 * recording, ledger. SIPp signals both sides; this process listens and speaks. Last line: one JSON object.
 *
 *   npm run bench:calls -- --short
 */
import { makeLogger } from '../../src/adapters/log/logger.js';
import { openConfiguration } from '../../src/demo/configuration.js';
import { freePort, keptPid, platformDown, platformUp, setting } from '../support/platform.js';
import { Product } from '../support/product.js';
import { RtpClock } from '../support/rtp.js';
import { Sipp } from '../support/sipp.js';
import { until } from '../support/until.js';
import { BenchCaller } from './bench-caller.js';
import { BENCH_DID, makeBenchCompany, type BenchAgent } from './bench-company.js';
import { cpuMs, percentiles } from './figures.js';
import { Observer } from './observer.js';

/** `--short` is what CI and a first look need; without it the same at a higher rate for longer. */
const isShort = process.argv.includes('--short');
const PLAN = isShort
  ? { calls: 40, callsPerSecond: 2, agents: 16, talkMs: 3_000 }
  : { calls: 400, callsPerSecond: 5, agents: 40, talkMs: 3_000 };
/** After the last call was started, so long until every one must be over. */
const END_LIMIT_MS = 40_000;

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

interface Bench {
  readonly product: Product;
  readonly agents: readonly BenchAgent[];
  readonly callerPort: number;
  readonly pbx: string;
}

async function prepare(product: Product): Promise<Bench> {
  const callerPort = await freePort();
  const configuration = openConfiguration(product.config, makeLogger('error'));
  const agents = await makeBenchCompany(configuration, PLAN.agents, callerPort);
  await configuration.close();
  const { sip } = product.config;
  return { product, agents, callerPort, pbx: `${sip.host}:${String(sip.port)}` };
}

/** Registers every phone from the port at which the answering SIPp then listens. */
async function startPhones({ product, agents, pbx }: Bench): Promise<Sipp> {
  const port = await freePort();
  const registered = await Sipp.start({
    scenario: 'register',
    port,
    remote: pbx,
    calls: agents.length,
    callsPerSecond: 50,
    fields: agents.map((a) => [
      a.number,
      `[authentication username=${a.number} password=${a.password}]`,
    ]),
  });
  const { allGood, errors } = await registered.ended();
  if (!allGood) throw new Error(`phones could not register: ${errors}`);
  const phones = await Sipp.start({
    scenario: 'agent',
    port,
    // The node asks phones whether they are there (OPTIONS): -aa answers.
    more: ['-rtp_echo', '-aa', '-d', String(PLAN.talkMs)],
  });
  await product.nowHas('every phone to register', 20_000, (now) =>
    agents.every((a) => now.extensions.find((e) => e.number === a.number)?.registered),
  );
  for (const { agentId, extensionId } of agents) {
    await product.order({ kind: 'agent-sign-in', agentId, extensionId });
    await product.order({ kind: 'agent-available', agentId });
  }
  return phones;
}

async function run(bench: Bench): Promise<object> {
  const { product, callerPort, pbx } = bench;
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
    fields: callers.map((c) => [c.number, '', String(c.line.port)]),
    more: ['-s', BENCH_DID],
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
  const rows = await until('every call in the ledger', END_LIMIT_MS, async () => {
    const found = await product
      .database('calls')
      .whereNotNull('ended_at')
      .select<{ result: string; recorded_ms: number }[]>('result', 'recorded_ms');
    return found.length >= PLAN.calls ? found : undefined;
  });
  const accounted = rows.filter((row) => row.result === 'answered' && row.recorded_ms > 0).length;
  const greetings = callers.flatMap(({ number, greetingAt }) => {
    const stasisAt = observer.stasisAt.get(number);
    return stasisAt === undefined || greetingAt === undefined ? [] : [greetingAt - stasisAt];
  });
  const keys = callers.flatMap(({ keyAt, effectAt }) =>
    keyAt === undefined || effectAt === undefined ? [] : [effectAt - keyAt],
  );
  return {
    bench: 'calls',
    short: isShort,
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

async function main(): Promise<void> {
  const platform = platformUp('bench');
  note(`servers run in ${setting(platform, 'CB_VAR')}`);
  try {
    const product = await Product.prepare(platform, 'bench');
    const bench = await prepare(product);
    await product.process.start();
    try {
      const phones = await startPhones(bench);
      try {
        note(`${String(PLAN.calls)} calls, ${String(PLAN.callsPerSecond)} a second`);
        process.stdout.write(`${JSON.stringify(await run(bench))}\n`);
      } finally {
        await phones.stop();
      }
    } finally {
      await product.close();
    }
  } finally {
    platformDown(platform);
  }
}

await main();
