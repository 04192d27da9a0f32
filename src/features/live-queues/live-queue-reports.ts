import type { SettledEstimate } from '../../engines/reporting/estimate-error.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';

/** Why a call has its priority. */
export interface PriorityOrigin {
  /** Who set it by hand, last; absent where nobody did. */
  readonly setBy?: string;
  /** What the rules said, as in the ledger's `routed`; empty where no rule said anything. */
  readonly reasons: readonly string[];
}

/** What the live pages read beside the picture of now. */
export interface LiveQueueReports {
  /** Calls of each agent that began at `from` or later; agents without calls are absent. */
  callsSince(from: Date): Promise<ReadonlyMap<AgentId, number>>;
  priorityOrigins(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, PriorityOrigin>>;
  /** Callers who entered the queue within [from, to), with an estimate, and were answered; in any order. */
  estimates(queue: QueueId, from: Date, to: Date): Promise<readonly SettledEstimate[]>;
}
