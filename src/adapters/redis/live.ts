import type { Redis } from 'ioredis';
import type { LiveSnapshot, LiveView } from '../../telephony/live.js';
import type { Logger } from '../log/logger.js';

const LIVE_KEY = 'cb:live';

/**
 * A picture is kept for those who come later this often at most: what is kept goes to Redis's log on the disk, and there are ten a
 * second. Whoever comes between two has the one before, until the next is published.
 */
const KEEP_EVERY_MS = 1_000;

/** Publishes what happens now; a snapshot that Redis does not take is followed by the next. */
export function makeLivePublisher(redis: Redis, log: Logger): (snapshot: LiveSnapshot) => void {
  let isAway = false;
  let keptAt = -Infinity;
  return (snapshot) => {
    const text = JSON.stringify(snapshot);
    const commands = redis.pipeline().publish(LIVE_KEY, text);
    const now = performance.now();
    if (isAway || now - keptAt >= KEEP_EVERY_MS) {
      commands.set(LIVE_KEY, text, 'EX', 60);
      keptAt = now;
    }
    commands.exec().then(
      () => {
        isAway = false;
      },
      (error: unknown) => {
        if (!isAway) log.warn({ err: error }, 'live values are not published');
        isAway = true;
      },
    );
  };
}

/** Follows what is published; `current` keeps the last snapshot with the time of its arrival. */
export async function openLiveView(
  redis: Redis,
  log: Logger,
): Promise<LiveView & { close(): void }> {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'live subscription');
  });
  const listeners = new Set<(snapshot: LiveSnapshot) => void>();
  let current: LiveSnapshot | undefined;
  let receivedAt = 0;
  const take = (text: string): void => {
    current = JSON.parse(text) as LiveSnapshot;
    receivedAt = Date.now();
    for (const listener of [...listeners]) listener(current);
  };
  subscriber.on('message', (_channel, text: string) => {
    take(text);
  });
  // Subscribes when Redis is there, and again after each loss; nobody waits for it.
  subscriber.subscribe(LIVE_KEY).then(
    () => undefined,
    (error: unknown) => {
      log.warn({ err: error }, 'live values cannot be followed');
    },
  );
  try {
    const last = await redis.get(LIVE_KEY);
    if (last !== null && current === undefined) take(last);
  } catch (error) {
    log.warn({ err: error }, 'no live values yet');
  }
  return {
    get current() {
      return current;
    },
    get receivedAt() {
      return receivedAt;
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
