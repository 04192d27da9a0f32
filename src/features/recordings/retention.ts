import { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import { integerField, problem } from '../../kernel/fields.js';
import type { RecordingId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { SettingKind } from '../configuration/index.js';

/** For how many days recordings are kept; 0: for ever. Messages have the time of their mailbox. */
export interface RetentionTimes {
  readonly callDays: number;
  readonly conferenceDays: number;
  readonly commentDays: number;
  /** Of calls of queues that have a time of their own, by the queue's id. */
  readonly queueDays: Readonly<Record<string, number>>;
}

const KEEP_ALL: RetentionTimes = {
  ...{ callDays: 0, conferenceDays: 0, commentDays: 0 },
  queueDays: {},
};
export const RETENTION_MAX_DAYS = 3_650;

const storedSchema = z
  .object({
    ...{ callDays: z.number(), conferenceDays: z.number(), commentDays: z.number() },
    queueDays: z.record(z.string(), z.number()).default({}),
  })
  .catch(KEEP_ALL);

/** One setting of the site. */
export const RETENTION_SETTING: SettingKind<RetentionTimes> = {
  name: 'recording-retention',
  parse: (stored) => storedSchema.parse(stored ?? KEEP_ALL),
  describe: ({ queueDays, ...times }) => ({ ...times, ...namedQueues(queueDays) }),
};

const namedQueues = (queueDays: RetentionTimes['queueDays']): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(queueDays).map(([id, days]) => [queueFieldOf(id), days]));

/** The form's field of a queue. */
export const queueFieldOf = (id: number | string): string => `queue-${String(id)}`;

/** The form: a field `queue-<id>` for each queue, empty for the time of all calls. */
export const retentionSchema = z
  .looseObject({
    callDays: integerField(0, RETENTION_MAX_DAYS),
    conferenceDays: integerField(0, RETENTION_MAX_DAYS),
    commentDays: integerField(0, RETENTION_MAX_DAYS),
  })
  .transform(({ callDays, conferenceDays, commentDays, ...rest }, context): RetentionTimes => {
    const queueDays: Record<string, number> = {};
    for (const [name, value] of Object.entries(rest)) {
      const id = /^queue-([1-9]\d{0,8})$/.exec(name)?.[1];
      const text = typeof value === 'string' ? value.trim() : '';
      if (id === undefined || text === '') continue;
      if (/^\d{1,4}$/.test(text) && Number(text) <= RETENTION_MAX_DAYS)
        queueDays[id] = Number(text);
      else
        context.addIssue({
          ...problem('recordings.retention.problem.queue', { max: RETENTION_MAX_DAYS }),
          path: ['queues'],
        });
    }
    return { callDays, conferenceDays, commentDays, queueDays };
  });

const LOOK_EVERY_MS = 600_000;
const RETRY_MS = 60_000;

/** What the job works with. */
export interface ExpiredRecordings {
  /**
   * Marks some recordings as deleted whose time is over and that nobody holds, each with its line of the audit log; how many.
   * Their files are left behind.
   */
  expire(times: RetentionTimes, now: Date): Promise<number>;
  /** Files of recordings that are marked so. */
  leftFiles(): Promise<readonly { readonly id: RecordingId; readonly path: string }[]>;
  noteRemoved(id: RecordingId): Promise<void>;
}

export interface RetentionParts {
  readonly recordings: ExpiredRecordings;
  readonly times: () => Promise<RetentionTimes>;
  /** Removes a stored file; one that is gone already is no error. */
  readonly removeFile: (path: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/**
 * Deletes all that is due; how many there were. The row goes first and names its file until that is gone, too, so that a run
 * that is interrupted anywhere is ended by the next one.
 */
export async function deleteExpired(parts: RetentionParts): Promise<number> {
  const { recordings, times, removeFile, clock } = parts;
  const kept = await times();
  for (let deleted = 0; ;) {
    const expired = await recordings.expire(kept, new Date(clock.now()));
    for (const { id, path } of await recordings.leftFiles()) {
      await removeFile(path);
      await recordings.noteRemoved(id);
    }
    deleted += expired;
    if (expired === 0) return deleted;
  }
}

/** Deletes recordings when their time is over, until the scope ends. */
export function expireRecordings(server: Scope, parts: RetentionParts): void {
  const { clock, log } = parts;
  server.fork('retention of recordings', async (scope) => {
    for (;;) {
      let waitMs = LOOK_EVERY_MS;
      try {
        const deleted = await deleteExpired(parts);
        if (deleted > 0) log.info({ deleted }, 'recordings deleted after their time');
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'old recordings could not be deleted; trying again');
        waitMs = RETRY_MS;
      }
      await clock.sleep(waitMs, scope.signal);
    }
  });
}
