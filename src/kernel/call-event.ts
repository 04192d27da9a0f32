import type {
  AgentId,
  CallbackId,
  CallId,
  ChannelId,
  ConferenceId,
  DidId,
  EventId,
  ExtensionId,
  FlowId,
  QueueId,
  RecordingId,
  TrunkId,
} from './ids.js';

export type Direction = 'inbound' | 'outbound' | 'internal';
export type Language = 'en' | 'zh-CN';
export const LANGUAGES: readonly Language[] = ['en', 'zh-CN'];

/** What a leg is to its call. */
export type LegRole = 'caller' | 'agent' | 'extension' | 'outside';

/**
 * How a call ended, as every page and report counts it.
 * answered: two people talked · abandoned: the caller left a queue · contained: ended by itself or by the caller
 * inside a menu · callback: the caller hung up and keeps the place in line · voicemail: a message was left · overflowed and closed: told so by the queue or the calendar ·
 * no-answer, busy, failed: the called side · refused: not permitted or nowhere to go.
 */
export type CallResult =
  | 'answered'
  | 'abandoned'
  | 'contained'
  | 'voicemail'
  | 'overflowed'
  | 'closed'
  | 'callback'
  | 'no-answer'
  | 'busy'
  | 'failed'
  | 'refused';

export type QueueOutcome = 'answered' | 'abandoned' | 'overflowed' | 'callback' | 'closed';
export type OfferOutcome =
  | 'answered'
  | 'no-answer'
  | 'declined'
  | 'busy'
  | 'unreachable'
  | 'caller-left'
  | 'withdrawn'
  | 'failed';
/** Who ended the call; `system` is us (a flow's hang-up step, a limit, an outage). */
export type EndedBy = 'caller' | 'callee' | 'system';

/** What happened, without when and to which call. Durations in ms. Causes are Q.850, `techCause` the SIP status. */
export type CallEventBody =
  | {
      readonly kind: 'call-arrived';
      readonly direction: Direction;
      /** E.164 where it could be parsed, else as received; an extension's number for internal and outbound. */
      readonly from: string;
      readonly fromName: string;
      readonly to: string;
      readonly node: string;
      readonly trunkId?: TrunkId;
      readonly didId?: DidId;
      readonly extensionId?: ExtensionId;
      /** Test calls are kept and shown, but no report counts them. */
      readonly test?: boolean;
    }
  | {
      readonly kind: 'leg-started';
      readonly leg: ChannelId;
      readonly role: LegRole;
      readonly number: string;
      readonly name?: string;
      readonly agentId?: AgentId;
      readonly extensionId?: ExtensionId;
      readonly trunkId?: TrunkId;
    }
  | { readonly kind: 'leg-answered'; readonly leg: ChannelId }
  | {
      readonly kind: 'leg-ended';
      readonly leg: ChannelId;
      readonly cause: number;
      readonly techCause?: number;
    }
  | {
      readonly kind: 'flow-entered';
      readonly flowId: FlowId;
      readonly version: number;
      readonly name: string;
    }
  | {
      readonly kind: 'step-entered';
      readonly flowId: FlowId;
      readonly step: string;
      readonly stepKind: string;
      readonly label: string;
    }
  | {
      readonly kind: 'step-left';
      readonly flowId: FlowId;
      readonly step: string;
      /** By which exit: `next`, `key-1`, `no-input` ... */
      readonly exit: string;
      /** Since the step was entered. */
      readonly ms: number;
    }
  | {
      readonly kind: 'key-pressed';
      readonly step: string;
      readonly digits: string;
      readonly accepted: boolean;
    }
  | { readonly kind: 'no-key'; readonly step: string; readonly tries: number }
  | { readonly kind: 'language-chosen'; readonly language: Language }
  /** The caller entered something. `value` is absent where it is secret. */
  | {
      readonly kind: 'input-collected';
      readonly flowId: FlowId;
      readonly step: string;
      readonly label: string;
      readonly variable: string;
      readonly length: number;
      readonly sensitive: boolean;
      readonly value?: string;
    }
  /** A flow asked another system. `reason` is '' where it answered. */
  | {
      readonly kind: 'looked-up';
      readonly flowId: FlowId;
      readonly step: string;
      readonly label: string;
      readonly source: 'http' | 'sql' | 'customer';
      readonly ok: boolean;
      readonly reason: string;
      readonly ms: number;
    }
  /** What a flow knows of the call when it leads to somebody, besides what the caller entered. Nothing secret. */
  | {
      readonly kind: 'context-passed';
      readonly values: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'queue-entered';
      readonly queueId: QueueId;
      readonly name: string;
      readonly place: number;
      readonly priority: number;
      /** Expected wait in ms, where one is known; told to the caller or not. */
      readonly expectedMs?: number;
    }
  /** Rules, history or the company's own system changed where the call goes or how it is treated. */
  | {
      readonly kind: 'routed';
      readonly queueId: QueueId;
      readonly priority: number;
      readonly reasons: readonly string[];
    }
  /** Nobody could be offered the call: why. */
  | {
      readonly kind: 'queue-waiting';
      readonly queueId: QueueId;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: 'queue-left';
      readonly queueId: QueueId;
      readonly outcome: QueueOutcome;
      readonly reason: string;
      readonly waitedMs: number;
    }
  | {
      readonly kind: 'offered';
      readonly queueId: QueueId;
      readonly agentId: AgentId;
      readonly agentName: string;
      /** Why this agent, and why the others not, in the order considered. */
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: 'offer-ended';
      readonly queueId: QueueId;
      readonly agentId: AgentId;
      readonly agentName: string;
      readonly outcome: OfferOutcome;
      readonly rangMs: number;
    }
  /** Both sides hear each other. */
  | { readonly kind: 'connected'; readonly leg: ChannelId; readonly agentId?: AgentId }
  | { readonly kind: 'held' | 'resumed'; readonly leg: ChannelId }
  | { readonly kind: 'disconnected'; readonly talkedMs: number }
  | { readonly kind: 'recording-started'; readonly recordingId: RecordingId }
  | {
      readonly kind: 'recording-ended';
      readonly recordingId: RecordingId;
      readonly recordedMs: number;
      /** Names of the two one-sided files on the node: caller, other party. */
      readonly files: readonly [string, string];
      readonly node: string;
    }
  | { readonly kind: 'recording-missing'; readonly reason: string }
  | {
      readonly kind: 'voicemail-left';
      readonly recordingId: RecordingId;
      readonly file: string;
      readonly node: string;
      readonly extensionId?: ExtensionId;
      readonly queueId?: QueueId;
      readonly durationMs: number;
    }
  /** The caller hangs up and keeps the place in line. */
  | {
      readonly kind: 'callback-asked';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      readonly number: string;
    }
  /** This call is a try of a callback: `waitedMs` since the customer entered the line. */
  | {
      readonly kind: 'callback-tried';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      readonly attempt: number;
      readonly waitedMs: number;
    }
  | {
      readonly kind: 'conference-joined';
      readonly conferenceId: ConferenceId;
      readonly name: string;
    }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Another process, or this one after a restart or a lost connection, took the call up again. */
  | { readonly kind: 'adopted'; readonly stage: string; readonly awayMs: number }
  | {
      readonly kind: 'call-ended';
      readonly result: CallResult;
      readonly endedBy: EndedBy;
      readonly cause: number;
      readonly reason: string;
    };

/** One line of the ledger. `(callId, seq)` orders the events of a call, `id` makes writing them idempotent. */
export type CallEvent = CallEventBody & {
  readonly id: EventId;
  readonly callId: CallId;
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
};

/** Where call events go. Accepting never fails and never waits: what the database cannot take now is kept. */
export interface Ledger {
  append(event: CallEvent): void;
}
