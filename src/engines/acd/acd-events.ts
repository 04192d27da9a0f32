import type { AgentId, CallId, QueueId, SkillId } from '../../kernel/ids.js';
import type { SkillRequirement } from './requirement.js';

export type AcdAgentState =
  | 'signed-out'
  | 'not-ready'
  | 'available'
  /** Looks at the record of somebody to be called, or calls: gets no calls of queues meanwhile. */
  | 'preview'
  | 'ringing'
  | 'talking'
  | 'wrap-up'
  | 'phone-lost';

export type NextState = 'available' | 'not-ready' | 'signed-out';

/**
 * Who of the agents that fit is offered a call first.
 * longest-idle: since the end of the last queue call · least-recent and most-recent: since the last call was connected ·
 * fewest-calls: since sign-in · round-robin: goes on behind whoever was tried last · fixed-order: the members' order ·
 * random: evenly · weighted: the highest score · ring-all: everybody at once, the first answer wins.
 */
export const STRATEGIES = [
  'longest-idle',
  'least-recent',
  'most-recent',
  'fewest-calls',
  'round-robin',
  'fixed-order',
  'random',
  'weighted',
  'ring-all',
] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** A score is the sum of these: points per level, per idle minute, per call since sign-in (counted down), per result point. */
export interface ScoreWeights {
  readonly level: number;
  readonly idle: number;
  readonly load: number;
  readonly result: number;
}

/** What an agent does after a queue call. */
export interface WrapUpRule {
  /** 0 is none; without meaning where it lasts until done. */
  readonly ms: number;
  /** No time limit: the agent says when it is over. */
  readonly isUntilDone: boolean;
  /** How often the agent may ask for more time, and how much each time. */
  readonly extensions: number;
  readonly extendByMs: number;
  /** A wrap-up code must be chosen; whoever has chosen none when the time is up is set not ready. */
  readonly isCodeNeeded: boolean;
}

export interface AcdQueue {
  readonly id: QueueId;
  readonly strategy: Strategy;
  /** Head start over the other queues of an agent, in points of priority. */
  readonly weight: number;
  /** Calls offered or talking at the same time; 0 is without limit. */
  readonly maxTalking: number;
  /** Asked of every call of this queue, besides what the call itself asks for. */
  readonly requirements: readonly SkillRequirement[];
  /** A call is not offered again to an agent who missed or declined it within this time, so that others get it. */
  readonly rejectMemoryMs: number;
  /** After so many misses in a row the agent is set not ready: the person is not at the phone. 0 is never. */
  readonly missesUntilNotReady: number;
  readonly wrapUp: WrapUpRule;
  readonly weights: ScoreWeights;
}

export const NO_WRAP_UP: WrapUpRule = {
  ms: 0,
  isUntilDone: false,
  extensions: 0,
  extendByMs: 30_000,
  isCodeNeeded: false,
};

/** A queue without any special rule: the longest idle agent gets the call. */
export const PLAIN_QUEUE: Omit<AcdQueue, 'id'> = {
  strategy: 'longest-idle',
  weight: 0,
  maxTalking: 0,
  requirements: [],
  rejectMemoryMs: 30_000,
  missesUntilNotReady: 3,
  wrapUp: NO_WRAP_UP,
  weights: { level: 1, idle: 1, load: 1, result: 0 },
};

export interface QueueMembership {
  readonly queue: QueueId;
  /** Place in the members' order (round robin, fixed order). */
  readonly position: number;
  /** Past results from 0 to 100, for the weighted score; 0 where there are none. */
  readonly result?: number;
}

export interface AgentMembership {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueMembership[];
  readonly skills: ReadonlyMap<SkillId, number>;
}

export interface AcdAgent extends AgentMembership {
  readonly state: AcdAgentState;
  /** When the state was entered. */
  readonly since: number;
  /** Since when without a queue call: longest idle counts from here, and a missed offer does not reset it. */
  readonly idleSince: number;
  /** When the last queue call was connected; 0 for never. */
  readonly connectedAt: number;
  /** Queue calls since sign-in. */
  readonly calls: number;
  readonly reason: string;
  /** In a preview: set while it is dialled, first the agent's phone, then the customer. */
  readonly call?: CallId | undefined;
  /** The queue of the call, while ringing or talking on a queue call. */
  readonly queue?: QueueId | undefined;
  /** End of wrap-up; absent while it lasts until done. */
  readonly until?: number | undefined;
  /** State to enter when the call ends. */
  readonly next?: NextState | undefined;
  /** Offers missed in a row. */
  readonly misses: number;
  /** What to return to when the phone is back. */
  readonly before?: 'available' | 'not-ready' | undefined;
  /** The rule of this wrap-up. */
  readonly wrapUp?: { readonly rule: WrapUpRule; readonly extensionsLeft: number } | undefined;
  /** The code of the present call was chosen. */
  readonly isCoded: boolean;
}

export type OfferFailure =
  'no-answer' | 'declined' | 'busy' | 'unreachable' | 'withdrawn' | 'failed';

/** Somebody in line: a live caller, or one who hung up and keeps the place. */
export interface QueuedCall {
  readonly call: CallId;
  readonly queue: QueueId;
  readonly isCallback: boolean;
  /** Higher goes first; a point is worth a fixed time of waiting, so that nobody waits for ever. */
  readonly priority: number;
  readonly enteredAt: number;
  readonly requirements: readonly SkillRequirement[];
  /** Until `until` only this agent is offered the call, while that agent is at work. */
  readonly sticky?: { readonly agent: AgentId; readonly until: number } | undefined;
  /** A callback is not tried again before this time. */
  readonly notBefore: number;
}

export type AcdEvent = { readonly at: number } & (
  | {
      readonly kind: 'configured';
      readonly queues: readonly AcdQueue[];
      readonly agents: readonly AgentMembership[];
      /** For reasons in words. */
      readonly skillNames?: ReadonlyMap<SkillId, string>;
    }
  | { readonly kind: 'agent-signed-in'; readonly agent: AgentId }
  /** `atOnce`: a supervisor need not wait for the code that a wrap-up must get. */
  | { readonly kind: 'agent-signed-out'; readonly agent: AgentId; readonly atOnce?: boolean }
  | { readonly kind: 'agent-available'; readonly agent: AgentId; readonly atOnce?: boolean }
  | {
      readonly kind: 'agent-not-ready';
      readonly agent: AgentId;
      readonly reason: string;
      readonly atOnce?: boolean;
    }
  | { readonly kind: 'wrap-up-finished'; readonly agent: AgentId }
  | { readonly kind: 'wrap-up-extended'; readonly agent: AgentId }
  | { readonly kind: 'code-chosen'; readonly agent: AgentId }
  | { readonly kind: 'phone-lost'; readonly agent: AgentId }
  | { readonly kind: 'phone-back'; readonly agent: AgentId }
  | ({ readonly kind: 'call-queued' } & Pick<
      QueuedCall,
      'call' | 'queue' | 'priority' | 'enteredAt'
    > &
      Partial<QueuedCall>)
  /** A supervisor or a rule changes what the call asks for; what is absent stays. */
  | {
      readonly kind: 'call-changed';
      readonly call: CallId;
      readonly priority?: number;
      readonly sticky?: { readonly agent: AgentId; readonly until: number };
    }
  | { readonly kind: 'caller-left'; readonly call: CallId }
  /** The phone was lifted, and the agent is told what the call is about: nobody else is rung for it. */
  | { readonly kind: 'offer-lifted'; readonly call: CallId; readonly agent: AgentId }
  /** Both are connected. */
  | { readonly kind: 'offer-answered'; readonly call: CallId; readonly agent: AgentId }
  | {
      readonly kind: 'offer-failed';
      readonly call: CallId;
      readonly agent: AgentId;
      readonly outcome: OfferFailure;
    }
  /**
   * The agent is given a record to look at: one who is available, or who was offered `offered`, which leaves its line with it.
   * `call`: found again after a restart, it is dialled already.
   */
  | {
      readonly kind: 'agent-previews';
      readonly agent: AgentId;
      readonly offered?: CallId;
      readonly call?: CallId;
    }
  /** What is previewed is dialled as this call; without one it is not any more, and the record is looked at again. */
  | { readonly kind: 'preview-dials'; readonly agent: AgentId; readonly call?: CallId }
  /** Nothing is looked at any more, and nobody was reached. */
  | { readonly kind: 'preview-ended'; readonly agent: AgentId }
  /** The agent talks without an offer: dials out, is called directly, or a talk was taken up after a restart. */
  | {
      readonly kind: 'agent-engaged';
      readonly agent: AgentId;
      readonly call: CallId;
      readonly queue?: QueueId;
      /** The talk that goes on as this one, where the agent has one. */
      readonly insteadOf?: CallId;
    }
  | { readonly kind: 'talk-ended'; readonly agent: AgentId; readonly call: CallId }
  | { readonly kind: 'time-passed' }
);

export type AgentEvent = Extract<AcdEvent, { readonly agent: AgentId }>;

/** `reasons` are `<code>:<parameter>`, in the order considered; texts are in the catalog under `decision.<code>`. */
export type AcdCommand =
  | {
      readonly kind: 'offer-call';
      readonly call: CallId;
      readonly agent: AgentId;
      readonly queue: QueueId;
      readonly reasons: readonly string[];
    }
  /** Nobody can be offered the call now. Told when it comes into line and when what it asks for changes: see `whyWaiting`. */
  | { readonly kind: 'keep-waiting'; readonly call: CallId }
  | {
      readonly kind: 'withdraw-offer';
      readonly call: CallId;
      readonly agent: AgentId;
      /** Somebody else answered, or the agent or the caller is gone. */
      readonly reason: 'answered-elsewhere' | 'agent-left' | 'caller-left' | 'agent-busy';
    }
  /** An agent's state changed: store it and show it. */
  | { readonly kind: 'report-agent'; readonly agent: AgentId }
  /** A line's order or length changed. */
  | { readonly kind: 'report-queue'; readonly queue: QueueId }
  /** Send `time-passed` at this time at the latest. */
  | { readonly kind: 'wake-at'; readonly at: number };

/** What an agent's state looked like, to be kept outside and given back after a restart. */
export interface SavedAgent {
  readonly id: AgentId;
  readonly state: AcdAgentState;
  readonly since: number;
  readonly idleSince: number;
  readonly reason: string;
  readonly misses: number;
  /** Absent in what older versions kept. */
  readonly connectedAt?: number;
  readonly calls?: number;
  readonly isCoded?: boolean;
  readonly wrapUp?: { readonly rule: WrapUpRule; readonly extensionsLeft: number };
  readonly until?: number;
  readonly next?: NextState;
  readonly before?: 'available' | 'not-ready';
}

/** Whoever was tried last in a queue with round robin, to be kept outside and given back after a restart. */
export interface SavedPointer {
  readonly queue: QueueId;
  readonly position: number;
}
