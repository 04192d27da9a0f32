import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';

/** What the health page shows of Redis. `keepsOnDisk` is false where sessions and live state would not survive a crash. */
export interface RedisFacts {
  readonly version: string;
  readonly ms: number;
  readonly keepsOnDisk: boolean;
}

/** Asks Redis how it is; rejects while it is away. */
export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  const startedAt = performance.now();
  const info = await redis.info();
  const ms = Math.round(performance.now() - startedAt);
  const fact = (name: string): string =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  return { version: fact('redis_version'), ms, keepsOnDisk: fact('aof_enabled') === '1' };
}
