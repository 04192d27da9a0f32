import type { Redis } from 'ioredis';
import type { TakeMemory, TakeStatus } from '../../features/prompts/phone-takes.js';
import type { PromptTake } from '../../telephony/prompt-takes.js';
import type { Logger } from '../log/logger.js';

/** Nobody looks at a take any more after that. */
const KEPT_S = 3_600;

const keyOf = (id: string): string => `cb:take:${id}`;

/** Recordings of prompts under way, in Redis: pages ask for them, calls make them. */
export const makeTakeMemory = (redis: Redis, log: Logger): TakeMemory => ({
  put: async (take) => {
    await write(redis, take.id, {
      take: JSON.stringify(take),
      status: JSON.stringify({ state: 'ringing' } satisfies TakeStatus),
    });
  },
  // Only this program writes these.
  find: async (id) => {
    const [take, status] = await redis.hmget(keyOf(id), 'take', 'status');
    return take && status
      ? { take: JSON.parse(take) as PromptTake, status: JSON.parse(status) as TakeStatus }
      : undefined;
  },
  note: (id, status) => {
    write(redis, id, { status: JSON.stringify(status) }).catch((error: unknown) => {
      log.warn({ err: error, take: id }, 'how far a recording is could not be told');
    });
  },
});

async function write(
  redis: Redis,
  id: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await redis.multi().hset(keyOf(id), fields).expire(keyOf(id), KEPT_S).exec();
}
