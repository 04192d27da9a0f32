import type { SkillRequirement } from '../engines/acd/requirement.js';
import type { Attributes } from '../engines/routing/rule.js';
import type { Language } from '../kernel/call-event.js';
import type { AgentId, CallbackId, CallId, QueueId } from '../kernel/ids.js';
import type { CallContext } from './calls/call-context.js';

/** The agent for whom somebody waits for a while, whenever the turn comes. */
export interface StickyWish {
  readonly agent: AgentId;
  readonly forMs: number;
}

/** A caller who wants to hang up and keep the place in line. */
export interface CallbackRequest {
  readonly queueId: QueueId;
  /** The call in which it was asked for. */
  readonly callId: CallId;
  /** As dialled by us: normalised where it parses. */
  readonly number: string;
  readonly name: string;
  readonly priority: number;
  /** When the caller entered the line: the place is kept. */
  readonly enteredAt: number;
  readonly requirements: readonly SkillRequirement[];
  readonly language: Language;
  /** What flow, rules and hook noted, and what is known of the caller: whoever calls back sees it. */
  readonly attributes: Attributes;
  readonly context: CallContext;
  readonly sticky?: StickyWish;
}

/**
 *   waiting ──agent answers──▶ calling ──customer answers──▶ done
 *      ▲  │                       └─ busy, no answer ──▶ waiting (later) or, after the last try, failed
 *      │  ├─ cancelled by a person, or the customer called again: cancelled, returned
 *      │  └─ older than its queue allows: expired; its queue is archived: queue-gone
 */
export type CallbackState =
  'waiting' | 'calling' | 'done' | 'failed' | 'cancelled' | 'returned' | CallbackLapse;

/** Why nobody calls back any more. */
export type CallbackLapse = 'expired' | 'queue-gone';

export interface Callback extends CallbackRequest {
  readonly id: CallbackId;
  readonly askedAt: number;
  readonly state: CallbackState;
  /** Tries so far. */
  readonly attempts: number;
  /** Not tried again before; 0 for at once. */
  readonly notBefore: number;
  /** Its queue is closed until then; past or 0 where it is open, or nobody knows when it opens. */
  readonly heldUntil: number;
  /** Who talked to the customer, or tried last. */
  readonly agentId?: AgentId;
  /** The call of the last try. */
  readonly lastCallId?: CallId;
}

/** Where callbacks are kept. Rejects while the database is away. */
export interface CallbackStore {
  /** False where the number has an open callback already, or the queue is archived. */
  add(callback: Callback): Promise<boolean>;
  open(): Promise<readonly Callback[]>;
  update(
    id: CallbackId,
    change: Partial<
      Pick<
        Callback,
        | 'state'
        | 'queueId'
        | 'priority'
        | 'sticky'
        | 'attempts'
        | 'notBefore'
        | 'heldUntil'
        | 'agentId'
        | 'lastCallId'
      >
    > & {
      readonly lastOutcome?: CallbackOutcome;
    },
  ): Promise<void>;
  /** Opens a cancelled one again; undefined where it is not cancelled, its number has another one, or its queue is archived. */
  reopen(id: CallbackId): Promise<Callback | undefined>;
}

export type CallbackAnswer = 'accepted' | 'exists-already' | 'not-possible';

/** How the try of a callback ended for the customer's side. */
export type CallbackOutcome =
  'answered' | 'busy' | 'no-answer' | 'declined' | 'failed' | 'agent-left' | 'refused';

/** What stages need of callbacks. Nothing of it rejects. */
export interface CallbackDesk {
  request(request: CallbackRequest): Promise<CallbackAnswer>;
  /** What a request would be answered; keeps nothing. */
  wouldAnswer(request: Pick<CallbackRequest, 'number' | 'queueId'>): CallbackAnswer;
  /** This call tries it: known already, but for a call that outlived the process which began it. */
  begun(id: CallbackId, call: CallId): void;
  /** The try that was this call is over. What is told of a try that is over already changes nothing. */
  settled(id: CallbackId, call: CallId, outcome: CallbackOutcome): void;
  /** The call that an agent's answered phone becomes; undefined for a try that is over. */
  callOf(id: CallId): CallbackCall | undefined;
  /** The open callback to this number, if any. */
  openFor(number: string): Callback | undefined;
  /** A person takes it off the line, or the customer called again. False where it is not open or is being tried. */
  close(id: CallbackId, state: 'cancelled' | 'returned'): boolean;
  /** It does not wait for its next try any more. */
  hurry(id: CallbackId): boolean;
  /** Takes a cancelling back: it has its place again. False where that is not possible any more. */
  reopen(id: CallbackId): Promise<boolean>;
  /** Resolves when what was decided so far is in the table; after two seconds also while the database is away. */
  written(): Promise<void>;
}

/** What the call of a try is made of. */
export interface CallbackCall {
  readonly callback: Callback;
  readonly call: CallId;
  readonly agent: AgentId;
  readonly reasons: readonly string[];
}
