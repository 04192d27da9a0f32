import type { ScoreWeights, Strategy, WrapUpRule } from '../engines/acd/acd-events.js';
import type { SkillRequirement } from '../engines/acd/requirement.js';
import type { FlowDefinition } from '../engines/ivr/flow.js';
import type { Calendar } from '../engines/routing/calendar.js';
import type { Regions } from '../engines/routing/region.js';
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
  PromptId,
  QueueId,
  SkillId,
  TrunkId,
} from '../kernel/ids.js';
import type { HookConfig } from './routing-hook.js';

/** Where a number, a key or an overflow leads. */
export type Target =
  | { readonly kind: 'flow'; readonly id: FlowId }
  | { readonly kind: 'queue'; readonly id: QueueId }
  | { readonly kind: 'extension'; readonly id: ExtensionId }
  | { readonly kind: 'voicemail'; readonly extensionId?: ExtensionId; readonly queueId?: QueueId }
  | { readonly kind: 'hangup' };

/** How far an extension may dial; each includes the ones before it. */
export const PERMISSION_CLASSES = ['internal', 'local', 'national', 'international'] as const;
export type PermissionClass = (typeof PERMISSION_CLASSES)[number];

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
  /** What is shown to the called side where the extension has no number of its own. */
  readonly callerId: string;
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
  readonly recordInternal: boolean;
  readonly voicemail: boolean;
  readonly ringTimeoutMs: number;
  readonly language: Language;
}

/** How callers of a queue are called back. */
export interface CallbackRule {
  /** The offer is made after so much waiting. */
  readonly offerAfterMs: number;
  /** How often a number is dialed in all, 1 or more, and how long we wait between two tries. */
  readonly attempts: number;
  readonly retryMs: number;
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
  /** Where callers go at `maxWaitMs`, `maxLength`, or when nobody is signed in. */
  readonly overflow: Target;
  /** Callers in line for each signed-in agent at most; 0 is without limit. */
  readonly maxPerAgent: number;
  /** Overflow at once when no agent of the queue is signed in. */
  readonly leavesWhenEmpty: boolean;
  /** When the queue is open; always where there is none. */
  readonly calendarId?: CalendarId;
  /** Those still in line when the queue closes are sent on too; else they are served. */
  readonly clearsAtClosing: boolean;
  /** How long a caller waits for the agent whom it talked to last, and how long that may be ago; 0 is not at all. */
  readonly stickyMs: number;
  readonly stickyDays: number;
  /** What callers in line hear; the node's own music where there is none. */
  readonly musicId?: MusicId;
  readonly announcement?: PromptId;
  readonly announceEveryMs: number;
  /** Callers are told how many are before them, and how long it may take; every so often, 0 is never. */
  readonly tellsPlace: boolean;
  readonly tellsWait: boolean;
  readonly tellEveryMs: number;
  /** Callers may hang up and keep their place. */
  readonly callback?: CallbackRule;
  readonly record: boolean;
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
  /** BCP 47 tag of a language skill: a caller's language demands the skill with the same tag. */
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
  /** Digits that let a caller in; '' lets everybody in. */
  readonly pin: string;
  readonly announcesJoin: boolean;
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
  readonly music: ReadonlyMap<MusicId, MusicConfig>;
  /** Archived ones too: calls in progress may stand in an older version of a flow that names one. */
  readonly calendars: ReadonlyMap<CalendarId, CalendarConfig>;
  /** Those that are switched on, in their order. */
  readonly routingRules: readonly RoutingRule[];
  /** Those that are switched on, by name; the first that fits a call is asked. */
  readonly hooks: readonly HookConfig[];
  readonly conferences: ReadonlyMap<ConferenceId, ConferenceConfig>;
  readonly conferencesByNumber: ReadonlyMap<string, ConferenceConfig>;
  readonly lookups: ReadonlyMap<LookupId, LookupConfig>;
  /** By code, in their order. */
  readonly notReadyReasons: ReadonlyMap<string, NotReadyReasonConfig>;
  /** In the order of their positions. */
  readonly dispositions: ReadonlyMap<DispositionId, DispositionConfig>;
}

/** Calls read `current` at the moment they need it: changes work on the next call, without a restart. */
export interface Directory {
  readonly current: DirectorySnapshot;
  /** Older published versions of a flow, for calls that started with them. */
  flowVersion(id: FlowId, version: number): Promise<FlowConfig | undefined>;
}
