import type { Redis } from 'ioredis';
import type { VoicemailNews } from '../../features/voicemail/voicemail-news.js';
import type { Logger } from '../log/logger.js';

const CHANNEL = 'cb:voicemail';

/** Tells every process over Redis that messages came, were heard or went. Never rejects: who listens looks by itself, too. */
export const makeVoicemailNews = (redis: Redis, log: Logger): VoicemailNews => ({
  changed: () => {
    redis.publish(CHANNEL, '').catch((error: unknown) => {
      log.debug({ err: error }, 'news of messages could not be told');
    });
  },
});

/** Hears of it; also once after a lost connection. */
export function followVoicemailNews(
  redis: Redis,
  log: Logger,
  listener: () => void,
): { close(): void } {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'subscription to messages');
  });
  subscriber.on('ready', listener);
  subscriber.on('message', listener);
  subscriber.subscribe(CHANNEL).then(
    () => undefined,
    (error: unknown) => {
      log.error({ err: error }, 'news of messages cannot be heard');
    },
  );
  return {
    close: () => {
      subscriber.disconnect();
    },
  };
}
