import type { AgentId, CallId, EventId } from './ids.js';

/** An agent entered a state. Reports of agents' time are folded from these. */
export interface AgentStateChange {
  /** Makes writing idempotent. */
  readonly id: EventId;
  readonly agentId: AgentId;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** At most 16 characters: the names of `AgentState`. */
  readonly state: string;
  /** Why: a not-ready reason, `missed-calls`, '' where there is none. */
  readonly reason: string;
  /** Who put the agent in this state, and why: `Mara Quill: fire drill`. Absent for the agent's own changes. */
  readonly note?: string;
  readonly callId?: CallId;
}

/** Where agents' state changes go; like the ledger of calls it never fails and never waits. */
export interface AgentStateLog {
  appendAgentState(change: AgentStateChange): void;
}
