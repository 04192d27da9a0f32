import type { SettledEstimate } from '../../engines/reporting/estimate-error.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { LiveDecision } from '../../telephony/live.js';

/** Why a call has its priority. */
export interface PriorityOrigin {
  /** Who set it by hand, last; absent where nobody did. */
  readonly setBy?: string;
  /** What the rules said, as in the ledger's `routed`; empty where no rule said anything. */
  readonly reasons: readonly string[];
}

/** Calls that somebody talked in and that are over, by agent and queue. Times in ms, hold within the talk. */
export interface Handled {
  readonly agentId: AgentId;
  /** Absent for calls that went through no queue. */
  readonly queueId: QueueId | undefined;
  readonly calls: number;
  readonly talkMs: number;
  readonly wrapUpMs: number;
}

/** Talk with hold, and wrap-up, of each call, on average; undefined without calls. */
export function averageHandleTime(rows: readonly Handled[]): number | undefined {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  if (calls === 0) return undefined;
  return rows.reduce((sum, row) => sum + row.talkMs + row.wrapUpMs, 0) / calls;
}

/** Decisions of one queue within [from, to); `agent` narrows to those that offer to or pass over one agent. */
export interface DecisionQuery {
  readonly queueId: QueueId;
  readonly from: Date;
  readonly to: Date;
  readonly agent?: { readonly id: AgentId; readonly name: string } | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** What the live pages read beside the picture of now. */
export interface LiveQueueReports {
  /** Calls of each agent that began at `from` or later; agents without calls are absent. */
  callsSince(from: Date): Promise<ReadonlyMap<AgentId, number>>;
  /** Calls that began at `from` or later. A wrap-up that still lasts does not count yet. */
  handledSince(from: Date): Promise<readonly Handled[]>;
  /** Newest first. */
  decisions(
    query: DecisionQuery,
  ): Promise<{ readonly rows: readonly LiveDecision[]; readonly total: number }>;
  priorityOrigins(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, PriorityOrigin>>;
  /** Callers who entered the queue within [from, to), with an estimate, and were answered; in any order. */
  estimates(queue: QueueId, from: Date, to: Date): Promise<readonly SettledEstimate[]>;
}
