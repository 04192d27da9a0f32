import type { Actor } from '../../kernel/actor.js';

/** One change of configuration, or one recording heard. Secrets appear only as the word `changed`. */
export interface AuditEntry {
  /** `queue.create`, `queue.change`, `queue.archive`, `recording.hear`, `user.sign-in` ... */
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly changes?: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
}

/** Who changed or heard what, when, from where. Writing is part of the use case: it fails with it. */
export interface AuditLog {
  record(actor: Actor, entry: AuditEntry): Promise<void>;
}
