import type { Redis } from 'ioredis';
import type { Announcer, ConfigurationKind } from '../../kernel/announcer.js';
import type { Logger } from '../log/logger.js';

const CHANGES_CHANNEL = 'cb:configuration';

/**
 * Announces over Redis. Where Redis is away the change is stored all the same and applies when processes next read the
 * configuration by themselves (every 30 s): that is logged, not raised.
 */
export function makeAnnouncer(redis: Redis, log: Logger): Announcer {
  return {
    configurationChanged: async (kind) => {
      try {
        await redis.publish(CHANGES_CHANNEL, kind);
      } catch (error) {
        log.warn({ err: error, kind }, 'a change could not be announced; it applies within 30 s');
      }
    },
  };
}

/** Hears of changes; after a lost connection `listener` is called once as for any change. */
export function followChanges(
  redis: Redis,
  log: Logger,
  listener: (kind: ConfigurationKind | 'unknown') => void,
): { close(): void } {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'configuration subscription');
  });
  let connections = 0;
  subscriber.on('ready', () => {
    if (++connections > 1) listener('unknown');
  });
  subscriber.on('message', (_channel, kind: string) => {
    listener(kind as ConfigurationKind);
  });
  subscriber.subscribe(CHANGES_CHANNEL).then(
    () => undefined,
    (error: unknown) => {
      log.error({ err: error }, 'configuration changes cannot be heard');
    },
  );
  return {
    close: () => {
      subscriber.disconnect();
    },
  };
}
