import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { RecordingId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { VoicemailNews } from './voicemail-news.js';

const LOOK_EVERY_MS = 3_600_000;
const RETRY_MS = 60_000;

/** A message whose time is over. */
export interface ExpiredMessage {
  readonly id: RecordingId;
  readonly from: string;
  readonly days: number;
}

/** A sound whose message is gone. */
export interface LeftSound {
  readonly id: RecordingId;
  /** Below the folder of recordings. */
  readonly path: string;
}

export interface ExpiredMessages {
  /** Some of those that are older than their box keeps them and that nobody keeps on purpose. */
  next(now: Date): Promise<readonly ExpiredMessage[]>;
  /** Deletes a message, with a line in the audit log, unless somebody keeps it since; its sound is left behind. */
  forget(message: ExpiredMessage, actor: typeof SYSTEM_ACTOR): Promise<void>;
  leftSounds(): Promise<readonly LeftSound[]>;
  noteRemoved(id: RecordingId): Promise<void>;
}

export interface RetentionParts {
  readonly messages: ExpiredMessages;
  /** Removes a stored sound; one that is gone already is no error. */
  readonly removeSound: (path: string) => Promise<void>;
  readonly news: VoicemailNews;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn'>;
}

/** Deletes what is older than its box keeps it, until the scope ends. */
export function expireVoicemails(server: Scope, parts: RetentionParts): void {
  const { clock, log } = parts;
  server.fork('retention of messages', async (scope) => {
    for (;;) {
      let waitMs = LOOK_EVERY_MS;
      try {
        const deleted = await deleteExpired(parts);
        if (deleted > 0) log.info({ deleted }, 'messages deleted after their time');
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'old messages could not be deleted; trying again');
        waitMs = RETRY_MS;
      }
      await clock.sleep(waitMs, scope.signal);
    }
  });
}

/**
 * Deletes all that is due; how many there were. The message goes first and names its sound until that is gone too, so that a
 * run that is interrupted anywhere is ended by the next one.
 */
export async function deleteExpired(parts: RetentionParts): Promise<number> {
  const { messages, clock, removeSound, news } = parts;
  for (let deleted = 0; ;) {
    const expired = await messages.next(new Date(clock.now()));
    for (const message of expired) await messages.forget(message, SYSTEM_ACTOR);
    for (const { id, path } of await messages.leftSounds()) {
      await removeSound(path);
      await messages.noteRemoved(id);
    }
    deleted += expired.length;
    if (expired.length > 0) continue;
    if (deleted > 0) news.changed();
    return deleted;
  }
}
