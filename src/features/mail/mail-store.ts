import type { Actor } from '../../kernel/actor.js';
import type { MailId } from '../../kernel/ids.js';
import type { MailSettings, StoredMailSettings } from './mail-settings.js';
import type { MailLine, MailOutcome, MailState, NewMail, WaitingMail } from './mail.js';

export interface MailSettingsStore {
  read(): Promise<StoredMailSettings>;
  /** With its audit line; throws `conflict`. */
  save(actor: Actor, version: number, settings: MailSettings): Promise<void>;
}

/** Mail that waits, and what became of it. */
export interface MailQueue {
  /** Keeps mails to be sent soon. */
  add(at: Date, mails: readonly NewMail[]): Promise<void>;
  /** Those whose time has come, the oldest first. */
  due(now: Date, limit: number): Promise<readonly WaitingMail[]>;
  noteSent(id: MailId, at: Date, answer: string): Promise<void>;
  /** `nextTryAt` undefined: it is given up. */
  noteFailed(id: MailId, answer: string, nextTryAt: Date | undefined): Promise<void>;
  /** Gives up what has waited since before. */
  giveUpBefore(before: Date, answer: string): Promise<void>;
  /** Forgets mails that were sent or given up before. */
  forget(sentBefore: Date, failedBefore: Date): Promise<void>;
  latest(limit: number): Promise<readonly MailLine[]>;
  counts(): Promise<Readonly<Record<MailState, number>>>;
  /** A mail that was given up waits again; false where there is none. */
  again(id: string, at: Date): Promise<boolean>;
}

/** A mail as a server gets it. */
export interface MailTransport {
  /** Never rejects. `password` in clear. */
  send(
    settings: Omit<MailSettings, 'passwordSealed'> & { readonly password: string },
    mail: NewMail & { readonly id: MailId },
  ): Promise<MailOutcome>;
}
