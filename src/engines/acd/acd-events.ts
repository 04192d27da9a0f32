import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';

export type AcdAgentState =
  'signed-out' | 'not-ready' | 'available' | 'ringing' | 'talking' | 'wrap-up' | 'phone-lost';

export type NextState = 'available' | 'not-ready' | 'signed-out';

export interface AcdAgent {
  readonly id: AgentId;
  name: string;
  state: AcdAgentState;
  /** When the state was entered. */
  since: number;
  /** Since when without a queue call: longest idle counts from here, and a missed offer does not reset it. */
  idleSince: number;
  reason: string;
  queues: ReadonlySet<QueueId>;
  call?: CallId;
  /** The queue of the call, while ringing or talking on a queue call. */
  queue?: QueueId;
  /** End of wrap-up. */
  until?: number;
  /** State to enter when the call ends. */
  next?: NextState;
  /** Offers missed in a row. */
  misses: number;
  /** What to return to when the phone is back. */
  before?: 'available' | 'not-ready';
}

export interface AcdQueue {
  readonly id: QueueId;
  readonly wrapUpMs: number;
}

export type OfferFailure =
  'no-answer' | 'declined' | 'busy' | 'unreachable' | 'withdrawn' | 'failed';

export type AcdEvent = { readonly at: number } & (
  | {
      readonly kind: 'configured';
      readonly queues: readonly AcdQueue[];
      readonly agents: readonly AgentMembership[];
    }
  | { readonly kind: 'agent-signed-in'; readonly agent: AgentId }
  | { readonly kind: 'agent-signed-out'; readonly agent: AgentId }
  | { readonly kind: 'agent-available'; readonly agent: AgentId }
  | { readonly kind: 'agent-not-ready'; readonly agent: AgentId; readonly reason: string }
  | { readonly kind: 'wrap-up-finished'; readonly agent: AgentId }
  | { readonly kind: 'phone-lost'; readonly agent: AgentId }
  | { readonly kind: 'phone-back'; readonly agent: AgentId }
  | {
      readonly kind: 'call-queued';
      readonly call: CallId;
      readonly queue: QueueId;
      readonly priority: number;
      readonly enteredAt: number;
    }
  | { readonly kind: 'caller-left'; readonly call: CallId }
  | { readonly kind: 'offer-answered'; readonly call: CallId; readonly agent: AgentId }
  | {
      readonly kind: 'offer-failed';
      readonly call: CallId;
      readonly agent: AgentId;
      readonly outcome: OfferFailure;
    }
  /** The agent talks without an offer: dials out, is called directly, or a talk was taken up after a restart. */
  | {
      readonly kind: 'agent-engaged';
      readonly agent: AgentId;
      readonly call: CallId;
      readonly queue?: QueueId;
    }
  | { readonly kind: 'talk-ended'; readonly agent: AgentId; readonly call: CallId }
  | { readonly kind: 'time-passed' }
);

export interface AgentMembership {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueId[];
}

/** `reasons` are `<code>:<parameter>`, in the order considered; texts are in the catalog under `decision.<code>`. */
export type AcdCommand =
  | {
      readonly kind: 'offer-call';
      readonly call: CallId;
      readonly agent: AgentId;
      readonly queue: QueueId;
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'withdraw-offer'; readonly call: CallId; readonly agent: AgentId }
  /** An agent's state changed: store it and show it. */
  | { readonly kind: 'report-agent'; readonly agent: AgentId }
  /** A line's order or length changed. */
  | { readonly kind: 'report-queue'; readonly queue: QueueId }
  /** Send `time-passed` at this time at the latest. */
  | { readonly kind: 'wake-at'; readonly at: number };

/** A call is not offered again to an agent who missed or declined it within this time, so that others get it. */
export const REJECT_MEMORY_MS = 30_000;
/** After this many misses in a row an agent is set not ready: the person is not at the phone. */
export const MISSES_UNTIL_NOT_READY = 3;

/** What an agent's state looked like, to be kept outside and given back after a restart. */
export interface SavedAgent {
  readonly id: AgentId;
  readonly state: AcdAgentState;
  readonly since: number;
  readonly idleSince: number;
  readonly reason: string;
  readonly misses: number;
  readonly until?: number;
  readonly next?: NextState;
  readonly before?: 'available' | 'not-ready';
}
