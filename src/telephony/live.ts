import type { CallResult, Direction, Language } from '../kernel/call-event.js';
import type { AgentId, CallId, ExtensionId, QueueId, TrunkId } from '../kernel/ids.js';

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
}

export interface LiveQueue {
  readonly id: QueueId;
  readonly name: string;
  readonly waiting: readonly LiveWaiting[];
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
  | { readonly kind: 'end-call'; readonly callId: CallId };

export type DeskAnswer =
  | { readonly ok: true }
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
  | 'bad-number'
  | 'not-permitted'
  | 'not-allowed-now'
  | 'pbx-offline'
  | 'calls-not-running';

export interface Desk {
  /** Never rejects; waits at most 5 s, then answers `calls-not-running`. */
  ask(command: DeskCommand): Promise<DeskAnswer>;
}
