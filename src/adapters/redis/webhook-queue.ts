import type { Redis } from 'ioredis';
import type { LostWebhook, LostWebhooks } from '../../features/webhooks/webhook.js';
import type { OutgoingWebhook } from '../../telephony/self-service.js';

const MESSAGES = 'cb:webhooks';
const DUE = 'cb:webhooks:due';
const LOST = 'cb:webhooks:lost';
/** By the moment at which they were given up. */
const LOST_AT = 'cb:webhooks:lost:at';
/** Given up messages that are kept; of more the oldest go. */
const LOST_KEPT = 1_000;
/** So long it is remembered that a message was given already: longer than any call. */
const SEEN_S = 24 * 3_600;
/** A message that was taken and of which nothing was heard is taken again. */
const LEASE_MS = 60_000;

/** A message, and how often it was tried. */
export interface QueuedWebhook extends OutgoingWebhook {
  readonly attempts: number;
}

/** Messages of flows on their way to other systems, in Redis: they outlive every process. */
export class WebhookQueue implements LostWebhooks {
  constructor(private readonly redis: Redis) {}

  /** What is given twice is sent once. Rejects where Redis is away. */
  async add(webhook: OutgoingWebhook): Promise<void> {
    const message: QueuedWebhook = { ...webhook, attempts: 0 };
    await this.redis.eval(
      ADD,
      ...[3, `cb:webhooks:seen:${webhook.id}`, MESSAGES, DUE],
      ...[webhook.id, JSON.stringify(message), webhook.askedAt, SEEN_S],
    );
  }

  /** Those that are due at `now`; nobody else gets them for a while. */
  async take(now: number, limit: number): Promise<readonly QueuedWebhook[]> {
    const texts = await this.redis.eval(TAKE, 2, DUE, MESSAGES, now, limit, now + LEASE_MS);
    // Only this program writes the key.
    return (texts as string[]).map((text) => JSON.parse(text) as QueuedWebhook);
  }

  async done({ id }: QueuedWebhook): Promise<void> {
    await this.redis.multi().hdel(MESSAGES, id).zrem(DUE, id).exec();
  }

  async retryAt(webhook: QueuedWebhook, at: number): Promise<void> {
    await this.redis
      .multi()
      .hset(MESSAGES, webhook.id, JSON.stringify(webhook))
      .zadd(DUE, at, webhook.id)
      .exec();
  }

  /** Given up: kept for whoever looks for it. `failure` is what came of the last try. How many older ones had to go. */
  async giveUp(webhook: QueuedWebhook, failure: string, now: number): Promise<number> {
    const lost: LostWebhook = { ...webhook, failure, givenUpAt: now };
    const gone = await this.redis.eval(
      GIVE_UP,
      ...[4, MESSAGES, DUE, LOST, LOST_AT],
      ...[webhook.id, JSON.stringify(lost), now, LOST_KEPT],
    );
    return Number(gone);
  }

  /** How many wait. */
  waiting(): Promise<number> {
    return this.redis.zcard(DUE);
  }

  lostCount(): Promise<number> {
    return this.redis.zcard(LOST_AT);
  }

  async lost(offset: number, limit: number): Promise<readonly LostWebhook[]> {
    if (limit <= 0) return [];
    const ids = await this.redis.zrevrange(LOST_AT, offset, offset + limit - 1);
    const texts = ids.length === 0 ? [] : await this.redis.hmget(LOST, ...ids);
    // Only this program writes the key.
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as LostWebhook]));
  }

  async findLost(id: string): Promise<LostWebhook | undefined> {
    const text = await this.redis.hget(LOST, id);
    return text === null ? undefined : (JSON.parse(text) as LostWebhook);
  }

  async sendAgain(id: string, now: number): Promise<boolean> {
    const lost = await this.findLost(id);
    if (lost === undefined) return false;
    const { callId, url, body, askedAt } = lost;
    const message: QueuedWebhook = { id, callId, url, body, askedAt, attempts: 0 };
    const moved = await this.redis.eval(
      SEND_AGAIN,
      ...[4, LOST, LOST_AT, MESSAGES, DUE],
      ...[id, JSON.stringify(message), now],
    );
    return moved === 1;
  }

  async drop(id: string): Promise<boolean> {
    const done = await this.redis.multi().hdel(LOST, id).zrem(LOST_AT, id).exec();
    return done?.[0]?.[1] === 1;
  }
}

const GIVE_UP = `
redis.call('hdel', KEYS[1], ARGV[1])
redis.call('zrem', KEYS[2], ARGV[1])
redis.call('hset', KEYS[3], ARGV[1], ARGV[2])
redis.call('zadd', KEYS[4], ARGV[3], ARGV[1])
local oldest = redis.call('zrange', KEYS[4], 0, -(tonumber(ARGV[4]) + 1))
for _, id in ipairs(oldest) do
  redis.call('hdel', KEYS[3], id)
  redis.call('zrem', KEYS[4], id)
end
return #oldest
`;

const SEND_AGAIN = `
if redis.call('hdel', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('zrem', KEYS[2], ARGV[1])
redis.call('hset', KEYS[3], ARGV[1], ARGV[2])
redis.call('zadd', KEYS[4], ARGV[3], ARGV[1])
return 1
`;

const ADD = `
if redis.call('set', KEYS[1], '1', 'NX', 'EX', ARGV[4]) then
  redis.call('hset', KEYS[2], ARGV[1], ARGV[2])
  redis.call('zadd', KEYS[3], ARGV[3], ARGV[1])
end
return 1
`;

const TAKE = `
local found = {}
for _, id in ipairs(redis.call('zrangebyscore', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local text = redis.call('hget', KEYS[2], id)
  if text then
    redis.call('zadd', KEYS[1], ARGV[3], id)
    found[#found + 1] = text
  else
    redis.call('zrem', KEYS[1], id)
  end
end
return found
`;
