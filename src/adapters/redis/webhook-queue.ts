import type { Redis } from 'ioredis';
import type { OutgoingWebhook } from '../../telephony/self-service.js';

const MESSAGES = 'cb:webhooks';
const DUE = 'cb:webhooks:due';
const FAILED = 'cb:webhooks:failed';
const FAILED_KEPT = 100;
/** So long it is remembered that a message was given already: longer than any call. */
const SEEN_S = 24 * 3_600;
/** A message that was taken and of which nothing was heard is taken again. */
const LEASE_MS = 60_000;

/** A message, and how often it was tried. */
export interface QueuedWebhook extends OutgoingWebhook {
  readonly attempts: number;
}

/** Messages of flows on their way to other systems, in Redis: they outlive every process. */
export class WebhookQueue {
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

  /** Given up: kept for whoever looks for it. */
  async giveUp(webhook: QueuedWebhook): Promise<void> {
    await this.redis
      .multi()
      .hdel(MESSAGES, webhook.id)
      .zrem(DUE, webhook.id)
      .lpush(FAILED, JSON.stringify(webhook))
      .ltrim(FAILED, 0, FAILED_KEPT - 1)
      .exec();
  }

  /** How many wait. */
  waiting(): Promise<number> {
    return this.redis.zcard(DUE);
  }
}

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
