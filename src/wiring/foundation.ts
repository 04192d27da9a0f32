import type { Redis } from 'ioredis';
import { systemClock } from '../adapters/clock/system-clock.js';
import { makeSealer, type Sealer } from '../adapters/crypto/seal.js';
import { makeLogger, type Logger } from '../adapters/log/logger.js';
import { openDatabase, type Database } from '../adapters/mysql/database.js';
import { makeAnnouncer } from '../adapters/redis/announcer.js';
import { openRedis } from '../adapters/redis/connection.js';
import type { Config } from '../config.js';
import type { Announcer } from '../kernel/announcer.js';
import type { Clock } from '../kernel/clock.js';

/** What every role stands on. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly database: Database;
  readonly redis: Redis;
  readonly sealer: Sealer;
  readonly announcer: Announcer;
  close(): Promise<void>;
}

/** Opens the connections; they connect when first used and again after each loss. */
export function layFoundation(config: Config): Foundation {
  const log = makeLogger(config.logLevel);
  const database = openDatabase(config.database);
  const redis = openRedis(config.redisUrl, log);
  return {
    config,
    log,
    clock: systemClock,
    database,
    redis,
    sealer: makeSealer(config.secretKey),
    announcer: makeAnnouncer(redis, log),
    close: async () => {
      redis.disconnect();
      await database.destroy();
    },
  };
}
