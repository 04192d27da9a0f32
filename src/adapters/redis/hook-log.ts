import type { Redis } from 'ioredis';
import type { Logger } from '../log/logger.js';
import { HOOK_TRIES_KEPT, type HookLog, type HookTry } from '../../telephony/routing-hook.js';

const keyOf = (hook: number): string => `cb:hook:${String(hook)}:tries`;

/** Keeps the last requests of each hook in a Redis list. Where Redis is away they are not kept: calls do not wait for it. */
export const makeHookLog = (redis: Redis, log: Logger): HookLog => ({
  note: (hook, done) => {
    redis
      .multi()
      .lpush(keyOf(hook), JSON.stringify(done))
      .ltrim(keyOf(hook), 0, HOOK_TRIES_KEPT - 1)
      .exec()
      .then(
        () => undefined,
        (error: unknown) => {
          log.warn({ err: error, hook }, 'what became of a hook could not be kept');
        },
      );
  },
  // Only this program writes the list.
  latest: async (hook) =>
    (await redis.lrange(keyOf(hook), 0, HOOK_TRIES_KEPT - 1)).map(
      (text) => JSON.parse(text) as HookTry,
    ),
});
