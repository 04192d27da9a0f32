import type { Actor } from '../../kernel/actor.js';
import type { MailboxId } from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { BoxOwner } from '../../telephony/mailboxes.js';
import type { Greeting, MailboxSettings, MailboxSort, StoredMailbox } from './mailbox.js';

/** What a form saves; what is not mentioned stays. */
export interface MailboxChange extends MailboxSettings {
  /** '' takes the PIN away. */
  readonly pinHash?: string;
  /** null: the spoken one again. */
  readonly greeting?: Greeting | null;
}

/** Boxes. Each extension with voicemail and each queue has one, made when it is first looked for. */
export interface MailboxStore {
  list(query: ListQuery<MailboxSort>): Promise<ListResult<StoredMailbox>>;
  find(id: MailboxId): Promise<StoredMailbox | undefined>;
  of(owner: BoxOwner): Promise<StoredMailbox | undefined>;
  numbered(number: string): Promise<StoredMailbox | undefined>;
  /** With its audit line; throws `conflict`, and `invalid-fields` for a number that something else has. */
  save(actor: Actor, id: MailboxId, version: number, change: MailboxChange): Promise<void>;
  setGreeting(actor: Actor, id: MailboxId, greeting: Greeting): Promise<void>;
}
