import { statfs } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { Database } from '../../adapters/mysql/database.js';
import { readHealth } from '../../adapters/redis/health.js';
import { WebhookQueue } from '../../adapters/redis/webhook-queue.js';
import { readRedisFacts } from '../../adapters/redis/redis-probe.js';
import type { LiveView } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { healthPages } from './health-pages.js';
import { diskHealth, webhooksHealth, type Probe } from './health.js';
import { helpCallsProbe } from './knex-help-calls-probe.js';
import { knexDatabaseProbe } from './knex-database-probe.js';

/** What the set-up area looks at. */
export interface SetupParts {
  readonly database: Database;
  readonly redis: Redis;
  readonly live: LiveView;
  /** Where recordings and prompts lie. */
  readonly varDir: string;
}

/** The set-up area's own pages: health. */
export function makeSetupFeature(parts: SetupParts): FeatureModule {
  const probes = [
    knexDatabaseProbe(parts.database),
    redisProbe(parts.redis),
    diskProbe(parts.varDir),
    webhooksProbe(parts.redis),
    helpCallsProbe(parts.database, () => Date.now()),
  ];
  return {
    name: 'setup',
    pages: healthPages(
      probes,
      () => readHealth(parts.redis, ['calls', 'jobs', 'standby']),
      parts.live,
    ),
    menu: [
      {
        group: 'system',
        label: 'health.title',
        icon: 'heartbeat',
        href: '/setup/health',
        access: 'health.read',
        order: 10,
      },
    ],
  };
}

const redisProbe = (redis: Redis): Probe => ({
  name: 'redis',
  look: async () => {
    const facts = await readRedisFacts(redis);
    return {
      name: 'redis',
      state: facts.keepsOnDisk ? 'good' : 'watch',
      text: 'health.redis.text',
      params: { version: facts.version, ms: facts.ms },
      ...(facts.keepsOnDisk ? {} : { advice: 'health.redis.memory-only' }),
    };
  },
});

const webhooksProbe = (redis: Redis): Probe => ({
  name: 'webhooks',
  look: async () => {
    const queue = new WebhookQueue(redis);
    return webhooksHealth(await queue.waiting(), await queue.lostCount());
  },
});

const diskProbe = (folder: string): Probe => ({
  name: 'disk',
  look: async () => {
    const disk = await statfs(folder);
    return diskHealth(disk.bavail * disk.bsize, disk.blocks * disk.bsize);
  },
});
