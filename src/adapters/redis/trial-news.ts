import type { Redis } from 'ioredis';
import type { TrialView } from '../../features/ivr-flows/index.js';
import type { FlowTrialId } from '../../kernel/ids.js';
import type { FlowTrials, TrialNews } from '../../telephony/flow-trials.js';
import type { Logger } from '../log/logger.js';

const CHANNEL = 'cb:flow-trials';
/** What is told of one trial at most; what comes after is not kept. */
const MAX_NEWS = 3_000;
const KEPT_S = 24 * 3_600;
/** Trials that one process of pages keeps in memory; the oldest go first, and are read again where somebody looks. */
const MAX_KNOWN = 50;

const keyOf = (id: FlowTrialId): string => `cb:flow-trial:${String(id)}`;

/** Tells what happens in trials, in Redis lists. Where Redis is away nobody sees it; the call does not wait. */
export const makeTrialNews =
  (redis: Redis, log: Logger): FlowTrials['note'] =>
  (id, news) => {
    redis
      .multi()
      .rpush(keyOf(id), JSON.stringify(news))
      .ltrim(keyOf(id), 0, MAX_NEWS - 1)
      .expire(keyOf(id), KEPT_S)
      .publish(CHANNEL, String(id))
      .exec()
      .then(
        () => undefined,
        (error: unknown) => {
          log.warn({ err: error, trial: id }, 'how far a test call is could not be told');
        },
      );
  };

interface Known {
  readonly news: TrialNews[];
  reading: boolean;
  isBehind: boolean;
}

/** Follows what is told of the trials that somebody looks at. */
export function openTrialView(redis: Redis, log: Logger): TrialView & { close(): void } {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  const known = new Map<FlowTrialId, Known>();
  const listeners = new Set<() => void>();
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'subscription to test calls');
  });
  subscriber.on('message', (_channel, text: string) => {
    const id = Number(text) as FlowTrialId;
    const trial = known.get(id);
    if (trial) void catchUp(id, trial);
  });
  // What was told while the connection was away is read when it is back.
  subscriber.on('ready', () => {
    for (const [id, trial] of known) void catchUp(id, trial);
  });
  subscriber.subscribe(CHANNEL).then(
    () => undefined,
    (error: unknown) => {
      log.warn({ err: error }, 'test calls cannot be followed');
    },
  );

  async function catchUp(id: FlowTrialId, trial: Known): Promise<void> {
    trial.isBehind = true;
    if (trial.reading) return;
    trial.reading = true;
    try {
      while (wasTold(trial)) {
        // Only this program writes the list.
        const texts = await redis.lrange(keyOf(id), trial.news.length, -1);
        for (const text of texts) trial.news.push(JSON.parse(text) as TrialNews);
        if (texts.length > 0) for (const listener of [...listeners]) listener();
      }
    } catch (error) {
      log.warn({ err: error, trial: id }, 'how far a test call is could not be read');
    } finally {
      trial.reading = false;
    }
  }

  return {
    newsOf: (id) => {
      const found = known.get(id);
      if (found) return found.news;
      const trial: Known = { news: [], reading: false, isBehind: false };
      known.set(id, trial);
      const [oldest] = known.keys();
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      void catchUp(id, trial);
      return trial.news;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      subscriber.disconnect();
    },
  };
}

/** True once after each call of `catchUp`: what comes while we read is read too. */
function wasTold(trial: Known): boolean {
  const { isBehind } = trial;
  trial.isBehind = false;
  return isBehind;
}
