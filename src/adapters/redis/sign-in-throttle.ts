import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../kernel/clock.js';
import type { SignInThrottle } from '../../features/users/sign-in-throttle.js';

/** Failures are forgotten after so long without a new one. */
const WINDOW_MS = 15 * 60_000;
/** After the limit sign-in is closed for so long. */
export const LOCK_MS = 5 * 60_000;
/** Wrong tries for one name, wherever they come from. */
export const TRIES_PER_LOGIN = 5;
/** Wrong tries from one address, whatever name they use: a shared office address has many people behind it. */
export const TRIES_PER_ADDRESS = 30;

const hashed = (text: string): string =>
  createHash('sha256').update(text.toLowerCase()).digest('base64url').slice(0, 22);

/** Counts wrong sign-ins in Redis, so that all processes of a site count together. */
export class RedisSignInThrottle implements SignInThrottle {
  constructor(
    private readonly redis: Redis,
    private readonly clock: Clock,
  ) {}

  async lockedUntil(login: string, address: string): Promise<number | undefined> {
    const [one, two] = await this.redis.mget(this.#lockKeys(login, address));
    const until = Math.max(Number(one ?? 0), Number(two ?? 0));
    return until > this.clock.now() ? until : undefined;
  }

  async failed(login: string, address: string): Promise<number | undefined> {
    const [loginLock, addressLock] = this.#lockKeys(login, address);
    const until = this.clock.now() + LOCK_MS;
    const [byLogin, byAddress] = await Promise.all([
      this.#count(`cb:sign-in:tries:login:${hashed(login)}`),
      this.#count(`cb:sign-in:tries:address:${hashed(address)}`),
    ]);
    const locks = [
      ...(byLogin >= TRIES_PER_LOGIN ? [loginLock] : []),
      ...(byAddress >= TRIES_PER_ADDRESS ? [addressLock] : []),
    ];
    for (const key of locks) await this.redis.set(key, String(until), 'PX', LOCK_MS);
    return locks.length === 0 ? undefined : until;
  }

  async succeeded(login: string): Promise<void> {
    await this.redis.del(`cb:sign-in:tries:login:${hashed(login)}`);
  }

  #lockKeys = (login: string, address: string): [string, string] => [
    `cb:sign-in:lock:login:${hashed(login)}`,
    `cb:sign-in:lock:address:${hashed(address)}`,
  ];

  async #count(key: string): Promise<number> {
    const results = await this.redis.multi().incr(key).pexpire(key, WINDOW_MS).exec();
    const [error, value] = results?.[0] ?? [new Error('Redis gave the transaction up'), 0];
    if (error) throw error;
    return Number(value);
  }
}
