import type { ExtensionId, MailboxId, QueueId, RecordingId } from '../kernel/ids.js';

/** Whose box it is: a person's phone, or a team. */
export type BoxOwner =
  | { readonly kind: 'extension'; readonly id: ExtensionId }
  | { readonly kind: 'queue'; readonly id: QueueId };

/** A box as calls need it now. */
export interface Mailbox {
  readonly id: MailboxId;
  /** What is dialled to open it: the extension's number, or the one that the box of a queue was given; '' for none. */
  readonly number: string;
  /** argon2; '' where it has no PIN, and opens only at its own phone. */
  readonly pinHash: string;
  /** Hash of the sound of the own greeting; '' for the spoken one. */
  readonly greeting: string;
  readonly maxMessageMs: number;
  /** No message fits in any more. */
  readonly isFull: boolean;
}

/** A message as somebody hears it at a phone. */
export interface BoxMessage {
  readonly id: RecordingId;
  /** E.164 or an extension's number; '' where the caller showed none. */
  readonly from: string;
  readonly leftAt: number;
  readonly isNew: boolean;
  /** What Asterisk plays; '' where the sound is not there. */
  readonly media: string;
}

/**
 * heard: not new any more · kept: no retention deletes it · deleted: out of the list; the page can bring it back · handled:
 * somebody calls back.
 */
export type BoxMark = 'heard' | 'kept' | 'deleted' | 'handled';

/** silent, too-short: nothing to hear · too-long: over {@link MAX_GREETING_MS} · failed: could not be stored. */
export type GreetingOutcome = 'kept' | 'silent' | 'too-short' | 'too-long' | 'failed';

/** A longer greeting is a mistake: callers wait for the tone. */
export const MAX_GREETING_MS = 60_000;
export const MAX_MESSAGE_MS = 180_000;

/** Boxes and what is in them. Nothing rejects: where the database is away there is no box, and calls do without. */
export interface Mailboxes {
  of(owner: BoxOwner): Promise<Mailbox | undefined>;
  /** The box that is opened with this number. */
  numbered(number: string): Promise<Mailbox | undefined>;
  /** New ones first, each kind from the oldest to the newest; undefined where they cannot be read. */
  messages(box: MailboxId): Promise<readonly BoxMessage[] | undefined>;
  /** `by`: number of the phone. False where it could not be written. */
  mark(message: RecordingId, mark: BoxMark, by: string): Promise<boolean>;
  keepGreeting(box: MailboxId, wav: Buffer, by: string): Promise<GreetingOutcome>;
}
