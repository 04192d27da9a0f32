import { setTimeout as sleep } from 'node:timers/promises';
import { keptPid } from '../support/platform.js';
import { until } from '../support/until.js';
import { readHealth } from '../../src/adapters/redis/health.js';
import { AppQueue, APP_QUEUE_DID } from './app-queue.js';
import { BENCH_DID, type BenchAgent } from './bench-company.js';
import type { BenchSite } from './bench-site.js';
import { childrenCpuMs, childrenOf, cpuMs } from './figures.js';

/** After the last call was started, so long until every one must be over. */
const END_LIMIT_MS = 90_000;
/** Recordings are brought in one after the other, with what calls leave of the processor. */
const RECORDINGS_LIMIT_MS = 600_000;

/** What has been used so far, since the processes started. */
export interface Usage {
  /** Processor time in ms; `tools` are the programs that ours has started and that have ended (sound). */
  readonly program: number;
  readonly tools: number;
  readonly asterisk: number;
  readonly database: number;
  readonly ariBytes: number;
  readonly ariCommands: number;
  readonly ariEvents: number;
}

/** One of the two that are compared: who carries the call from its answer to its recording. */
export interface LoadSide {
  readonly name: 'cordboard' | 'app_queue';
  readonly did: string;
  /** Waits until nothing is left of a step, and says how many of its calls were answered and recorded. */
  finished(): Promise<number>;
}

/** The product: a call counts when the ledger has it as answered and recorded. */
export async function ourSide({ product }: BenchSite): Promise<LoadSide> {
  const count = async (): Promise<number> => {
    const [row] = await product
      .database('calls')
      .whereNotNull('ended_at')
      .where({ result: 'answered' })
      .where('recorded_ms', '>', 0)
      .count<{ n: number }[]>({ n: '*' });
    return row?.n ?? 0;
  };
  let before = await count();
  return {
    name: 'cordboard',
    did: BENCH_DID,
    finished: async () => {
      await product.isIdle(END_LIMIT_MS);
      // Its recordings are brought in before the other side begins: that work is this side's.
      await until('recordings to be brought in', RECORDINGS_LIMIT_MS, async () => {
        // Asked often, the question would be a part of what is measured.
        await sleep(500);
        const [row] = await product
          .database('recordings')
          .where({ on_node: true })
          .count<{ n: number }[]>({ n: '*' });
        return (row?.n ?? 0) === 0;
      });
      const now = await count();
      const since = now - before;
      before = now;
      return since;
    },
  };
}

/** Asterisk's own queue: a call counts when its recording has sound. */
export function theirSide({ product }: BenchSite, agents: readonly BenchAgent[]): LoadSide {
  const queue = AppQueue.load(product.platform, agents);
  queue.takeRecordings();
  return {
    name: 'app_queue',
    did: APP_QUEUE_DID,
    finished: async () => {
      await product.isIdle(END_LIMIT_MS);
      return queue.takeRecordings();
    },
  };
}

/** So many looks, one every 50 ms, without any tool at work. */
const QUIET_LOOKS = 100;
const QUIET_LIMIT_MS = 900_000;

/** A program that starts for the first time speaks its own prompts: minutes of work that have nothing to do with calls. */
export async function spokenOut({ product }: BenchSite): Promise<void> {
  let looks = 0;
  await until('the program to have spoken its prompts', QUIET_LIMIT_MS, () => {
    const tools = childrenOf(product.process.pid).flatMap(childrenOf);
    looks = tools.length === 0 ? looks + 1 : 0;
    return looks >= QUIET_LOOKS;
  });
}

/** Reads what everything has used so far; the program's own counts are up to a second old. */
export async function readUsage({ product }: BenchSite): Promise<Usage> {
  const health = (await readHealth(product.redis, ['calls'])).get('calls') as
    | {
        readonly ari: {
          readonly bytes: Readonly<Record<string, number>>;
          readonly commands: number;
          readonly events: number;
        };
      }
    | undefined;
  const { platform } = product;
  const ari = health?.ari;
  return {
    program: cpuMs(product.process.pid),
    tools: childrenCpuMs(product.process.pid),
    asterisk: cpuMs(keptPid(platform, 'asterisk-pbx')),
    database: cpuMs(keptPid(platform, 'mariadb')) + cpuMs(keptPid(platform, 'redis')),
    ariBytes: Object.values(ari?.bytes ?? {}).reduce((sum, one) => sum + one, 0),
    ariCommands: ari?.commands ?? 0,
    ariEvents: ari?.events ?? 0,
  };
}

/** `later - earlier`, each divided by `calls`. */
export function perCall(earlier: Usage, later: Usage, calls: number): Usage {
  const of = (name: keyof Usage): number =>
    Math.round(((later[name] - earlier[name]) / calls) * 10) / 10;
  return {
    program: of('program'),
    tools: of('tools'),
    asterisk: of('asterisk'),
    database: of('database'),
    ariBytes: of('ariBytes'),
    ariCommands: of('ariCommands'),
    ariEvents: of('ariEvents'),
  };
}
