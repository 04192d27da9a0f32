import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { systemClock } from '../adapters/clock/system-clock.js';
import { makeSealer, type Sealer } from '../adapters/crypto/seal.js';
import { makeLogger, type Logger } from '../adapters/log/logger.js';
import { openDatabase, type Database } from '../adapters/mysql/database.js';
import { followChanges, makeAnnouncer } from '../adapters/redis/announcer.js';
import { openRedis } from '../adapters/redis/connection.js';
import type { Config } from '../config.js';
import { openDirectory, type LiveDirectory } from '../features/directory/index.js';
import type { Announcer } from '../kernel/announcer.js';
import type { Clock } from '../kernel/clock.js';

/** Where uploads of people wait: pages put them there, the role `jobs` reads them. */
export const contactImportFolder = (config: Pick<Config, 'varDir'>): string =>
  join(config.varDir, 'contact-imports');

/** What every role stands on. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly database: Database;
  readonly redis: Redis;
  readonly sealer: Sealer;
  readonly announcer: Announcer;
  /** Read again by itself after each announced change. */
  readonly directory: LiveDirectory;
  close(): Promise<void>;
}

/** Opens the connections and reads the configuration; rejects where the database cannot be read. */
export async function layFoundation(config: Config): Promise<Foundation> {
  const log = makeLogger(config.logLevel);
  const database = openDatabase(config.database);
  const redis = openRedis(config.redisUrl, log);
  const sealer = makeSealer(config.secretKey);
  const directory = await openDirectory(database, sealer, log);
  const changes = followChanges(redis, log, () => {
    void directory.refresh();
  });
  return {
    config,
    log,
    clock: systemClock,
    database,
    redis,
    sealer,
    announcer: makeAnnouncer(redis, log),
    directory,
    close: async () => {
      changes.close();
      directory.close();
      redis.disconnect();
      await database.destroy();
    },
  };
}
