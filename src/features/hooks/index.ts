import type { Redis } from 'ioredis';
import { RoutingHookClient } from '../../adapters/http/routing-hook-client.js';
import type { Logger } from '../../adapters/log/logger.js';
import { makeHookLog } from '../../adapters/redis/hook-log.js';
import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import type { RoutingOptionsStore } from '../routing/index.js';
import { hookPages } from './hook-pages.js';
import { HookService } from './hook-service.js';
import { KnexHookStore } from './knex-hook-store.js';

export interface HooksParts extends ConfigurationParts {
  readonly redis: Redis;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: RoutingOptionsStore;
}

/** Endpoints of the company's own system that decide before a call queues. */
export interface HooksFeature extends FeatureModule {
  readonly service: HookService;
}

/** Wires hooks on MariaDB, Redis and HTTP. Trying one asks it whatever calls have met there. */
export function makeHooksFeature(parts: HooksParts): HooksFeature {
  const { clock, log } = parts;
  const hookLog = makeHookLog(parts.redis, log);
  const service = new HookService({
    store: new KnexHookStore(parts.database, knexAuditLog),
    announcer: parts.announcer,
    secrets: parts.secrets,
    hook: new RoutingHookClient(clock, hookLog, false),
    log: hookLog,
    clock,
  });
  return {
    name: 'hooks',
    service,
    pages: hookPages({ service, options: parts.options, log }),
    menu: [
      {
        group: 'routing',
        label: 'hooks.title',
        icon: 'plug-connected',
        href: '/setup/hooks',
        access: 'routing.edit',
        order: 40,
      },
    ],
  };
}
