import { join } from 'node:path';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { openConfiguration, type Configuration } from '../../src/demo/configuration.js';
import { freePort } from '../support/free-port.js';
import { platformDown, platformUp, setting } from '../support/platform.js';
import { Product } from '../support/product.js';
import { Sipp } from '../support/sipp.js';
import type { BenchAgent } from './bench-company.js';

/** The program tells Asterisk of a phone within moments, on a machine that has nothing else to do. */
const KNOWN_LIMIT_MS = 60_000;

/** A remark for whoever watches; the figures alone go to standard output. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The running program of a benchmark, and the port from which its callers call. */
export interface BenchSite {
  readonly product: Product;
  readonly callerPort: number;
  /** Where a second SIPp may call from. */
  readonly otherPort: number;
  /** `127.0.0.1:5060` */
  readonly pbx: string;
}

/** As {@link withSite}; what `measure` answers is printed as one line of JSON. */
export async function runBench<C>(
  makeCompany: (configuration: Configuration, callerPort: number, otherPort: number) => Promise<C>,
  measure: (site: BenchSite, company: C) => Promise<object>,
): Promise<void> {
  process.stdout.write(`${JSON.stringify(await withSite(makeCompany, measure))}\n`);
}

/** Measures on servers and a program of its own, with a company that `makeCompany` sets up before the program starts. */
export async function withSite<C>(
  makeCompany: (configuration: Configuration, callerPort: number, otherPort: number) => Promise<C>,
  measure: (site: BenchSite, company: C) => Promise<object>,
): Promise<object> {
  const platform = platformUp('bench');
  note(`servers run in ${setting(platform, 'CB_VAR')}`);
  try {
    const product = await Product.prepare(platform, 'bench');
    const callerPort = await freePort();
    const otherPort = await freePort();
    const configuration = openConfiguration(product.config, makeLogger('error'));
    const company = await makeCompany(configuration, callerPort, otherPort);
    await configuration.close();
    const { sip } = product.config;
    await product.process.start();
    try {
      const site = { product, callerPort, otherPort, pbx: `${sip.host}:${String(sip.port)}` };
      return await measure(site, company);
    } finally {
      await product.close();
    }
  } finally {
    platformDown(platform);
  }
}

/** Registers every phone from the port at which the answering SIPp then listens, and signs the agents in; they talk so long. */
export async function startPhones(
  { product, pbx }: BenchSite,
  agents: readonly BenchAgent[],
  talkMs: { readonly min: number; readonly max: number } = { min: 2_000, max: 4_000 },
): Promise<Phones> {
  const port = await freePort();
  await register(product, pbx, agents, port);
  const logFile = join(product.config.varDir, 'phones.log');
  const sipp = await Sipp.start({
    scenario: 'agent',
    port,
    changes: {
      'min="2000" max="4000"': `min="${String(talkMs.min)}" max="${String(talkMs.max)}"`,
    },
    // The node asks phones whether they are there (OPTIONS): -aa answers.
    more: ['-rtp_echo', '-aa', '-trace_logs', '-log_file', logFile],
  });
  await product.nowHas('every phone to register', KNOWN_LIMIT_MS, (now) =>
    agents.every((a) => now.extensions.find((e) => e.number === a.number)?.registered),
  );
  for (const { agentId, extensionId } of agents)
    await product.order({ kind: 'agent-sign-in', agentId, extensionId });
  return { sipp, logFile };
}

/** Longer than any benchmark: nobody registers again while the phones' SIPp has their port. */
const REGISTERED_FOR_S = '7200';

/** Every phone registers, when Asterisk knows it. */
async function register(
  product: Product,
  pbx: string,
  agents: readonly BenchAgent[],
  port: number,
): Promise<void> {
  await product.pbxHas(
    'every phone to be known',
    '/endpoints/PJSIP',
    (all) => agents.every(({ number }) => all.some(({ resource }) => resource === number)),
    KNOWN_LIMIT_MS,
  );
  for (const { number } of agents)
    await product.setOnPbx(`aor/${number}`, { maximum_expiration: REGISTERED_FOR_S });
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
}

/** The agents' phones: one SIPp that answers for all. */
export interface Phones {
  readonly sipp: Sipp;
  /** When each phone was called and hung up. */
  readonly logFile: string;
}
