import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { UserId } from '../../kernel/ids.js';
import type { Session, SessionStore } from '../../features/users/session-store.js';

/** A session that was not used for so long has ended. */
export const SESSION_IDLE_S = 12 * 3600;
const MAX_NOTICES = 10;

/** Redis never sees the id itself: whoever reads its memory cannot take over a session. */
const keyOf = (id: string): string =>
  `cb:session:${createHash('sha256').update(id).digest('base64url')}`;
const userKey = (userId: number): string => `cb:user-sessions:${String(userId)}`;

/** Sessions in Redis: a hash each, and a set of each user's sessions so that they can be ended together. */
export class RedisSessionStore implements SessionStore {
  constructor(private readonly redis: Redis) {}

  async create(userId: UserId): Promise<Session> {
    const session: Session = {
      id: randomBytes(32).toString('base64url'),
      userId,
      csrf: randomBytes(32).toString('base64url'),
    };
    const key = keyOf(session.id);
    await this.#all(
      this.redis
        .multi()
        .hset(key, { user: String(userId), csrf: session.csrf })
        .expire(key, SESSION_IDLE_S)
        .sadd(userKey(userId), key)
        .expire(userKey(userId), SESSION_IDLE_S),
    );
    return session;
  }

  async find(id: string): Promise<Session | undefined> {
    if (!/^[\w-]{43}$/.test(id)) return undefined;
    const key = keyOf(id);
    const stored = await this.redis.hgetall(key);
    const userId = Number(stored['user']);
    const csrf = stored['csrf'];
    if (csrf === undefined || !Number.isInteger(userId)) return undefined;
    await this.#all(
      this.redis
        .multi()
        .expire(key, SESSION_IDLE_S)
        .expire(`${key}:notices`, SESSION_IDLE_S)
        .expire(userKey(userId), SESSION_IDLE_S),
    );
    return { id, userId: userId as UserId, csrf };
  }

  async isOpen(id: string): Promise<boolean> {
    return (await this.redis.exists(keyOf(id))) === 1;
  }

  async pushNotice(id: string, notice: string): Promise<void> {
    const key = `${keyOf(id)}:notices`;
    await this.#all(
      this.redis
        .multi()
        .rpush(key, notice)
        .ltrim(key, -MAX_NOTICES, -1)
        .expire(key, SESSION_IDLE_S),
    );
  }

  async takeNotices(id: string): Promise<readonly string[]> {
    const key = `${keyOf(id)}:notices`;
    const results = await this.#all(this.redis.multi().lrange(key, 0, -1).del(key));
    return (results[0] as string[] | undefined) ?? [];
  }

  async end(id: string): Promise<void> {
    const key = keyOf(id);
    const userId = await this.redis.hget(key, 'user');
    await this.#all(
      this.redis
        .multi()
        .del(key, `${key}:notices`)
        .srem(userKey(Number(userId ?? 0)), key),
    );
  }

  async endAll(userId: UserId, exceptId?: string): Promise<void> {
    const kept = exceptId === undefined ? undefined : keyOf(exceptId);
    const keys = (await this.redis.smembers(userKey(userId))).filter((key) => key !== kept);
    if (keys.length === 0) return;
    await this.#all(
      this.redis
        .multi()
        .del(...keys, ...keys.map((key) => `${key}:notices`))
        .srem(userKey(userId), ...keys),
    );
  }

  /** Runs a transaction and throws the first error in it. */
  async #all(transaction: ReturnType<Redis['multi']>): Promise<unknown[]> {
    const results = await transaction.exec();
    if (results === null) throw new Error('Redis gave the transaction up');
    return results.map(([error, value]) => {
      if (error) throw error;
      return value;
    });
  }
}
