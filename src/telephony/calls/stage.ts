import type { Attributes } from '../../engines/routing/rule.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { RoomRole } from '../../engines/conference/room.js';
import type { FlowState } from '../../engines/ivr/state.js';
import type { SurveyState } from '../../engines/survey/interpreter.js';
import type { RecordingDecision } from '../../engines/recording/policy.js';
import type { TalkPartner, TalkState } from '../../engines/talk/talk.js';
import type { CallResult, EndedBy } from '../../kernel/call-event.js';
import type {
  AgentId,
  CallbackId,
  BridgeId,
  ChannelId,
  ConferenceId,
  DidId,
  ExtensionId,
  FlowId,
  PromptId,
  QueueId,
  RecordingId,
  SurveyRunId,
  RingGroupId,
  TrunkId,
} from '../../kernel/ids.js';
import type { LeadDial } from '../previews.js';
import type { SystemPromptName } from '../system-prompts.js';

/** Where a call goes back to when nobody answers: the flow that sent it, at its current state. */
export interface FlowReturn {
  readonly flow: FlowId;
  readonly version: number;
  readonly state: FlowState;
}

/** Where a call goes back to after a survey in a flow. */
export interface SurveyReturn extends FlowReturn {
  readonly kind: 'ivr';
}

/** How a flow may dial outside, and where the call goes on when nobody answers. */
export interface FlowDial {
  readonly permission: 'local' | 'national' | 'international';
  /** DID that the called side sees. */
  readonly callerId?: DidId;
  readonly timeoutMs: number;
  readonly back: FlowReturn;
}

/** A call that an extension sends on to an outside number: dialled as if the extension did, whoever called. */
export interface ForwardedDial {
  readonly extension: ExtensionId;
  readonly back?: FlowReturn;
}

/** Somebody whom a conference room calls. */
export interface RoomGuest {
  readonly number: string;
  readonly name: string;
}

/** A recording under way, as another process must find it again. */
export interface RecordingState {
  readonly id: RecordingId;
  readonly startedAt: number;
  /** The channel that is listened to; absent in states of earlier releases: the call's own. */
  readonly channel?: ChannelId;
  /** The two listeners: the caller's side, the other side. Their recordings bear the same names. */
  readonly snoops: readonly [ChannelId, ChannelId];
  /** Those before them, in pairs: who is heard has changed. */
  readonly earlier?: readonly ChannelId[];
  /** Whom the channel hears, or has heard last. */
  readonly heard?: ChannelId;
}

/** All files of a recording, in pairs, the oldest first. */
export const filesOf = ({
  earlier = [],
  snoops,
}: RecordingState): readonly [ChannelId, ...ChannelId[]] => {
  const [first, ...more] = earlier;
  return first === undefined ? snoops : [first, ...more, ...snoops];
};

/** A comment under way, as another process must find it again. */
export interface CommentState {
  readonly recordingId: RecordingId;
  /** Its name on the node. */
  readonly file: string;
  readonly startedAt: number;
}

/** A message under way, as another process must find it again. Exactly one of the two owns it. */
export interface MessageState {
  readonly id: RecordingId;
  readonly startedAt: number;
  readonly extension?: ExtensionId;
  readonly queue?: QueueId;
}

export type { TalkPartner };

/** Who is being bridged with a waiting caller. `offeredAt` in ms since the epoch. */
export interface Joining {
  readonly partner: TalkPartner;
  readonly bridge: BridgeId;
  readonly offeredAt: number;
}

/**
 * What a call lives through, as small serializable data: the journal writes it before it runs, so that another process
 * can take the call up at the start of the stage where it stood.
 *
 *   arrival ─▶ ivr ─▶ queue ─▶ talk ─▶ survey ─▶ ended
 *      │        ├──▶ ring-extension ─▶ talk | voicemail | back to ivr | announce | where it is forwarded to
 *      │        ├──▶ ring-group ─▶ talk | back to ivr | where the group says
 *      │        ├──▶ ring-phones, dial-outside, dial-pbx ─▶ talk | back to ivr
 *      │        ├──▶ survey ─▶ back to ivr
 *      │        └──▶ voicemail, conference ─▶ ended      (conference-invite ─▶ conference)
 *      ├─▶ ring-extension   ├─▶ dial-outside ─▶ talk | announce   └─▶ desk-code | record-prompt ─▶ ended
 *      └─▶ campaign-message ─▶ ended      (a person for whom a campaign has no agent comes there from the queue)
 *
 * A talk that is transferred or parked leads to any of them again; see `calls/transfer.ts` for the way back.
 */
export type Stage =
  | {
      readonly kind: 'ivr';
      readonly flow: FlowId;
      readonly version: number;
      /** Absent before the first step. */
      readonly state?: FlowState;
      /** Set when the call comes back from an extension where nobody answered. */
      readonly nobodyAnswered?: boolean;
      /** Set when the call comes back from a survey. */
      readonly surveyed?: 'survey-done' | 'survey-declined';
      /** Set while the flow records one. */
      readonly message?: MessageState;
    }
  | {
      readonly kind: 'queue';
      readonly queue: QueueId;
      readonly priority: number;
      /** Absent on first entry; kept over a restart: the place in line is never lost. */
      readonly enteredAt?: number;
      /** Queues that the call has overflowed from: it never comes back to one. */
      readonly from: readonly QueueId[];
      /** What the call itself asks of agents, besides its queue. */
      readonly requirements?: readonly SkillRequirement[];
      /** Until then only this agent is offered the call. */
      readonly sticky?: { readonly agent: AgentId; readonly until: number };
      /** Has waited since then: in another queue, or for a callback. */
      readonly since?: number;
      /** Rules and hooks have spoken. */
      readonly isRouted?: boolean;
      /** A campaign called this person: who has no agent by then hears why. */
      readonly patienceUntil?: number;
      readonly attributes?: Attributes;
      /** An agent has answered, and is just being bridged: a process that ends in this moment leaves a talk behind. */
      readonly joining?: Joining | undefined;
    }
  | {
      readonly kind: 'ring-extension';
      readonly extension: ExtensionId;
      readonly back?: FlowReturn;
    }
  /** Phones that a flow names: all ring at once; the first that answers has the call. */
  | {
      readonly kind: 'ring-phones';
      readonly extensions: readonly ExtensionId[];
      readonly timeoutMs: number;
      readonly back: FlowReturn;
    }
  | {
      readonly kind: 'ring-group';
      readonly group: RingGroupId;
      /** Where the call goes when nobody answers, instead of where the group says. */
      readonly back?: FlowReturn;
    }
  /** One phone answers by itself, and both hear each other. */
  | { readonly kind: 'intercom'; readonly extension: ExtensionId }
  /** The caller is heard at the phones of a paging group. */
  | {
      readonly kind: 'page';
      /** Its number. */
      readonly group: string;
      readonly bridge?: BridgeId;
    }
  | {
      readonly kind: 'dial-outside';
      readonly number: string;
      /** Whose phone sent the call there, and so decides what is allowed; the caller's own where not given. */
      readonly by?: ExtensionId;
      readonly callback?: CallbackId;
      /** Set where an agent calls somebody of a campaign. */
      readonly lead?: LeadDial;
      /** Set where a flow dials, whoever called. */
      readonly flow?: FlowDial;
      readonly forwarded?: ForwardedDial;
      /** Set where another telephone system dials through us. */
      readonly from?: TrunkId;
      /** In whose name it is dialled, where that is a queue's. */
      readonly queue?: QueueId;
      /** No number is to be shown. */
      readonly isWithheld?: boolean;
      /** A call for help. */
      readonly isForHelp?: boolean;
    }
  /** A number of another telephone system rings there. */
  | {
      readonly kind: 'dial-pbx';
      readonly trunk: TrunkId;
      readonly number: string;
      readonly timeoutMs?: number;
      /** Where the call goes on when nobody answers. */
      readonly back?: FlowReturn;
      /** Who sent the call there. */
      readonly forwarded?: ForwardedDial;
    }
  | {
      readonly kind: 'conference';
      readonly room: ConferenceId;
      /** Known once the PIN is, or where none is asked. */
      readonly role?: RoomRole;
      /** Set once the caller has a place in it. */
      readonly joinedAt?: number;
      /** Set once the others hear the caller. */
      readonly enteredAt?: number;
      /** Somebody whom the room has called, and who need not know the PIN: how the others see it. */
      readonly invited?: RoomGuest;
    }
  /** The room calls somebody: the call is about whoever answers. */
  | {
      readonly kind: 'conference-invite';
      readonly room: ConferenceId;
      readonly guest: RoomGuest;
      readonly by: string;
      /** Whoever answers must press a key: a mailbox does not. */
      readonly confirms: boolean;
      /** Absent before it rings. */
      readonly dialledAt?: number;
    }
  /** Waits at a slot until some phone takes it. */
  | {
      readonly kind: 'parked';
      readonly slot: string;
      /** Whose phone rings when nobody does. */
      readonly by: ExtensionId;
      /** Absent before it has begun. */
      readonly since?: number;
    }
  /** A phone dialled a slot at which there is nobody to take. */
  | { readonly kind: 'unpark'; readonly slot: string }
  | {
      readonly kind: 'talk';
      readonly partner: TalkPartner;
      readonly others?: TalkState['others'];
      readonly hold?: NonNullable<TalkState['hold']>;
      readonly consult?: NonNullable<TalkState['consult']>;
      readonly bridge: BridgeId;
      /** Set once both are bridged. */
      readonly connectedAt?: number;
      readonly recording?: RecordingState;
      /** Whether it is recorded, as the ledger has it. */
      readonly recordingRule?: RecordingDecision;
    }
  /** Questions by keys. The survey in the state is the one that was offered, whatever is saved meanwhile. */
  | {
      readonly kind: 'survey';
      readonly run: SurveyRunId;
      readonly state: SurveyState;
      /** The ledger knows that it was offered. */
      readonly isOffered: boolean;
      /** After whose talk; absent where a flow asks. */
      readonly queueId?: QueueId;
      readonly agentId?: AgentId;
      readonly comment: CommentState | undefined;
      /** What the talk came to, or the flow that asked. */
      readonly then: EndedStage | SurveyReturn;
    }
  | {
      readonly kind: 'voicemail';
      readonly extensionId?: ExtensionId;
      readonly queueId?: QueueId;
      readonly greeting?: PromptId;
      /** Set while it is recorded. */
      readonly message?: MessageState;
    }
  /** Says why the call cannot go on, then ends it. */
  | {
      readonly kind: 'announce';
      readonly prompt: SystemPromptName;
      readonly then: EndedStage;
    }
  /** A prompt of the administrator before the end. */
  | { readonly kind: 'goodbye'; readonly prompt: PromptId; readonly then: EndedStage }
  /** Said to somebody whom a campaign called, and for whom nobody is there: to a person, or to a machine after its beep. */
  | {
      readonly kind: 'campaign-message';
      /** The switchboard's own sentence where absent. */
      readonly prompt?: PromptId;
      readonly awaitsBeep: boolean;
      readonly then: EndedStage;
    }
  /** A phone outside was lifted to dial from there: a key says that it is no mailbox. */
  | { readonly kind: 'confirm-dial'; readonly then: Stage }
  | { readonly kind: 'desk-code'; readonly code: string }
  /** A phone that rang to record a prompt. */
  | { readonly kind: 'record-prompt'; readonly take: string }
  | EndedStage;

export interface EndedStage {
  readonly kind: 'ended';
  readonly result: CallResult;
  readonly endedBy: EndedBy;
  /** Q.850, given to the caller's side. */
  readonly cause: number;
  /** A short code for ledger and pages: `reason.<code>` in the catalog. */
  readonly reason: string;
}

export type StageOf<K extends Stage['kind']> = Extract<Stage, { readonly kind: K }>;

export const ended = (
  result: CallResult,
  endedBy: EndedBy,
  cause: number,
  reason: string,
): EndedStage => ({ kind: 'ended', result, endedBy, cause, reason });

/** How a call is counted whose caller hung up in this stage. `kept`: what somebody has still to deal with. */
export function onHangup(
  stage: Stage,
  kept: 'voicemail' | 'callback' | undefined,
  reason: string,
): EndedStage {
  const result = (): CallResult => {
    switch (stage.kind) {
      case 'talk':
      case 'conference':
      case 'page':
        return 'answered';
      case 'queue':
        return 'abandoned';
      case 'voicemail':
        return kept ?? 'contained';
      case 'ring-extension':
      case 'intercom':
      case 'ring-group':
      case 'ring-phones':
      case 'dial-outside':
      case 'dial-pbx':
      case 'confirm-dial':
        return 'no-answer';
      case 'conference-invite':
        return reason === 'hung-up-17' ? 'busy' : 'no-answer';
      case 'announce':
      case 'goodbye':
      case 'campaign-message':
        return stage.then.result;
      case 'ended':
        return stage.result;
      case 'survey':
        if (stage.then.kind === 'ended') return stage.then.result;
        return kept ?? 'contained';
      case 'ivr':
        return kept ?? 'contained';
      case 'parked':
        return 'answered';
      case 'desk-code':
      case 'unpark':
      case 'record-prompt':
        return 'contained';
    }
  };
  const by: EndedBy = stage.kind === 'conference-invite' ? 'callee' : 'caller';
  return ended(result(), by, 16, reason);
}
