import type { CallEvent } from '../../kernel/call-event.js';
import { derivedId, type EventId } from '../../kernel/ids.js';
import type { Callback, CallbackLapse } from '../callbacks.js';
import type { QueueConfig } from '../directory.js';
import type { NextOpening } from './route-sources.js';

/** The call in which it was asked for may be over, and nobody knows how many lines the ledger has of it: this is after all. */
const AFTERWARDS = 1_000_000;
/** A callback that nobody could make for so long is closed, where its queue says nothing of it. */
export const USUAL_MAX_AGE_MS = 48 * 60 * 60_000;
/** What became too old while its queue was closed has so long to be made when it opens. */
const CHANCE_MS = 60 * 60_000;
/** A queue of which nobody knows when it opens: looked at again when it does, at the latest then. */
const UNKNOWN_HOLD_MS = 24 * 60 * 60_000;

/** What a callback that waits may do now. `isKnown`: the queue opens at `until`. */
export type CallbackStanding =
  | { readonly kind: 'due' }
  | { readonly kind: 'held'; readonly until: number; readonly isKnown: boolean }
  | { readonly kind: 'lapsed'; readonly why: CallbackLapse };

/**
 * Nobody is called back while the queue is closed; a callback that is too old is not made, but each that waited for the
 * opening has an hour of it.
 */
export function standingOf(
  callback: Pick<Callback, 'askedAt' | 'heldUntil'>,
  queue: Pick<QueueConfig, 'callbackMaxAgeMs'> | undefined,
  opening: NextOpening,
  now: number,
): CallbackStanding {
  if (queue === undefined) return { kind: 'lapsed', why: 'queue-gone' };
  if (!opening.isOpen && opening.opensAt !== undefined)
    return { kind: 'held', until: opening.opensAt, isKnown: true };
  const { callbackMaxAgeMs: maxAgeMs = USUAL_MAX_AGE_MS } = queue;
  const chanceUntil = callback.heldUntil === 0 ? 0 : callback.heldUntil + CHANCE_MS;
  const tooOldAt = Math.max(callback.askedAt + maxAgeMs, chanceUntil);
  if (maxAgeMs > 0 && now >= tooOldAt) return { kind: 'lapsed', why: 'expired' };
  return opening.isOpen
    ? { kind: 'due' }
    : { kind: 'held', until: now + UNKNOWN_HOLD_MS, isKnown: false };
}

/** What the ledger says of a callback that nobody makes any more. Told again after a restart it is the same line. */
export const closingOf = (
  { id, callId, queueId, number, askedAt }: Callback,
  why: CallbackLapse,
  at: number,
): CallEvent => ({
  ...{ kind: 'callback-closed', callbackId: id, queueId, number, why },
  id: derivedId(askedAt, `${id}/closed`) as EventId,
  ...{ callId, seq: AFTERWARDS, at },
});
