import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { Carrier } from '../../src/demo/carrier.js';
import { loadCarrierSettings } from '../../src/demo/carrier-settings.js';
import { Chance } from '../../src/demo/chance.js';
import { openConfiguration } from '../../src/demo/configuration.js';
import { KnexCallStories } from '../../src/demo/knex-call-story.js';
import { setting, type Platform } from '../support/platform.js';
import { Product } from '../support/product.js';
import { Between } from './between.js';
import { agentsOf, makeChaosCompany, type ChaosCompany } from './company.js';

/** A remark for whoever watches; the figures alone go to standard output. */
export const note = (text: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
};

const PHONES_LIMIT_MS = 60_000;
/** Lets the wall clock of the program's process jump, see the file. */
const CLOCK = new URL('clock.mjs', import.meta.url);

/** The running product, with something between the program and each of its servers that can be cut, frozen and slowed. */
export interface ChaosSite {
  readonly platform: Platform;
  readonly product: Product;
  readonly carrier: Carrier;
  readonly stories: KnexCallStories;
  readonly company: ChaosCompany;
  readonly before: Readonly<Record<'asterisk' | 'database' | 'redis', Between>>;
  /** The file in which the program reads by how many ms its clock is wrong. */
  readonly clockFile: string;
  readonly chance: Chance;
  close(): Promise<void>;
}

/** Mulberry32: the same course of events for the same seed, as far as the machine repeats itself. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What the switchboard says is spoken once, not at the beginning of each run: that takes minutes on a busy machine. */
async function keepingSpoken<T>(platform: Platform, prepare: () => Promise<T>): Promise<T> {
  const folder = join(platform.varDir, 'chaos', 'prompts');
  const kept = join(platform.varDir, 'chaos-prompts');
  if (existsSync(folder)) {
    rmSync(kept, { recursive: true, force: true });
    renameSync(folder, kept);
  }
  const made = await prepare();
  if (existsSync(kept)) renameSync(kept, folder);
  return made;
}

/** Starts the program on servers that run, and the company's callers and phones. */
export async function openChaosSite(platform: Platform, seed: number): Promise<ChaosSite> {
  const proxy = (host: string, port: string): Promise<Between> =>
    Between.open({ host: setting(platform, host), port: Number(setting(platform, port)) });
  const before = {
    asterisk: await proxy('CB_ARI_HOST', 'CB_ARI_PORT'),
    database: await proxy('CB_DB_HOST', 'CB_DB_PORT'),
    redis: await proxy('CB_REDIS_HOST', 'CB_REDIS_PORT'),
  };
  const clockFile = `${platform.varDir}/chaos-clock`;
  const behind = {
    CB_ARI_URL: `http://127.0.0.1:${String(before.asterisk.port)}`,
    CB_DB_HOST: '127.0.0.1',
    CB_DB_PORT: String(before.database.port),
    CB_REDIS_URL: setting(platform, 'CB_REDIS_URL').replace(
      /@.*$/,
      `@127.0.0.1:${String(before.redis.port)}/5`,
    ),
    NODE_OPTIONS: `--import=${CLOCK.href}`,
    CHAOS_CLOCK: clockFile,
  };
  const product = await keepingSpoken(platform, () => Product.prepare(platform, 'chaos', behind));
  product.redis.on('error', () => {
    // It is killed on purpose, and connects again.
  });
  const carrierSettings = loadCarrierSettings({ ...platform.settings });
  const configuration = openConfiguration(product.config, makeLogger('silent'));
  const phones = Number(setting(platform, 'CB_CARRIER_PHONES'));
  const company = await makeChaosCompany(configuration, carrierSettings, phones);
  await configuration.close();
  const carrier = await Carrier.connect(carrierSettings.ari, (reason) => {
    throw new Error(`the carrier is lost: ${reason}`);
  });
  await carrier.sweep();
  await product.process.start();
  await product.nowHas('every desk phone to register', PHONES_LIMIT_MS, (now) =>
    agentsOf(company).every(({ phone }) =>
      now.extensions.some(({ number, registered }) => number === phone && registered),
    ),
  );
  return {
    ...{ platform, product, carrier, company, before, clockFile },
    stories: new KnexCallStories(product.database),
    chance: new Chance(seeded(seed)),
    close: async () => {
      await carrier.close();
      await product.close();
      for (const one of Object.values(before)) one.close();
    },
  };
}
