import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Desk, DeskAnswer, DeskCommand } from '../../telephony/live.js';
import type { Logger } from '../log/logger.js';

const DESK_CHANNEL = 'cb:desk';
const ANSWER_LIMIT_MS = 5_000;

interface Envelope {
  readonly id: string;
  readonly replyTo: string;
  readonly command: DeskCommand;
}

/** The asking side: pages and tasks. */
export function openDesk(redis: Redis, log: Logger): Desk & { close(): void } {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'desk subscription');
  });
  const replyTo = `${DESK_CHANNEL}:${randomUUID()}`;
  const waiting = new Map<string, (answer: DeskAnswer) => void>();
  subscriber.on('message', (_channel, text: string) => {
    const { id, answer } = JSON.parse(text) as { id: string; answer: DeskAnswer };
    waiting.get(id)?.(answer);
  });
  const subscribed = subscriber.subscribe(replyTo);
  subscribed.then(
    () => undefined,
    (error: unknown) => {
      log.warn({ err: error }, 'no answers from the calls can be heard');
    },
  );
  return {
    ask: (command) => ask(command),
    close: () => {
      subscriber.disconnect();
    },
  };

  async function ask(command: DeskCommand): Promise<DeskAnswer> {
    const id = randomUUID();
    const notRunning: DeskAnswer = { ok: false, code: 'calls-not-running', detail: '' };
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<DeskAnswer>((resolve) => {
      waiting.set(id, resolve);
      timer = setTimeout(resolve, ANSWER_LIMIT_MS, notRunning);
    });
    try {
      const envelope: Envelope = { id, replyTo, command };
      const heardBy = await redis.publish(DESK_CHANNEL, JSON.stringify(envelope));
      return heardBy === 0 ? notRunning : await answer;
    } catch (error) {
      log.warn({ err: error }, 'a desk command could not be sent');
      return notRunning;
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  }
}

/** The answering side: the process that runs the calls. */
export function serveDesk(
  redis: Redis,
  log: Logger,
  answer: (command: DeskCommand) => Promise<DeskAnswer>,
): { close(): void } {
  const subscriber = redis.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null });
  subscriber.on('error', (error: Error) => {
    log.debug({ err: error }, 'desk subscription');
  });
  const serve = async (text: string): Promise<void> => {
    const { id, replyTo, command } = JSON.parse(text) as Envelope;
    await redis.publish(replyTo, JSON.stringify({ id, answer: await answer(command) }));
  };
  subscriber.on('message', (_channel, text: string) => {
    serve(text).catch((error: unknown) => {
      log.error({ err: error }, 'a desk command failed');
    });
  });
  subscriber.subscribe(DESK_CHANNEL).then(
    () => undefined,
    (error: unknown) => {
      log.error({ err: error }, 'desk commands cannot be heard');
    },
  );
  return {
    close: () => {
      subscriber.disconnect();
    },
  };
}
