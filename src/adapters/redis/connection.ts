import { Redis } from 'ioredis';
import type { Logger } from '../log/logger.js';

/** A command that has no answer by then fails, so that a page says "not available" instead of waiting. */
const COMMAND_TIMEOUT_MS = 2_000;
const RECONNECT_AT_MOST_MS = 2_000;

/**
 * A connection for ordinary commands. It reconnects for ever; while Redis is away commands fail within two seconds.
 * Loss and return are logged once each. For blocking reads and subscriptions make another with
 * `redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null })`.
 */
export function openRedis(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2_000,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), RECONNECT_AT_MOST_MS),
  });
  watchRedis(redis, logger);
  return redis;
}

/** Logs loss and return of a connection, and keeps its errors from ending the process. */
export function watchRedis(redis: Redis, logger: Logger): void {
  let isAway = false;
  redis.on('error', (error: Error) => {
    if (isAway) return;
    isAway = true;
    logger.error({ err: error }, 'Redis is away');
  });
  redis.on('ready', () => {
    if (isAway) logger.info('Redis is back');
    isAway = false;
  });
}
