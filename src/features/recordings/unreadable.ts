import type { Actor } from '../../kernel/actor.js';
import type { AuditLog } from '../audit/audit.js';
import type { Recording } from './recording.js';
import type { UnreadableSound } from './recording-sound.js';

/** Where it is said that a recording cannot be read. */
export interface UnreadableReporter {
  readonly audit: AuditLog;
  readonly log: { error(fields: object, message: string): void };
}

/** Says so to those who look after the site: a line with `alarm` in the log, and one in the audit log of who met it. */
export async function reportUnreadable(
  { audit, log }: UnreadableReporter,
  actor: Actor,
  { id, callId, path }: Pick<Recording, 'id' | 'callId' | 'path'>,
  error: UnreadableSound,
): Promise<void> {
  log.error(
    {
      alarm: 'recording-unreadable',
      recording: id,
      call: callId,
      path,
      why: error.why,
      err: error,
    },
    'recording cannot be read',
  );
  await audit.record(actor, {
    ...{ action: 'recording.unreadable', objectKind: 'recording', objectId: id },
    objectName: callId,
    changes: { reason: ['', error.why] },
  });
}
