import type { LiveTrunk } from './live-trunk.js';
import type { LiveLimits } from './limits.js';
import type {
  CallResult,
  ConsultOutcome,
  Direction,
  Language,
  MonitorMode,
} from '../kernel/call-event.js';
import type { ScoreWeights, Strategy } from '../engines/acd/acd-events.js';
import type { RecordingMode } from '../engines/recording/policy.js';
import type { SkillRequirement } from '../engines/acd/requirement.js';
import type {
  AgentId,
  CallId,
  CallbackId,
  ConferenceId,
  DispositionId,
  ExtensionId,
  FlowTrialId,
  PromptId,
  QueueId,
  TrunkId,
} from '../kernel/ids.js';
import type { RoomRole } from '../engines/conference/room.js';
import type { Codec } from './ari/provisioning.js';
import type { CallContext } from './calls/call-context.js';
import type { TalkCommand } from './calls/talk-desk.js';
import type { MemberAction, RoomAction } from './conference-rooms.js';
import type { AgentPreview, WaitingPromise } from './live-previews.js';
import type { PhoneKeyCommand } from './phone-keys.js';
import type { PreviewCommand } from './previews.js';
import type { CampaignOfCall, LiveCampaign } from './live-campaigns.js';
import type { LiveEstimate } from './live-estimate.js';
import type { HandChange, QueueChange } from './queue-changes.js';
import type { DeskRefusal } from './desk-refusal.js';

export type { DeskRefusal } from './desk-refusal.js';

export type { LiveEstimate };

export type AgentState =
  | 'signed-out'
  | 'not-ready'
  | 'available'
  /** Looks at the record of somebody to be called, or calls: gets no calls of queues meanwhile. */
  | 'preview'
  | 'ringing'
  | 'talking'
  | 'wrap-up'
  /** The desk phone is not registered: no calls are offered until it is back. */
  | 'phone-lost';

/** Instants in ms since the epoch. */
export interface LiveAgent extends AgentPreview {
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
  /** What the agent chose by phone last. */
  readonly phoneCode?: PhoneCode;
}

/** What a call came to, as its agent said on the phone. */
export interface PhoneCode {
  readonly callId: CallId;
  readonly dispositionId: DispositionId;
}

export interface LiveWrapUp {
  readonly mode: 'fixed' | 'until-done';
  readonly extensionsLeft: number;
  /** Without a code the agent becomes not ready when the time is over. */
  readonly codeNeeded: boolean;
}

/** A skill that somebody in line asks for at this moment; what is not required is preferred. */
export type AskedSkill = Omit<SkillRequirement, 'relax'>;

export interface LiveWaiting extends WaitingPromise {
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
  /** Skills asked for now. */
  readonly skills: readonly AskedSkill[];
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
  /** What is known of the customer of a callback, while it rings at somebody. */
  readonly context?: CallContext;
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
  /** False while a supervisor or the queue's calendar says closed. */
  readonly isOpen: boolean;
  /** What supervisors changed by hand, as long as it counts; the oldest first. */
  readonly changes: readonly QueueChange[];
  /** A caller waits although an agent who fits is available: the longest such time in ms; 0 for none. */
  readonly stalledMs: number;
  /** What somebody who entered the line now would wait, where that can be told. */
  readonly newCaller?: LiveEstimate;
  /** Rises with each decision of the queue; the decisions themselves are in the decision log. */
  readonly decisions: number;
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

/** Somebody in a talk besides the one whom the call is about. */
export interface LiveTalkParty {
  readonly number: string;
  readonly name: string;
  readonly agentId?: AgentId;
  /** partner: has the call · member: in a conference · consulted: is asked by the partner. */
  readonly role: 'partner' | 'member' | 'consulted';
}

/** How the recording of a talk stands. Instants in ms since the epoch. */
export interface LiveRecording {
  readonly mode: RecordingMode;
  /** Would be recorded, were it not paused. */
  readonly isWanted: boolean;
  readonly pause?: { readonly at: number; readonly until: number };
}

/** Who talks with whom. Instants in ms since the epoch. */
export interface LiveTalk {
  readonly parties: readonly LiveTalkParty[];
  /** The partner put the call on hold, at the page or with the phone's key. */
  readonly hold?: { readonly since: number; readonly by: 'page' | 'phone' };
  readonly consult?: {
    readonly since: number;
    /** Absent while it rings. */
    readonly answeredAt?: number;
    /** While it rings: not a person, but a line, a flow or a ring group. */
    readonly asks?: 'line' | 'flow' | 'group';
    /** The partner is with the caller, and the consulted party waits. */
    readonly isSwapped: boolean;
  };
  /** Whether it is recorded: as the rules say, or on demand; and a pause. */
  readonly recording?: LiveRecording;
  /** Since when the one whom the call is about hears music; absent while it talks. */
  readonly heldSince?: number;
  /** Whom the partner wanted to ask last, and did not reach. */
  readonly lastConsult?: {
    readonly number: string;
    readonly name: string;
    readonly outcome: ConsultOutcome;
    readonly at: number;
  };
}

/** A supervisor's phone that hears an agent, or rings to. */
export interface LiveMonitor {
  readonly agentId: AgentId;
  readonly extension: string;
  readonly by: string;
  readonly mode: MonitorMode;
  readonly since: number;
  readonly isRinging: boolean;
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
  /** Extensions at whose phones it rings, and may be taken from another one: no offers of queues. Absent where none. */
  readonly ringsAt?: readonly ExtensionId[];
  /** Extensions that sent the call on to where it is, oldest first; absent where none did. */
  readonly forwardedBy?: readonly string[];
  /** Waits to be taken: at which slot, since when, and until when. */
  readonly parked?: { readonly slot: string; readonly since: number; readonly until: number };
  /** The other party's number: an extension or an outside number. */
  readonly other?: string;
  readonly trunkId?: TrunkId;
  readonly connectedAt?: number;
  /** Whom the call is about, where that is not `from` any more: the caller's phone has left. */
  readonly about?: { readonly number: string; readonly name: string };
  /** While people talk. */
  readonly talk?: LiveTalk;
  /** Supervisors who hear it; absent where none does. */
  readonly monitors?: readonly LiveMonitor[];
  /** Sent on by somebody: to whom. `returned`: it came back, and why, as `reason.<code>`. */
  readonly transfer?: { readonly to: string; readonly returned?: string };
  readonly recording: boolean;
  /** Whose sound does not come, although both talk: '' for somebody without name and number; since when. */
  readonly silent?: { readonly since: number; readonly party: string };
  /** Of which campaign it is, and about whom. */
  readonly campaign?: CampaignOfCall;
  /** Somebody calls for help. */
  readonly isForHelp?: true;
  readonly result?: CallResult;
}

/** Somebody in a conference room. */
export interface LiveRoomMember {
  readonly call: CallId;
  readonly role: RoomRole;
  /** '' where the caller shows none. */
  readonly number: string;
  readonly name: string;
  readonly joinedAt: number;
  readonly isMuted: boolean;
  /** Hears music until a host is there. */
  readonly isWaiting: boolean;
  /** Speaks at this moment, and is heard. */
  readonly isTalking: boolean;
}

/** Somebody whom a room has called. */
export interface LiveInvite {
  readonly call: CallId;
  readonly number: string;
  readonly name: string;
  readonly since: number;
  /** asked: has answered, and is to press the key; the rest: will not come. */
  readonly state: 'ringing' | 'asked' | 'busy' | 'no-answer' | 'failed';
}

/** A conference room in which somebody is. */
export interface LiveRoom {
  readonly id: ConferenceId;
  readonly isLocked: boolean;
  /** Absent while it is not recorded. */
  readonly recordedSince?: number;
  /** In the order in which they came. */
  readonly members: readonly LiveRoomMember[];
  readonly invites: readonly LiveInvite[];
}

export interface LiveExtension {
  readonly id: ExtensionId;
  readonly number: string;
  readonly registered: boolean;
  /** What its phone does; absent while it has no call. */
  readonly use?: 'ringing' | 'talking';
  readonly doNotDisturb?: boolean;
  /** Its calls ring elsewhere, too. */
  readonly followsMe?: boolean;
  /** Number of the busy extension that this phone calls back when it is free. */
  readonly callsBack?: string;
  /** What it dialled last, and would dial again. */
  readonly lastDialled?: string;
  /** Where all its calls go; absent where they stay. */
  readonly forwardsTo?: string;
}

/** Everything that happens now. Published whole with a rising `seq` by the process that runs the calls. */
export interface LiveSnapshot {
  readonly seq: number;
  /** Server time of the snapshot. */
  readonly at: number;
  /** False while Asterisk cannot be reached. */
  readonly pbxOnline: boolean;
  /** Codecs that the telephone server can convert; absent in pictures of earlier releases. */
  readonly codecs?: readonly Codec[];
  readonly queues: readonly LiveQueue[];
  readonly agents: readonly LiveAgent[];
  readonly calls: readonly LiveCall[];
  readonly trunks: readonly LiveTrunk[];
  readonly extensions: readonly LiveExtension[];
  /** Absent where nobody is in any. */
  readonly rooms?: readonly LiveRoom[];
  /** Those that call people first and run, or have somebody on the line; the one that goes first in front. */
  readonly campaigns?: readonly LiveCampaign[];
  readonly limits?: LiveLimits;
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
  | { readonly kind: 'agent-sign-out' | 'agent-available'; readonly agentId: AgentId }
  | { readonly kind: 'agent-not-ready'; readonly agentId: AgentId; readonly reason: string }
  | { readonly kind: 'agent-finish-wrap-up'; readonly agentId: AgentId }
  /** Adds half a minute, as often as the queue allows. */
  | { readonly kind: 'agent-extend-wrap-up'; readonly agentId: AgentId }
  /** A disposition of this call was stored. */
  | { readonly kind: 'agent-code-chosen'; readonly agentId: AgentId; readonly callId: CallId }
  | { readonly kind: 'agent-hang-up'; readonly agentId: AgentId }
  /** Dial from the page: rings the agent's own phone, then the number. */
  | {
      readonly kind: 'agent-dial';
      readonly agentId: AgentId;
      readonly number: string;
      /** The agent's phone outside rings instead of the one on the desk. */
      readonly from?: 'outside-phone';
    }
  | PreviewCommand
  /** What an agent does with the talk that they have. */
  | { readonly kind: 'agent-talk'; readonly agentId: AgentId; readonly command: TalkCommand }
  /** The same from any phone. */
  | {
      readonly kind: 'phone-dial';
      readonly extensionId: ExtensionId;
      readonly number: string;
    }
  | PhoneKeyCommand
  /** Nobody is called back any more for this phone. */
  | { readonly kind: 'busy-callback-cancel'; readonly extensionId: ExtensionId }
  | { readonly kind: 'end-call'; readonly callId: CallId }
  /** A supervisor does something with a conference room: what is so already is done. `by`: a user's name. */
  | {
      readonly kind: 'room';
      readonly conferenceId: ConferenceId;
      readonly action: RoomAction;
      readonly by: string;
    }
  /** The same with somebody who is in it. */
  | {
      readonly kind: 'room-member';
      readonly conferenceId: ConferenceId;
      readonly callId: CallId;
      readonly action: MemberAction;
      readonly by: string;
    }
  /** The room calls somebody: an extension, or as far outside as it may. */
  | {
      readonly kind: 'room-invite';
      readonly conferenceId: ConferenceId;
      readonly number: string;
      readonly by: string;
    }
  /** Rings the take's phone; who answers records a prompt. */
  | { readonly kind: 'record-prompt'; readonly take: string; readonly title: string }
  /** Rings the phone of a trial; who answers is the caller of a flow's draft. */
  | { readonly kind: 'try-flow'; readonly trial: FlowTrialId; readonly title: string }
  /** Rings a supervisor's phone, which then hears the agent's talk; a phone that does already is heard in another way. */
  | {
      readonly kind: 'monitor';
      readonly agentId: AgentId;
      readonly extensionId: ExtensionId;
      readonly mode: MonitorMode;
      readonly by: string;
    }
  | { readonly kind: 'monitor-stop'; readonly extensionId: ExtensionId }
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
  /** Changes something in a queue until a time, or until it is undone. */
  | {
      readonly kind: 'queue-change';
      readonly queueId: QueueId;
      readonly change: HandChange;
      readonly until?: number;
      readonly by: string;
      readonly why: string;
    }
  /** Ends a change; `key` as `changeKey` gives it. What has ended already is done. */
  | { readonly kind: 'queue-undo'; readonly queueId: QueueId; readonly key: string }
  /** Everybody on the line in a queue hears a prompt once. */
  | { readonly kind: 'queue-announce'; readonly queueId: QueueId; readonly promptId: PromptId }
  /** Everybody on the line in a queue goes where its overflow leads. */
  | { readonly kind: 'queue-send-on'; readonly queueId: QueueId }
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
      /** `busy-callback` found the extension free: the own phone rings. */
      readonly isDialled?: true;
      /** How many callers `queue-announce` and `queue-send-on` reached. */
      readonly callers?: number;
      /** What `read-line` asked for. */
      readonly line?: LiveLinePart;
    }
  | { readonly ok: false; readonly code: DeskRefusal; readonly detail: string };
export interface Desk {
  /** Never rejects; waits at most 5 s, then answers `calls-not-running`. */
  ask(command: DeskCommand): Promise<DeskAnswer>;
}
