import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHealth } from '../../src/adapters/redis/health.js';
import { keptPid } from '../support/platform.js';
import type { BenchSite } from './bench-site.js';

/** What is held while nothing happens. */
export interface Holdings {
  /** The least of some seconds: what the garbage collector had not fetched yet is not held. */
  readonly heapMb: number;
  readonly programMb: number;
  readonly asteriskMb: number;
  readonly timers: number;
  readonly programDescriptors: number;
  readonly asteriskDescriptors: number;
  readonly asteriskThreads: number;
  readonly redisKeys: number;
  readonly channels: number;
  readonly bridges: number;
  readonly calls: number;
  readonly inboxes: number;
}

/**
 * How much more of each is still no leak. Keys that Redis forgets by itself (health, what phones did last) come and go; pools hold a
 * connection more or less; memory that was freed is kept by the allocator for the next call.
 */
const TOLERANCE = {
  heapMb: 20,
  programMb: 80,
  asteriskMb: 60,
  timers: 10,
  programDescriptors: 10,
  asteriskDescriptors: 10,
  asteriskThreads: 10,
  redisKeys: 20,
  channels: 0,
  bridges: 0,
  calls: 0,
  inboxes: 0,
} satisfies Holdings;

const NAMES = Object.keys(TOLERANCE) as readonly (keyof Holdings)[];

const SAMPLES = 20;

/** Reads for {@link SAMPLES} seconds and takes the least of each. */
export async function readHoldings(site: BenchSite): Promise<Holdings> {
  const samples: Holdings[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    samples.push(await now(site));
    await sleep(1_000);
  }
  return each((name) => Math.min(...samples.map((one) => one[name])));
}

export const grownOf = (before: Holdings, after: Holdings): Holdings =>
  each((name) => Math.round((after[name] - before[name]) * 10) / 10);

/** Names of what has grown by more than it may. */
export const leftovers = (grown: Holdings): readonly string[] =>
  NAMES.filter((name) => grown[name] > TOLERANCE[name]);

function each(of: (name: keyof Holdings) => number): Holdings {
  const made = { ...TOLERANCE };
  for (const name of NAMES) made[name] = of(name);
  return made;
}

async function now({ product }: BenchSite): Promise<Holdings> {
  const health = (await readHealth(product.redis, ['calls'])).get('calls') as
    Readonly<Record<string, number>> | undefined;
  const [program, asterisk] = [product.process.pid, keptPid(product.platform, 'asterisk-pbx')];
  return {
    heapMb: health?.['heapMb'] ?? NaN,
    programMb: status(program, 'VmRSS') / 1024,
    asteriskMb: status(asterisk, 'VmRSS') / 1024,
    timers: health?.['timers'] ?? NaN,
    programDescriptors: descriptors(program),
    asteriskDescriptors: descriptors(asterisk),
    asteriskThreads: status(asterisk, 'Threads'),
    redisKeys: await product.redis.dbsize(),
    channels: (await product.pbx('/channels')).length,
    bridges: (await product.pbx('/bridges')).length,
    calls: health?.['calls'] ?? NaN,
    inboxes: health?.['inboxes'] ?? NaN,
  };
}

/** A number of /proc/<pid>/status; memory is in kB. */
export function status(pid: number, name: string): number {
  const text = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
}

const descriptors = (pid: number): number => readdirSync(`/proc/${String(pid)}/fd`).length;
