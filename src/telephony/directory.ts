import type { ScoreWeights, Strategy, WrapUpRule } from '../engines/acd/acd-events.js';
import type { OverflowTargets } from '../engines/acd/overflow.js';
import type { SkillRequirement } from '../engines/acd/requirement.js';
import type { FlowDefinition } from '../engines/ivr/flow.js';
import type { CallHandling } from '../engines/reach/reach.js';
import type { RingStrategy } from '../engines/reach/ring-plan.js';
import type { RecordingNotice, RecordingRule } from '../engines/recording/policy.js';
import type { Calendar } from '../engines/routing/calendar.js';
import type { CallerIdPool } from '../engines/caller-id/choose.js';
import type { Regions } from '../engines/routing/region.js';
import type { Survey } from '../engines/survey/survey.js';
import type { RoutingRule } from '../engines/routing/rule.js';
import type { Language } from '../kernel/call-event.js';
import type {
  AgentId,
  CalendarId,
  ConferenceId,
  DidId,
  DispositionId,
  ExtensionId,
  FlowId,
  LookupId,
  MusicId,
  NotReadyReasonId,
  PagingGroupId,
  PromptId,
  QueueId,
  RingGroupId,
  SkillId,
  SurveyId,
  TrunkId,
} from '../kernel/ids.js';
import type { NumberClass } from '../kernel/numbers.js';
import type { RoomAnnouncement, RoomRecords } from './conference-rooms.js';
import type { EmergencySettings } from './emergency.js';
import type { FeatureCodes } from './feature-codes.js';
import type { CallRate } from '../engines/limits/call-cost.js';
import type { LimitSettings } from './limits.js';
import type { Operator } from './operator.js';
import type { OtherPbx } from './other-pbx.js';
import type { Parking } from './parking.js';
import type { OwnSounds } from './system-prompts.js';
import type { RecordingByDirection, RecordingSettings } from './recording-settings.js';
import type { HookConfig } from './routing-hook.js';

/** Where a number, a key or an overflow leads. */
export type Target =
  | { readonly kind: 'flow'; readonly id: FlowId }
  | { readonly kind: 'queue'; readonly id: QueueId }
  | { readonly kind: 'extension'; readonly id: ExtensionId }
  | { readonly kind: 'ring-group'; readonly id: RingGroupId }
  | { readonly kind: 'conference'; readonly id: ConferenceId }
  | { readonly kind: 'voicemail'; readonly extensionId?: ExtensionId; readonly queueId?: QueueId }
  /** A number of another telephone system, or of ours once it has moved. */
  | { readonly kind: 'pbx'; readonly number: string }
  | { readonly kind: 'hangup' };

/** How far an extension may dial; each includes the ones before it. */
export const PERMISSION_CLASSES = ['internal', 'local', 'national', 'international'] as const;
export type PermissionClass = (typeof PERMISSION_CLASSES)[number];

/** May an extension of this class dial such a number? Emergency numbers always pass. */
export function isPermitted(permission: PermissionClass, number: NumberClass): boolean {
  if (number === 'emergency') return true;
  if (number === 'invalid') return false;
  return PERMISSION_CLASSES.indexOf(permission) >= PERMISSION_CLASSES.indexOf(number);
}

/** A connection to a carrier. Nothing above the trunks feature looks at `technology`. */
export interface TrunkConfig {
  readonly id: TrunkId;
  readonly name: string;
  readonly technology: 'sip' | 'e1';
  readonly enabled: boolean;
  /** Lower is tried first. */
  readonly priority: number;
  /** Simultaneous calls in both directions; 0 is without limit. */
  readonly maxChannels: number;
  /** Callers at once who come in over it; more come into the flow for busy times. 0 is without limit. */
  readonly maxIncoming: number;
  /** What is shown to the called side where nobody else has a number of their own. */
  readonly callerId: string;
  /** Set where it leads to another telephone system, and not to a carrier. */
  readonly pbx?: OtherPbx;
  /** Numbers that may be shown besides that one, or how they begin (`+4420…*`); any where there are none. */
  readonly allowedCallerIds: readonly string[];
  /** Whoever dials may show no number. */
  readonly mayWithhold: boolean;
  readonly recording: RecordingRule;
  readonly recordingNotice: RecordingNotice;
}

export interface DidConfig {
  readonly id: DidId;
  /** Normalised (E.164 where it parses), as `normaliseNumber` gives it. */
  readonly number: string;
  readonly name: string;
  readonly target: Target;
  readonly language: Language;
}

export interface ExtensionConfig {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
  readonly permission: PermissionClass;
  /** Number shown on outside calls, '' for the trunk's. */
  readonly callerId: string;
  readonly recording: RecordingByDirection;
  readonly voicemail: boolean;
  readonly ringTimeoutMs: number;
  readonly language: Language;
  /** What was set for calls to it, on a page or by its phone. */
  readonly handling: CallHandling;
  /** Callers cannot find it by name. */
  readonly isUnlisted?: boolean;
  /** Where in the company; absent or '' for nothing. */
  readonly department?: string;
  /** Hash of the sound in which its owner says the name; absent where none was recorded. */
  readonly nameSound?: string;
}

/** How callers of a queue are called back. */
export interface CallbackRule {
  /** The offer is made after so much waiting. */
  readonly offerAfterMs: number;
  /** How often a number is dialed in all, 1 or more, and how long we wait between two tries. */
  readonly attempts: number;
  readonly retryMs: number;
}

/** What callers of a queue are asked after the agent has hung up. */
export interface SurveyRule {
  readonly id: SurveyId;
  /** Of a hundred callers so many are asked, 1 to 100. */
  readonly share: number;
  /** A number that was asked is left alone for so many days; 0 is not at all. */
  readonly minDays: number;
}

export interface QueueConfig {
  readonly id: QueueId;
  readonly name: string;
  readonly strategy: Strategy;
  /** For the strategy `weighted`. */
  readonly weights: ScoreWeights;
  /** Head start over other queues of the same agent, in points of priority. */
  readonly weight: number;
  /** Calls offered or talking at the same time; 0 is without limit. */
  readonly maxTalking: number;
  readonly requirements: readonly SkillRequirement[];
  readonly rejectMemoryMs: number;
  /** 0 is never. */
  readonly missesUntilNotReady: number;
  readonly ringTimeoutMs: number;
  /** Phones that can are told to answer by themselves. */
  readonly autoAnswers: boolean;
  /** Said to the agent before both are connected. */
  readonly whisper?: PromptId;
  readonly wrapUp: WrapUpRule;
  /** 0 is without limit. */
  readonly maxWaitMs: number;
  /** Callers in line at most; 0 is without limit. */
  readonly maxLength: number;
  /** Where callers go who are sent on, where `overflowFor` says nothing else. */
  readonly overflow: Target;
  readonly overflowFor?: OverflowTargets<Target>;
  /** Callers in line for each signed-in agent at most; 0 is without limit. */
  readonly maxPerAgent: number;
  /** Overflow at once when no agent of the queue is signed in. */
  readonly leavesWhenEmpty: boolean;
  /** When the queue is open; always where there is none. */
  readonly calendarId?: CalendarId;
  /** A supervisor says so, whatever the calendar says; up to, not including, `until`. Never stored with the configuration. */
  readonly byHand?: { readonly isOpen: boolean; readonly until?: number };
  /** Those still in line when the queue closes are sent on too; else they are served. */
  readonly clearsAtClosing: boolean;
  /** How long a caller waits for the agent whom it talked to last, and how long that may be ago; 0 is not at all. */
  readonly stickyMs: number;
  readonly stickyDays: number;
  /** What callers in line hear; the node's own music where there is none. */
  readonly musicId?: MusicId;
  /** Played in turn. */
  readonly announcements?: readonly PromptId[];
  readonly announceEveryMs: number;
  /** Callers are told how many are before them, and how long it may take; every so often, 0 is never. */
  readonly tellsPlace: boolean;
  readonly tellsWait: boolean;
  readonly tellEveryMs: number;
  /** Callers may hang up and keep their place. */
  readonly callback?: CallbackRule;
  /** Older callbacks are not made any more; 0 is never, absent for the usual time. */
  readonly callbackMaxAgeMs?: number;
  readonly recording: RecordingRule;
  /** How callers are told of it. */
  readonly recordingNotice: RecordingNotice;
  /** Shown on calls that go out in its name; '' for that of whoever dials. */
  readonly callerId: string;
  readonly survey?: SurveyRule;
  readonly serviceLevelMs: number;
  readonly members: readonly AgentId[];
}

export interface AgentConfig {
  readonly id: AgentId;
  readonly name: string;
  /** Agent number (工号): typed on a phone to sign in. */
  readonly number: string;
  /** Digits that confirm a sign-in by phone on an extension that is not the agent's own; '' allows only the own one. */
  readonly pin: string;
  readonly extensionId?: ExtensionId;
  /** Numbers that are shown when the agent dials out; none for those of extension or queue. */
  readonly callerIds: CallerIdPool;
  /** Rings for calls that the agent dials away from the desk; '' for none. */
  readonly outsidePhone: string;
  readonly queues: readonly QueueId[];
  /** Levels from 1 to 100; a skill that the agent does not have is absent. */
  readonly skills: ReadonlyMap<SkillId, number>;
  /** Past results from 0 to 100 by queue; absent where nothing is known. */
  readonly results: ReadonlyMap<QueueId, number>;
}

/** Something that agents can do at a level. */
export interface SkillConfig {
  readonly id: SkillId;
  readonly name: string;
  readonly kind: 'skill' | 'language';
  /** BCP 47 tag of a language skill: a caller's language prefers the skills of that language. */
  readonly language?: string;
}

export interface FlowConfig {
  readonly id: FlowId;
  readonly name: string;
  readonly version: number;
  readonly definition: FlowDefinition;
}

/** A room in which everybody hears everybody. */
export interface ConferenceConfig {
  readonly id: ConferenceId;
  readonly name: string;
  /** Dialled from a desk phone. */
  readonly number: string;
  /** Digits that make a caller a host; '' where nobody is one. */
  readonly hostPin: string;
  /** Digits that let a caller in; '' lets everybody in. Never the same as the hosts'. */
  readonly guestPin: string;
  /** Only where hosts have a PIN: guests hear music until one is there; and all must go when the last one goes. */
  readonly guestsWait: boolean;
  readonly endsWithHost: boolean;
  /** So many at most; 0 is without limit. */
  readonly maxMembers: number;
  readonly announces: RoomAnnouncement;
  readonly records: RoomRecords;
  /** How far the room may call people whom a supervisor invites. */
  readonly invites: PermissionClass;
}

/** One phone of a ring group. */
export type RingMember =
  | { readonly kind: 'extension'; readonly id: ExtensionId }
  /** E.164, or a number of another telephone system. */
  | { readonly kind: 'outside'; readonly number: string };

/** Phones that let whoever dials the number be heard. */
export interface PagingGroupConfig {
  readonly id: PagingGroupId;
  readonly name: string;
  readonly number: string;
  readonly members: readonly ExtensionId[];
}

/** What a short code stands for. */
export interface SpeedDialConfig {
  readonly code: string;
  readonly name: string;
  readonly number: string;
}

/** Phones that ring for one number; the first that answers has the call. */
export interface RingGroupConfig {
  readonly id: RingGroupId;
  readonly name: string;
  /** Dialled from desk phones; '' where other things lead to it only. */
  readonly number: string;
  readonly strategy: RingStrategy;
  /** How long each phone rings. */
  readonly ringMs: number;
  /** Shown before the caller on ringing phones; '' for nothing. */
  readonly prefix: string;
  /** Outside members take a call by a key, so that no mailbox of a mobile phone has it. */
  readonly confirms: boolean;
  /** In their order. */
  readonly members: readonly RingMember[];
  /** Where callers go when nobody answers. */
  readonly elsewhere: Target;
}

/** A database of the company that flows may read from. */
export interface LookupConfig {
  readonly id: LookupId;
  readonly version: number;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface PromptConfig {
  readonly id: PromptId;
  readonly name: string;
  /** Hash of the 8 kHz wav by language; served to nodes at `<CB_MEDIA_URL>/<hash>.wav`. */
  readonly files: Readonly<Partial<Record<Language, string>>>;
}

export const MUSIC_ORDERS = ['listed', 'random'] as const;
export type MusicOrder = (typeof MUSIC_ORDERS)[number];

/** Prompts that callers in line hear one after the other. */
export interface MusicConfig {
  readonly id: MusicId;
  readonly name: string;
  readonly order: MusicOrder;
  readonly sounds: readonly PromptId[];
}

/** When somebody is there, by name. */
export interface CalendarConfig extends Calendar {
  readonly id: CalendarId;
  readonly name: string;
}

/** Why an agent is not ready, as an administrator named it. Archived ones stay, for the names of what was. */
export interface NotReadyReasonConfig {
  readonly id: NotReadyReasonId;
  /** What agents' states carry; never changes. */
  readonly code: string;
  readonly names: Readonly<Record<Language, string>>;
  readonly icon: string;
  readonly position: number;
  /** Longest time at a stretch; 0 is without limit. */
  readonly limitMs: number;
  /** Longest time a day; 0 is without limit. */
  readonly dayLimitMs: number;
  readonly agentsMayChoose: boolean;
  /** Key that chooses it on a phone; '' for none. */
  readonly digit: string;
  /** Its name as an agent hears it on the phone; the name is spoken where there is none. */
  readonly prompt?: PromptId;
  /** False also for archived ones. */
  readonly isActive: boolean;
}

/** A code for what became of a call; a code with codes below it is a group. Archived ones stay, for names. */
export interface DispositionConfig {
  readonly id: DispositionId;
  readonly parentId?: DispositionId;
  readonly names: Readonly<Record<Language, string>>;
  /** Among the codes with the same parent. */
  readonly position: number;
  /** False also for archived ones. */
  readonly isActive: boolean;
  readonly isArchived: boolean;
  readonly queues: 'all' | readonly QueueId[];
  /** What chooses it on a desk phone, after the feature code: 1 to 3 digits. */
  readonly phoneKey?: string;
  /** It is a promise: agents of this queue do what follows, within so many hours. */
  readonly followUp?: { readonly queueId: QueueId; readonly hours: number };
}

/** The configuration that calls run on: in memory, whole, replaced at once when something was saved. */
export interface DirectorySnapshot {
  readonly trunks: ReadonlyMap<TrunkId, TrunkConfig>;
  readonly didsByNumber: ReadonlyMap<string, DidConfig>;
  readonly extensions: ReadonlyMap<ExtensionId, ExtensionConfig>;
  readonly extensionsByNumber: ReadonlyMap<string, ExtensionConfig>;
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
  readonly skills: ReadonlyMap<SkillId, SkillConfig>;
  readonly regions: Regions;
  readonly flows: ReadonlyMap<FlowId, FlowConfig>;
  readonly prompts: ReadonlyMap<PromptId, PromptConfig>;
  /** What the switchboard says in the company's own voice. */
  readonly ownSounds: OwnSounds;
  readonly music: ReadonlyMap<MusicId, MusicConfig>;
  readonly surveys: ReadonlyMap<SurveyId, Survey>;
  /** Archived ones too: calls in progress may stand in an older version of a flow that names one. */
  readonly calendars: ReadonlyMap<CalendarId, CalendarConfig>;
  /** Those that are switched on, in their order. */
  readonly routingRules: readonly RoutingRule[];
  /** Those that are switched on, by name; the first that fits a call is asked. */
  readonly hooks: readonly HookConfig[];
  readonly conferences: ReadonlyMap<ConferenceId, ConferenceConfig>;
  readonly conferencesByNumber: ReadonlyMap<string, ConferenceConfig>;
  readonly ringGroups: ReadonlyMap<RingGroupId, RingGroupConfig>;
  readonly ringGroupsByNumber: ReadonlyMap<string, RingGroupConfig>;
  readonly lookups: ReadonlyMap<LookupId, LookupConfig>;
  readonly pagingGroupsByNumber: ReadonlyMap<string, PagingGroupConfig>;
  /** The company's, by code, in order. */
  readonly speedDials: ReadonlyMap<string, SpeedDialConfig>;
  /** Of single extensions, by code. */
  readonly ownSpeedDials: ReadonlyMap<ExtensionId, ReadonlyMap<string, SpeedDialConfig>>;
  readonly featureCodes: FeatureCodes;
  readonly recording: RecordingSettings;
  readonly emergency: EmergencySettings;
  readonly limits: LimitSettings;
  /** What calls that go out cost. */
  readonly rates: readonly CallRate[];
  readonly numberPrivacy: NumberPrivacy;
  readonly parking: Parking;
  /** Absent where nobody has said who that is. */
  readonly operator?: Operator;
  /** By code, in their order. */
  readonly notReadyReasons: ReadonlyMap<string, NotReadyReasonConfig>;
  /** In the order of their positions. */
  readonly dispositions: ReadonlyMap<DispositionId, DispositionConfig>;
}

/** Numbers of people outside, for readers without the permission to see them whole. */
export interface NumberPrivacy {
  readonly isMasked: boolean;
}

/** Calls read `current` at the moment they need it: changes work on the next call, without a restart. */
export interface Directory {
  readonly current: DirectorySnapshot;
  /** Older published versions of a flow, for calls that started with them; below 0 the draft of a trial. */
  flowVersion(id: FlowId, version: number): Promise<FlowConfig | undefined>;
}
