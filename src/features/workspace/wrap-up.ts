import type { AgentId, CallId, DispositionId, QueueId } from '../../kernel/ids.js';
import type { LiveAgent } from '../../telephony/live.js';

/** What became of a call, as one of its agents said. Without a code it is a note that is being written. */
export interface CallDisposition {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly dispositionId: DispositionId | undefined;
  readonly note: string;
  readonly at: Date;
}

/** A call that an agent talks in, or talked in last. */
export interface TalkedCall {
  readonly callId: CallId;
  readonly queueId: QueueId | undefined;
}

/** What agents said of their calls. */
export interface WrapUpStore {
  find(callId: CallId, agentId: AgentId): Promise<CallDisposition | undefined>;
  /** Writes over what the agent said of this call before. */
  put(disposition: CallDisposition): Promise<void>;
  /** Codes that the agent chose last, the last one first, each once. */
  lastUsed(agentId: AgentId, limit: number): Promise<readonly DispositionId[]>;
  /** The call that the agent talked in last, as far as the database knows. */
  lastCall(agentId: AgentId): Promise<TalkedCall | undefined>;
}

/** So long after wrap-up what was said can be changed. */
export const REOPEN_MS = 5_000;
export const NOTE_MAX = 4_000;

/** Whether an agent may say now what became of the call talked in last: during talk and wrap-up, and a moment after. */
export function isWrapUpOpen(agent: Pick<LiveAgent, 'state' | 'since'>, now: number): boolean {
  if (agent.state === 'talking' || agent.state === 'wrap-up') return true;
  // Somebody else is before the agent.
  if (agent.state === 'preview') return false;
  return agent.state !== 'signed-out' && now - agent.since <= REOPEN_MS;
}
