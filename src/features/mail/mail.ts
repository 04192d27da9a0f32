import type { MailId } from '../../kernel/ids.js';

export interface MailAttachment {
  readonly name: string;
  /** MIME type. */
  readonly type: string;
  readonly content: Buffer;
}

/** A mail to one person, as a feature gives it. */
export interface NewMail {
  readonly recipient: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly attachments?: readonly MailAttachment[];
}

/** A mail on its way. */
export interface WaitingMail extends NewMail {
  readonly id: MailId;
  readonly createdAt: Date;
  readonly tries: number;
  readonly attachments: readonly MailAttachment[];
}

export const MAIL_STATES = ['waiting', 'sent', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** A line of the page. */
export interface MailLine {
  readonly id: MailId;
  readonly createdAt: Date;
  readonly recipient: string;
  readonly subject: string;
  readonly state: MailState;
  readonly tries: number;
  readonly nextTryAt: Date;
  readonly answer: string;
  readonly sentAt: Date | undefined;
}

/**
 * Why a mail did not go. host: no such server · connection: nobody answers there · timeout: it answers too slowly · tls: no
 * safe connection · login: user or password · recipient, sender: the address is refused · message: the mail itself is ·
 * later: the server wants it later · other.
 */
export const MAIL_PROBLEMS = [
  'host',
  'connection',
  'timeout',
  'tls',
  'login',
  'recipient',
  'sender',
  'message',
  'later',
  'other',
] as const;
export type MailProblem = (typeof MAIL_PROBLEMS)[number];

export type MailOutcome =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false;
      readonly problem: MailProblem;
      /** Trying again is of no use. */
      readonly isFinal: boolean;
      /** What the server, or the system, said. */
      readonly answer: string;
    };

/** How long after each try the next one comes; after the last the mail is given up: about a day in all. */
const MINUTE_MS = 60_000;
export const RETRY_MS: readonly number[] = [1, 5, 15, 60, 180, 360, 720].map((n) => n * MINUTE_MS);
/** A mail that could not even be tried for so long (mail is switched off) is given up. */
export const WAITS_AT_MOST_MS = 48 * 60 * MINUTE_MS;
/** Attachments of one mail; mail servers take 10 to 25 MB, and base64 makes a third more of it. */
export const MAX_ATTACHED_BYTES = 7 * 1024 * 1024;

export const MAX_ANSWER = 500;
export const MAX_SUBJECT = 200;
