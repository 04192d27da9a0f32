import type { DayMark } from '../../../engines/reporting/agent-day.js';
import type { CallResult, Direction, OfferOutcome } from '../../../kernel/call-event.js';
import type { AgentId, CallId, QueueId } from '../../../kernel/ids.js';

/** A call as an agent's day shows it. */
export interface DayCall {
  readonly id: CallId;
  readonly direction: Direction;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly queueId: QueueId | undefined;
  /** Undefined while the call goes on. */
  readonly result: CallResult | undefined;
}

/** How an offer to the agent ended, from the ledger. Causes as the phone gave them, where its leg is known. */
export interface OfferEnd {
  readonly callId: CallId;
  readonly at: number;
  readonly queueId: QueueId;
  readonly outcome: OfferOutcome;
  readonly rangMs: number;
  readonly cause: number | undefined;
  readonly techCause: number | undefined;
}

/** First-contact figures of an agent in a queue. */
export interface FirstContacts {
  readonly queueId: QueueId;
  /** 0 to 100, drawn towards the queue's mean where there are few contacts. */
  readonly result: number;
  readonly contacts: number;
  /** Contacts whose caller did not come again; undefined where that was not worked out yet. */
  readonly solved: number | undefined;
}

/** What an agent's day is read from. Rejects while the database is away. */
export interface AgentDayReports {
  /** Marks from `from` up to, not including, `to`, and the last one before. */
  marks(agent: AgentId, from: Date, to: Date): Promise<readonly DayMark[]>;
  calls(ids: readonly CallId[]): Promise<ReadonlyMap<CallId, DayCall>>;
  /** In the order in which they happened. */
  offerEnds(agent: AgentId, calls: readonly CallId[]): Promise<readonly OfferEnd[]>;
  firstContacts(agent: AgentId): Promise<readonly FirstContacts[]>;
}
