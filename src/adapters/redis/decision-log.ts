import type { Redis } from 'ioredis';
import type { QueueId } from '../../kernel/ids.js';
import type { DecisionLog, LiveDecision } from '../../telephony/live.js';
import type { Logger } from '../log/logger.js';

/** Older decisions stand in the ledger, call by call. */
const KEPT = 200;
const keyOf = (queue: QueueId): string => `cb:decisions:${String(queue)}`;

/** Keeps the last decisions of each queue for the live pages. Writing never fails and never waits. */
export function makeDecisionWriter(redis: Redis, log: Logger): (decision: LiveDecision) => void {
  return (decision) => {
    const key = keyOf(decision.queueId);
    redis
      .pipeline()
      .lpush(key, JSON.stringify(decision))
      .ltrim(key, 0, KEPT - 1)
      .exec()
      .then(
        () => undefined,
        (error: unknown) => {
          log.debug({ err: error }, 'a decision is not shown on live pages');
        },
      );
  };
}

/** Reads them. */
export const makeDecisionLog = (redis: Redis): DecisionLog => ({
  latest: async (queue, limit) => {
    const texts = await redis.lrange(keyOf(queue), 0, Math.min(limit, KEPT) - 1);
    return texts.map((text) => JSON.parse(text) as LiveDecision);
  },
});
