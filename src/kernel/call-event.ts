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
  RingGroupId,
  TrunkId,
} from './ids.js';
import type { RecordingEventBody } from './recording-event.js';
import type { SurveyEventBody } from './survey-event.js';

export type { SurveyEnd } from './survey-event.js';

export type Direction = 'inbound' | 'outbound' | 'internal';
export type Language = 'en' | 'zh-CN';
export const LANGUAGES: readonly Language[] = ['en', 'zh-CN'];

/** The version of steps that are no version yet. */
export const DRAFT_VERSION = 0;

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
/**
 * completed: has the call now · joined: in a conference · dropped: sent away · left: hung up · enquired: somebody there is asked · the rest: did not answer.
 */
export type ConsultOutcome =
  | 'completed'
  | 'joined'
  | 'dropped'
  | 'left'
  | 'enquired'
  | Exclude<OfferOutcome, 'answered' | 'caller-left'>;

/** To whom a call was transferred. `number`: what was dialled, or the extension's; '' for queues and flows. */
export interface TransferredTo {
  readonly kind: 'extension' | 'queue' | 'flow' | 'outside' | 'conference' | 'other';
  /** Of extension, queue, flow or room. */
  readonly id?: number;
  readonly number: string;
  readonly name: string;
}
/** What somebody did in a conference room: to one caller (muted, unmuted, removed), else to all. */
export type ConferenceChange =
  | 'muted'
  | 'unmuted'
  | 'removed'
  | 'guests-muted'
  | 'locked'
  | 'unlocked'
  | 'recording-on'
  | 'recording-off'
  | 'ended';
/** Who ended the call; `system` is us (a flow's hang-up step, a limit, an outage). */
export type EndedBy = 'caller' | 'callee' | 'system';

/** How a supervisor is heard: by nobody, by the agent, by everybody in the talk; or has the call instead of the agent. */
export type MonitorMode = 'listen' | 'whisper' | 'barge' | 'take-over';

/** Who hears whom, from which phone. */
export interface Monitoring {
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly number: string;
  readonly by: string;
  readonly mode: MonitorMode;
}

/**
 * How a leg sounded, as Asterisk counted its RTP: what came from the leg, and what the leg said (RTCP) of what went to it. Packets,
 * and times in ms.
 */
export interface LegSound {
  readonly received: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly sent: number;
  readonly farLost: number;
  readonly farJitterMs: number;
  readonly roundTripMs: number;
}

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
      /** On calls that go out: the extension that answers for what they cost. */
      readonly payerId?: ExtensionId;
      /** On calls that go out: the number that is shown, '' for none, and whose it is. */
      readonly callerId?: string;
      readonly callerIdOf?: string;
    }
  | { readonly kind: 'leg-answered'; readonly leg: ChannelId }
  | {
      readonly kind: 'leg-ended';
      readonly leg: ChannelId;
      readonly cause: number;
      readonly techCause?: number;
      /** Known of legs that we hung up: who hangs up first is gone before anybody can ask. */
      readonly sound?: LegSound;
    }
  | {
      readonly kind: 'flow-entered';
      readonly flowId: FlowId;
      /** {@link DRAFT_VERSION} in a test call of a draft. */
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
      /** `speech`: a text was to be spoken, and no voice could; it was spelled instead. */
      readonly source: 'http' | 'sql' | 'customer' | 'speech';
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
  /** A supervisor had a prompt played to everybody in line. */
  | { readonly kind: 'announced'; readonly queueId: QueueId; readonly name: string }
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
  /** Somebody's part in a talk is over, and the others talk on. */
  | { readonly kind: 'party-left'; readonly leg: ChannelId; readonly agentId?: AgentId }
  /** The call is about this leg from now on: the caller's side has left, and the talk goes on. */
  | {
      readonly kind: 'anchored';
      readonly leg: ChannelId;
      readonly number: string;
      readonly name: string;
    }
  /** `by` asks somebody while the caller waits; that this leg rings is told by itself. */
  | { readonly kind: 'consult-started'; readonly leg: ChannelId; readonly by: ChannelId }
  | { readonly kind: 'consult-answered'; readonly leg: ChannelId; readonly agentId?: AgentId }
  | {
      readonly kind: 'consult-ended';
      readonly leg: ChannelId;
      readonly outcome: ConsultOutcome;
    }
  | {
      readonly kind: 'transferred';
      readonly how: 'blind' | 'consult';
      readonly via: 'page' | 'phone';
      readonly by: ChannelId;
      readonly agentId?: AgentId;
      readonly extensionId?: ExtensionId;
      readonly to: TransferredTo;
    }
  /** Nobody took the transferred call: it comes back to who sent it. */
  | {
      readonly kind: 'transfer-returned';
      readonly to: string;
      readonly reason: string;
      readonly extensionId: ExtensionId;
    }
  /** A phone joined its two calls: this one took somebody in from the other, or gave somebody to it. */
  | { readonly kind: 'calls-joined'; readonly with: CallId; readonly as: 'taker' | 'giver' }
  | RecordingEventBody
  | { readonly kind: 'recording-started'; readonly recordingId: RecordingId }
  | {
      readonly kind: 'recording-ended';
      readonly recordingId: RecordingId;
      readonly recordedMs: number;
      /** Names of the two one-sided files on the node: caller, other party. One name for a conference room: all are in it. */
      readonly files: readonly [string, ...string[]];
      readonly node: string;
      /** Set for the recording of a room, which is told in the ledger of one of the calls that were in it. */
      readonly conferenceId?: ConferenceId;
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
  /** Nobody calls back any more. Told in the call in which it was asked for, which may long be over. */
  | {
      readonly kind: 'callback-closed';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      readonly number: string;
      readonly why: 'expired' | 'queue-gone';
    }
  | {
      readonly kind: 'conference-joined';
      readonly conferenceId: ConferenceId;
      readonly name: string;
      /** Absent in lines of earlier releases. */
      readonly role?: 'host' | 'guest';
    }
  /** Somebody changed something in the room, or with this caller in it. `by`: a user's name, or a number. */
  | {
      readonly kind: 'conference-changed';
      readonly conferenceId: ConferenceId;
      readonly what: ConferenceChange;
      readonly via: 'page' | 'phone';
      readonly by: string;
    }
  /** So much of the call is in the recording of the room. */
  | {
      readonly kind: 'conference-recorded';
      readonly conferenceId: ConferenceId;
      readonly recordingId: RecordingId;
      readonly recordedMs: number;
    }
  /** The call was made to bring somebody into the room. */
  | {
      readonly kind: 'conference-invited';
      readonly conferenceId: ConferenceId;
      readonly name: string;
      readonly by: string;
    }
  | SurveyEventBody
  /** The call goes on to another number instead of staying at `extensionId`. `why`: what the extension's owner set. */
  | {
      readonly kind: 'forwarded';
      readonly extensionId: ExtensionId;
      readonly number: string;
      readonly to: string;
      readonly why: 'always' | 'busy' | 'no-answer' | 'unregistered' | 'do-not-disturb';
    }
  /** The extension's phone was not rung at all. */
  | {
      readonly kind: 'not-rung';
      readonly extensionId: ExtensionId;
      readonly number: string;
      readonly why: 'do-not-disturb' | 'busy' | 'unreachable';
    }
  /** A forward that is set was not followed. `why`: it went round, the chain was too long, or the number may not be dialled. */
  | {
      readonly kind: 'not-forwarded';
      readonly extensionId: ExtensionId;
      readonly number: string;
      readonly to: string;
      readonly why: 'loop' | 'too-many' | 'bad-number' | 'not-permitted' | 'emergency';
    }
  | {
      readonly kind: 'ring-group-entered';
      readonly groupId: RingGroupId;
      readonly name: string;
    }
  /** Somebody at `extensionId` took the call, which rang at the phone `from`. */
  | {
      readonly kind: 'picked-up';
      readonly leg: ChannelId;
      readonly extensionId: ExtensionId;
      readonly number: string;
      readonly name: string;
      readonly from: string;
    }
  /** Somebody in a talk left the caller at a slot, from which any phone may take the call. */
  | {
      readonly kind: 'parked';
      readonly slot: string;
      readonly by: ChannelId;
      readonly via: 'page' | 'phone';
      readonly agentId?: AgentId;
      readonly extensionId?: ExtensionId;
    }
  /** A phone dialled the slot, and has the call. */
  | {
      readonly kind: 'retrieved';
      readonly slot: string;
      readonly leg: ChannelId;
      readonly extensionId: ExtensionId;
      readonly number: string;
      readonly name: string;
    }
  /** The caller is heard at phones that answered by themselves: of so many that were asked. */
  | { readonly kind: 'paged'; readonly name: string; readonly phones: number }
  /** A supervisor's phone hears an agent in the talk, from now on so. Whether anybody hears the supervisor, the mode says. */
  | ({ readonly kind: 'monitored' } & Monitoring)
  | ({ readonly kind: 'monitor-ended' } & Monitoring)
  /** Somebody calls for help: the alarm was raised. */
  | {
      readonly kind: 'help-called';
      readonly number: string;
      readonly extensionId: ExtensionId;
      readonly from: string;
    }
  /** A call for help found no line: the call `freed` was ended for it. */
  | {
      readonly kind: 'line-freed';
      readonly trunkId: TrunkId;
      readonly name: string;
      readonly freed: CallId;
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
