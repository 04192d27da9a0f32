import { z } from 'zod';
import type { CallResult, Direction } from '../../kernel/call-event.js';
import { textField } from '../../kernel/fields.js';
import type { AgentId, CallId, ContactId, MissedCallerId, QueueId } from '../../kernel/ids.js';
import type { ListQuery } from '../../kernel/list.js';

/** open · reached: by us · called-again: the person called again, and was answered · done: closed by hand. */
export const MISSED_STATES = ['open', 'reached', 'called-again', 'done'] as const;
export type MissedState = (typeof MISSED_STATES)[number];

/** overdue: open, and the due time has passed · mine: open, and the reader's. */
export const SHOWN_MISSED = [
  ...(['overdue', 'mine', 'reached', 'called-again', 'talked', 'in-time', 'done', 'all'] as const),
] as const;
export type ShownMissed = (typeof SHOWN_MISSED)[number] | 'open';

export const MISSED_SORTS = ['due', 'missed', 'misses'] as const;
export type MissedSort = (typeof MISSED_SORTS)[number];

/** What a call that is over means for people who did not reach us. */
export type Meaning = 'missed' | 'try' | 'reached' | 'called-again' | 'nothing';

export interface EndedCall {
  readonly id: CallId;
  readonly direction: Direction;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly toNumber: string;
  readonly result: CallResult | undefined;
  readonly startedAt: number;
  /** When two people first heard each other. */
  readonly answeredAt: number | undefined;
  readonly endedAt: number;
  readonly queueId: QueueId | undefined;
  readonly waitMs: number;
  /** Who hung up earlier in its last queue is a short one. */
  readonly shortMs: number;
  readonly test: boolean;
}

/** How callers end who wanted somebody and got nobody. A callback or a message is dealt with where it is. */
const LOST: ReadonlySet<CallResult | undefined> = new Set<CallResult>([
  ...(['abandoned', 'closed', 'overflowed', 'no-answer', 'busy', 'failed'] as const),
]);

/** The number of whoever is outside, where it can be dialled; '' of callers who withhold theirs. */
export function outsideNumber(call: Pick<EndedCall, 'direction' | 'fromNumber' | 'toNumber'>) {
  const number = call.direction === 'outbound' ? call.toNumber : call.fromNumber;
  return call.direction !== 'internal' && /^\+\d{5,18}$/.test(number) ? number : '';
}

/** `withShort`: somebody who hung up in the first moments of a queue counts, too. */
export function meaningOf(call: EndedCall, withShort: boolean): Meaning {
  if (call.test || outsideNumber(call) === '') return 'nothing';
  const hasTalked = call.answeredAt !== undefined;
  if (call.direction === 'outbound') return hasTalked ? 'reached' : 'try';
  if (hasTalked) return 'called-again';
  const isShort = call.result === 'abandoned' && call.waitMs < call.shortMs;
  return LOST.has(call.result) && (withShort || !isShort) ? 'missed' : 'nothing';
}

/** How it came that somebody did not reach us last: by a call, or a callback lapsed. */
export type MissedWhy = CallResult | 'not-called-back';

/** Somebody who did not reach us, as lists show it. */
export interface MissedLine {
  readonly id: MissedCallerId;
  readonly number: string;
  readonly name: string;
  readonly contactId: ContactId | undefined;
  readonly queueName: string;
  readonly state: MissedState;
  /** How the last call ended, or that nobody called back. */
  readonly why: MissedWhy;
  readonly misses: number;
  readonly tries: number;
  readonly firstMissedAt: Date;
  readonly lastMissedAt: Date;
  readonly dueAt: Date;
  readonly lastTryAt: Date | undefined;
  readonly lastCallId: CallId;
  readonly ownerId: AgentId | undefined;
  readonly ownerName: string;
  readonly closedAt: Date | undefined;
  readonly closedCallId: CallId | undefined;
  readonly closedBy: string;
  readonly note: string;
}

/** What narrows the list; instants of the first miss, in ms since the epoch. */
export interface MissedQuery extends ListQuery<MissedSort> {
  readonly shown: ShownMissed;
  /** none: of no queue. */
  readonly queueId: QueueId | 'none' | undefined;
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
}

export const MISSED_NOTE_MAX = 500;
export const missedNoteSchema = z.object({ note: textField({ min: 0, max: MISSED_NOTE_MAX }) });
