import type { Redis } from 'ioredis';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { Logger } from '../log/logger.js';

const EVERY_MS = 1_000;
/** A role that has said nothing for so long is not running. */
const EXPIRES_S = 5;
const KEY = 'cb:health';

/** Counters of a role, by name; nested one level. */
export type HealthCounters = Readonly<Record<string, unknown>>;

/** Says once a second how a role is: the health page and the tests read it. Silence means that it does not run. */
export function publishHealth(
  scope: Scope,
  deps: { readonly redis: Redis; readonly clock: Clock; readonly log: Logger },
  role: string,
  read: () => HealthCounters | Promise<HealthCounters>,
): void {
  scope.fork(`health of ${role}`, async (s) => {
    for (;;) {
      try {
        const text = JSON.stringify({ at: deps.clock.now(), pid: process.pid, ...(await read()) });
        await deps.redis.set(`${KEY}:${role}`, text, 'EX', EXPIRES_S);
      } catch (error) {
        deps.log.debug({ err: error }, 'health is not published');
      }
      await deps.clock.sleep(EVERY_MS, s.signal);
    }
  });
}

/** What each role last said of itself; a role that does not run is absent. */
export async function readHealth(
  redis: Redis,
  roles: readonly string[],
): Promise<ReadonlyMap<string, HealthCounters>> {
  const texts = await redis.mget(roles.map((role) => `${KEY}:${role}`));
  return new Map(
    roles.flatMap((role, index) => {
      const text = texts[index];
      return typeof text === 'string' ? [[role, JSON.parse(text) as HealthCounters] as const] : [];
    }),
  );
}
