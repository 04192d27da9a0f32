import { z } from 'zod';
import {
  choiceField,
  flagField,
  idsField,
  integerField,
  problem,
  secondsField,
} from '../../kernel/fields.js';
import type { AgentId, ExtensionId, MailboxId, QueueId } from '../../kernel/ids.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import { isMailAddress } from '../mail/index.js';

export const MAIL_SOUNDS = ['attach', 'link', 'none'] as const;
/** attach: the sound is in the mail · link: the mail leads to the page · none: the mail tells of the message only. */
export type MailSound = (typeof MAIL_SOUNDS)[number];

/** What an administrator decides about a box. */
export interface MailboxSettings {
  /** What opens the box of a queue at a phone; '' for none. Always '' for an extension, which has its own number. */
  readonly number: string;
  readonly maxMessageMs: number;
  readonly maxMessages: number;
  /** 0: messages stay until somebody deletes them. */
  readonly retentionDays: number;
  /** The queue's members hear its messages. */
  readonly membersHear: boolean;
  /** Agents who hear them besides. */
  readonly listeners: readonly AgentId[];
  /** They light the lamps of the phones of whoever hears them. Only of a queue: an extension's lamp shows its own. */
  readonly lightsLamps: boolean;
  /** Addresses, each of which gets every message. */
  readonly mailTo: readonly string[];
  readonly mailSound: MailSound;
}

/** The own greeting of a box. */
export interface Greeting {
  readonly hash: string;
  readonly durationMs: number;
}

/** A box as it is stored. */
export interface StoredMailbox extends MailboxSettings {
  readonly id: MailboxId;
  readonly version: number;
  readonly updatedAt: Date;
  readonly extensionId: ExtensionId | undefined;
  readonly queueId: QueueId | undefined;
  readonly ownerNumber: string;
  readonly ownerName: string;
  readonly pinHash: string;
  readonly greeting: Greeting | undefined;
  readonly newMessages: number;
  readonly messages: number;
}

const MAX_ADDRESSES = 10;
export const MAILBOX_LIMITS = {
  message: { min: 10, max: 600 },
  messages: { min: 1, max: 1_000 },
  days: { min: 0, max: 3_650 },
} as const;

const addresses = z
  .string()
  .default('')
  .transform((text) => [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))])
  .superRefine((parts, context) => {
    const wrong = parts.find((part) => !isMailAddress(part));
    if (wrong !== undefined)
      context.addIssue(problem('mailboxes.problem.address', { address: wrong }));
    else if (parts.length > MAX_ADDRESSES || parts.join('\n').length > 500)
      context.addIssue(problem('mailboxes.problem.too-many-addresses', { max: MAX_ADDRESSES }));
  });

/** The form. An empty PIN keeps the stored one; `country` decides which numbers help in an emergency. */
export const mailboxSchema = (country: string) => {
  const { message, messages, days } = MAILBOX_LIMITS;
  return z.object({
    number: z
      .string()
      .trim()
      .default('')
      .superRefine((number, context) => {
        if (!/^([1-9]\d{1,7})?$/.test(number))
          context.addIssue(problem('mailboxes.problem.number'));
        else if (number !== '' && isEmergencyNumber(number, country))
          context.addIssue(problem('conferences.problem.emergency', { number }));
      }),
    pin: z
      .string()
      .trim()
      .default('')
      .superRefine((pin, context) => {
        if (!/^(\d{4,12})?$/.test(pin)) context.addIssue(problem('mailboxes.problem.pin'));
        else if (/^(\d)\1+$/.test(pin)) context.addIssue(problem('mailboxes.problem.pin-easy'));
      }),
    withoutPin: flagField(),
    spokenGreeting: flagField(),
    maxMessage: secondsField(message.min, message.max),
    maxMessages: integerField(messages.min, messages.max),
    retentionDays: integerField(days.min, days.max),
    membersHear: flagField(),
    lightsLamps: flagField(),
    listeners: z.preprocess((value) => [value ?? []].flat(), idsField<AgentId>()),
    mailTo: addresses,
    mailSound: choiceField(MAIL_SOUNDS),
  });
};
export type MailboxForm = z.output<ReturnType<typeof mailboxSchema>>;

export const MAILBOX_SORTS = ['owner', 'messages'] as const;
export type MailboxSort = (typeof MAILBOX_SORTS)[number];
