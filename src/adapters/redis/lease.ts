import { performance } from 'node:perf_hooks';
import type { Redis } from 'ioredis';
import type { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Logger } from '../log/logger.js';

/** A holder that says nothing for so long has lost it. */
const EXPIRES_MS = 1_500;
const RENEW_MS = 300;
/** How often who waits looks. */
const LOOK_MS = 200;
/** After an outage of Redis, which may have forgotten the holder, that one comes first: so many looks. */
const LOOKS_AFTER_OUTAGE = 10;
/** A sign of those who wait lasts so long. */
const WAITING_MS = 3_000;

/** Sets the owner where there is none; says who it is. */
const TAKE = `
  local owner = redis.call('get', KEYS[1])
  if not owner or owner == ARGV[1] then
    redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
    owner = ARGV[1]
  end
  return { owner, redis.call('exists', KEYS[2]) }`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** What of several copies of the program only one may do, and this one does. */
export interface Lease {
  /** Whoever waits for it may begin. To be called when everything is written down. */
  release(): Promise<void>;
}

interface Parts {
  /** A connection of its own, whose commands nobody waits for. */
  readonly redis: Redis;
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** It is somebody else's now: this process must not do anything any more, not even clear away. */
  readonly onLost: (why: string) => void;
  /** Told once where somebody else has it. */
  readonly onWaiting?: () => void;
}

/**
 * Waits until this process is the one that runs `name`, and keeps it until it is released.
 *
 * While Redis is away the holder goes on, and nobody takes over. A process that stood still (stopped, swapped out, a frozen machine)
 * for longer than the lease lasts, while somebody waited for it, ends at its first step: what it would do now is
 * done by somebody else.
 */
export async function awaitLease(scope: Scope, parts: Parts): Promise<Lease> {
  const { redis, name, log } = parts;
  const keys = [`cb:lease:${name}`, `cb:lease:${name}:waiting`] as const;
  const own = newId();
  await untilFree(redis, keys, parts, scope);
  const take = async (): Promise<{ readonly isOwn: boolean; readonly isAwaited: boolean }> => {
    const [owner, awaited] = (await redis.eval(TAKE, 2, ...keys, own, EXPIRES_MS)) as [
      string,
      number,
    ];
    return { isOwn: owner === own, isAwaited: awaited === 1 };
  };
  while (!(await take().catch(() => NOBODY)).isOwn) await untilFree(redis, keys, parts, scope);
  log.info({ lease: name }, 'this process is in charge');
  return keep(parts, take, () => redis.eval(RELEASE, 1, keys[0], own));
}

/** Looks until nobody has it, and lets the holder know that somebody waits. */
async function untilFree(
  redis: Redis,
  [key, waiting]: readonly [string, string],
  { clock, onWaiting }: Parts,
  scope: Scope,
): Promise<void> {
  let waits = 0;
  let isTold = false;
  for (;;) {
    const owner = await redis.get(key).catch(() => OUTAGE);
    if (owner === OUTAGE) waits = LOOKS_AFTER_OUTAGE;
    else if (owner === null) {
      if (waits === 0) return;
      waits -= 1;
    } else {
      waits = 0;
      await redis.set(waiting, '1', 'PX', WAITING_MS).catch(() => undefined);
      if (!isTold) onWaiting?.();
      isTold = true;
    }
    await clock.sleep(LOOK_MS, scope.signal);
  }
}
const OUTAGE = Symbol('outage');
const NOBODY = { isOwn: false, isAwaited: false };

function keep(
  { name, log, onLost }: Parts,
  take: () => Promise<{ readonly isOwn: boolean; readonly isAwaited: boolean }>,
  release: () => Promise<unknown>,
): Lease {
  let isAsking = false;
  let isOver = false;
  let isAwaited = false;
  let ranAt = performance.now();
  const timer = setInterval(() => {
    const stoodMs = performance.now() - ranAt;
    ranAt += stoodMs;
    if (stoodMs > EXPIRES_MS && isAwaited) {
      isOver = true;
      onLost(`this process stood still for ${String(Math.round(stoodMs))} ms`);
      return;
    }
    if (isAsking) return;
    isAsking = true;
    void take()
      .then((found) => {
        if (isOver) return;
        isAwaited = found.isAwaited;
        if (found.isOwn) return;
        isOver = true;
        onLost('another process has taken over');
      })
      .catch((error: unknown) => {
        // Redis is away: that is logged where its connection is.
        log.debug({ err: error, lease: name }, 'the lease could not be renewed');
      })
      .finally(() => {
        isAsking = false;
      });
  }, RENEW_MS);
  return {
    release: async () => {
      isOver = true;
      clearInterval(timer);
      await release().catch(() => undefined);
    },
  };
}
