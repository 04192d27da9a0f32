import type { CallResult, Direction, Language } from '../kernel/call-event.js';
import type { ScoreWeights, Strategy } from '../engines/acd/acd-events.js';
import type { SkillRequirement } from '../engines/acd/requirement.js';
import type { AgentId, CallbackId, CallId, ExtensionId, QueueId, TrunkId } from '../kernel/ids.js';
import type { CallContext } from './calls/call-context.js';

export type AgentState =
  | 'signed-out'
  | 'not-ready'
  | 'available'
  | 'ringing'
  | 'talking'
  | 'wrap-up'
  /** The desk phone is not registered: no calls are offered until it is back. */
  | 'phone-lost';

/** Instants in ms since the epoch. */
export interface LiveAgent {
  readonly id: AgentId;
  readonly name: string;
  readonly state: AgentState;
  readonly since: number;
  /** Not-ready reason as the agent or the system gave it: `break`, `missed-calls` ... */
  readonly reason: string;
  readonly extension: string;
  readonly queues: readonly QueueId[];
  readonly callId?: CallId;
  /** Until when wrap-up lasts. */
  readonly until?: number;
  /** State to enter when the call ends. */
  readonly next?: 'available' | 'not-ready' | 'signed-out';
  /** Who put the agent in this state, and why; absent where it is the agent's own. */
  readonly forced?: { readonly by: string; readonly why: string };
  /** How this wrap-up ends; absent for a fixed one that cannot be extended. */
  readonly wrapUp?: LiveWrapUp;
}

export interface LiveWrapUp {
  readonly mode: 'fixed' | 'until-done';
  readonly extensionsLeft: number;
  /** Without a code the agent becomes not ready when the time is over. */
  readonly codeNeeded: boolean;
}

export interface LiveWaiting {
  readonly callId: CallId;
  readonly from: string;
  readonly name: string;
  readonly since: number;
  readonly place: number;
  readonly priority: number;
  /** Set for somebody who hung up and keeps the place: nobody is on the line. */
  readonly callbackId?: CallbackId;
  /** Agents at whom it rings now. */
  readonly offeredTo: readonly AgentId[];
  /** Skills asked for now, as `Billing 50`; a preferred one as `Billing 50?`. */
  readonly skills: readonly string[];
  /** When what is asked for relaxes next. */
  readonly relaxesAt?: number;
  /** The agent whose return it waits for, and until when. */
  readonly waitsFor?: { readonly agent: AgentId; readonly until: number };
  /** Expected rest of the wait in ms, where it can be told. */
  readonly expectedMs?: number;
  /** Until when the caller may wait before the overflow. */
  readonly overflowsAt?: number;
  /** A callback is not tried again before. */
  readonly notBefore?: number;
}

export interface LiveQueue {
  readonly id: QueueId;
  readonly name: string;
  /** The first in line; in a long line not all of them: `waitingCount` is of all. */
  readonly waiting: readonly LiveWaiting[];
  readonly waitingCount: number;
  /** Of them, those who hung up and keep the place. */
  readonly callbackCount: number;
  /** When the one who has been waiting longest entered, of the whole line; absent where nobody waits. */
  readonly longestSince?: number;
  /** Calls offered or talking now, and how many there may be (0: any number). */
  readonly inService: number;
  readonly maxTalking: number;
  /** False while the queue's calendar says closed. */
  readonly isOpen: boolean;
  /** A caller waits although an agent who fits is available: the longest such time in ms; 0 for none. */
  readonly stalledMs: number;
  /** What somebody who entered the line now would wait, where that can be told. */
  readonly newCaller?: LiveEstimate;
  /** Rises with each decision of the queue; the decisions themselves are in the decision log. */
  readonly decisions: number;
}

/** An expected wait, and what the last ones were worth. Times in ms. */
export interface LiveEstimate {
  readonly expectedMs: number;
  /** Four of five of the last estimates were off by at most this; absent before the first came true or not. */
  readonly errorMs?: number;
  /** Callers hear it: the queue says so, and the last estimates were good enough. */
  readonly isTold: boolean;
}

/** One decision of the distribution, newest first in the log. `reasons` as in the ledger's `offered`. */
export interface LiveDecision {
  readonly at: number;
  readonly callId: CallId;
  readonly from: string;
  readonly name: string;
  readonly queueId: QueueId;
  /** Absent where nobody could be offered the call. */
  readonly agentId?: AgentId;
  readonly agentName?: string;
  readonly reasons: readonly string[];
}

/** The last decisions of each queue, kept outside the process that runs the calls. */
export interface DecisionLog {
  /** Newest first, `limit` at most; empty where nothing is known. */
  latest(queue: QueueId, limit: number): Promise<readonly LiveDecision[]>;
}

export interface LiveCall {
  readonly id: CallId;
  readonly direction: Direction;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  /** What the caller lives through now. */
  readonly stage: string;
  /** The menu path so far: keys and their steps' labels. */
  readonly path: readonly string[];
  /** What the caller entered and what was looked up; nothing secret. Absent where there is nothing. */
  readonly context?: CallContext;
  readonly language: Language;
  readonly startedAt: number;
  readonly stageSince: number;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  /** The other party's number: an extension or an outside number. */
  readonly other?: string;
  readonly trunkId?: TrunkId;
  readonly connectedAt?: number;
  readonly recording: boolean;
  readonly result?: CallResult;
}

export interface LiveTrunk {
  readonly id: TrunkId;
  readonly name: string;
  readonly online: boolean;
  /** What the carrier answered to our registration; absent for trunks that do not register and while unknown. */
  readonly registration?: 'registered' | 'unregistered' | 'rejected';
  readonly channels: number;
  readonly maxChannels: number;
}

export interface LiveExtension {
  readonly id: ExtensionId;
  readonly number: string;
  readonly registered: boolean;
}

/** Everything that happens now. Published whole with a rising `seq` by the process that runs the calls. */
export interface LiveSnapshot {
  readonly seq: number;
  /** Server time of the snapshot. */
  readonly at: number;
  /** False while Asterisk cannot be reached. */
  readonly pbxOnline: boolean;
  readonly queues: readonly LiveQueue[];
  readonly agents: readonly LiveAgent[];
  readonly calls: readonly LiveCall[];
  readonly trunks: readonly LiveTrunk[];
  readonly extensions: readonly LiveExtension[];
}

/** The web role's view of what happens now. */
export interface LiveView {
  /** The last snapshot, undefined before the first; `receivedAt` tells its age. */
  readonly current: LiveSnapshot | undefined;
  readonly receivedAt: number;
  onChange(listener: (snapshot: LiveSnapshot) => void): () => void;
}

/** What pages and phone keys ask of the process that runs the calls. */
export type DeskCommand =
  | { readonly kind: 'agent-sign-in'; readonly agentId: AgentId; readonly extensionId: ExtensionId }
  | { readonly kind: 'agent-sign-out'; readonly agentId: AgentId }
  | { readonly kind: 'agent-available'; readonly agentId: AgentId }
  | { readonly kind: 'agent-not-ready'; readonly agentId: AgentId; readonly reason: string }
  | { readonly kind: 'agent-finish-wrap-up'; readonly agentId: AgentId }
  /** Adds half a minute, as often as the queue allows. */
  | { readonly kind: 'agent-extend-wrap-up'; readonly agentId: AgentId }
  /** A disposition of this call was stored. */
  | { readonly kind: 'agent-code-chosen'; readonly agentId: AgentId; readonly callId: CallId }
  | { readonly kind: 'agent-hang-up'; readonly agentId: AgentId }
  /** Dial from the page: rings the agent's own phone, then the number. */
  | { readonly kind: 'agent-dial'; readonly agentId: AgentId; readonly number: string }
  | { readonly kind: 'end-call'; readonly callId: CallId }
  /** Rings the take's phone; who answers records a prompt. */
  | { readonly kind: 'record-prompt'; readonly take: string; readonly title: string }
  /** A supervisor changes what happens in a line. */
  | { readonly kind: 'steer-priority'; readonly callId: CallId; readonly priority: number }
  /** Only this agent is offered the call for a while. */
  | {
      readonly kind: 'steer-to-agent';
      readonly callId: CallId;
      readonly agentId: AgentId;
      readonly forMs: number;
    }
  /** The caller goes on in another queue, with the time of entry kept. */
  | { readonly kind: 'steer-to-queue'; readonly callId: CallId; readonly queueId: QueueId }
  /** A supervisor sets an agent's state; who and why are kept with it. */
  | {
      readonly kind: 'agent-force';
      readonly agentId: AgentId;
      readonly to: 'available' | 'not-ready' | 'signed-out';
      /** Code of the not-ready reason; '' for other states. */
      readonly reason: string;
      readonly by: string;
      readonly why: string;
    }
  /** The place in line is given up; refused while it is tried. */
  | { readonly kind: 'callback-cancel'; readonly callbackId: CallbackId }
  /** Not waiting for its next try any more: the next agent who is free gets it, in its turn. */
  | { readonly kind: 'callback-hurry'; readonly callbackId: CallbackId }
  /** Takes a cancelling back, with the place. */
  | { readonly kind: 'callback-reopen'; readonly callbackId: CallbackId }
  /** A part of a line, from a place on (the first is 1); or only one of those in it. */
  | {
      readonly kind: 'read-line';
      readonly queueId: QueueId;
      readonly fromPlace: number;
      readonly limit: number;
      readonly callId?: CallId;
    }
  /** Who would get a call of this queue now, and why. */
  | {
      readonly kind: 'preview-offer';
      readonly queueId: QueueId;
      readonly requirements: readonly SkillRequirement[];
      readonly priority: number;
      /** How long the call would have waited by now, for skills that relax; not at all where absent. */
      readonly waitedMs?: number;
      /** As if the queue distributed so; as it is set where absent. */
      readonly rule?: { readonly strategy: Strategy; readonly weights: ScoreWeights };
    }
  /** Why an agent gets no calls now. */
  | { readonly kind: 'explain-agent'; readonly agentId: AgentId }
  /** Why a caller waits, and why at this place. */
  | { readonly kind: 'explain-call'; readonly callId: CallId };

/** One line of an explanation: whom it is about, and why; reasons as in the ledger's `offered`. */
export interface Explanation {
  /** An agent, or a queue; absent where it is about the call as a whole. */
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  /** True for an agent who would be offered the call, in the order of the explanations. */
  readonly isOffered?: boolean;
  readonly reasons: readonly string[];
}

/** Some of those in a line, and of how many. */
export interface LiveLinePart {
  readonly waiting: readonly LiveWaiting[];
  readonly waitingCount: number;
}

export type DeskAnswer =
  | {
      readonly ok: true;
      readonly explanations?: readonly Explanation[];
      /** What `read-line` asked for. */
      readonly line?: LiveLinePart;
    }
  | { readonly ok: false; readonly code: DeskRefusal; readonly detail: string };
/** Each has a text in the catalog: `desk.refused.<code>`. */
export type DeskRefusal =
  | 'unknown-agent'
  | 'unknown-extension'
  | 'extension-taken'
  | 'already-signed-in'
  | 'phone-not-registered'
  | 'not-signed-in'
  | 'on-a-call'
  | 'no-call'
  | 'unknown-queue'
  | 'not-in-line'
  | 'callback-not-open'
  | 'code-needed'
  | 'not-allowed-now'
  | 'bad-number'
  | 'not-permitted'
  | 'pbx-offline'
  | 'calls-not-running';

export interface Desk {
  /** Never rejects; waits at most 5 s, then answers `calls-not-running`. */
  ask(command: DeskCommand): Promise<DeskAnswer>;
}
