import { z } from 'zod';
import { textField } from '../../kernel/fields.js';
import type { CallbackId, CallId, QueueId } from '../../kernel/ids.js';
import type { ListQuery } from '../../kernel/list.js';
import type { CallbackOutcome, CallbackState } from '../../telephony/callbacks.js';

/**
 * open: waiting or being tried · overdue: waiting, and due for longer than {@link OVERDUE_MS} · all: also those that are over.
 * The rest are states of a callback.
 */
export const SHOWN_STATES = [
  'overdue',
  'waiting',
  'calling',
  'done',
  'failed',
  'cancelled',
  'returned',
  'expired',
  'queue-gone',
  'all',
] as const;
export type ShownState = (typeof SHOWN_STATES)[number] | 'open';

/** A callback that has been due for so long without a try needs somebody to look at it. */
export const OVERDUE_MS = 30 * 60_000;

export const CALLBACK_SORTS = ['waited', 'asked', 'number'] as const;
export type CallbackSort = (typeof CALLBACK_SORTS)[number];

/** What narrows the list. Instants in ms since the epoch, of when it was asked for. */
export interface CallbackFilters {
  readonly shown: ShownState;
  readonly queueId: QueueId | undefined;
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
}

export type CallbackQuery = ListQuery<CallbackSort> & CallbackFilters;

/** A callback as lists show it. */
export interface CallbackLine {
  readonly id: CallbackId;
  /** In which it was asked for. */
  readonly callId: CallId;
  /** The last try. */
  readonly lastCallId: CallId | undefined;
  readonly number: string;
  readonly name: string;
  readonly queueId: QueueId;
  readonly queueName: string;
  readonly state: CallbackState;
  readonly enteredAt: Date;
  readonly askedAt: Date;
  readonly closedAt: Date | undefined;
  readonly attempts: number;
  /** Tries that its queue allows. */
  readonly maxAttempts: number;
  readonly lastOutcome: CallbackOutcome | undefined;
  readonly notBefore: Date | undefined;
  /** Its queue is closed until then. */
  readonly heldUntil: Date | undefined;
  /** Who talked to the customer, or tried last; ''. */
  readonly agentName: string;
  readonly note: string;
}

export const noteSchema = z.object({ note: textField({ min: 0, max: 500 }) });

export const isCallbackId = (text: string): text is CallbackId =>
  /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);
