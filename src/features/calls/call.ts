import type { CallRow } from '../../engines/reporting/call-rows.js';
import type { CallResult, Direction, EndedBy, Language, LegRole } from '../../kernel/call-event.js';
import type {
  AgentId,
  CallbackId,
  CallId,
  ChannelId,
  DidId,
  DispositionId,
  ExtensionId,
  QueueId,
  RecordingId,
  TrunkId,
} from '../../kernel/ids.js';
import type { ListQuery } from '../../kernel/list.js';
import type { CallbackState } from '../../telephony/callbacks.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { FigureFilter, Reached } from '../report-sums/index.js';

export const RESULTS = [
  'answered',
  'abandoned',
  'contained',
  'voicemail',
  'overflowed',
  'closed',
  'callback',
  'no-answer',
  'busy',
  'failed',
  'refused',
] as const satisfies readonly CallResult[];
export const DIRECTIONS = [
  'inbound',
  'outbound',
  'internal',
] as const satisfies readonly Direction[];

/** Ids come from addresses: 26 characters of Crockford's base 32, nothing else. */
export const isCallId = (text: string): text is CallId => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);

/** Something with a row of its own, as it is named now. Archived things keep their names. */
export interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

/** What narrows a list of calls. Instants are half-open: from `fromAt` up to, not including, `toAt`. */
export interface CallFilters {
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
  readonly direction: Direction | undefined;
  /** `open`: not ended yet. */
  readonly result: CallResult | 'open' | undefined;
  readonly queueId: QueueId | undefined;
  readonly agentId: AgentId | undefined;
  readonly extensionId: ExtensionId | undefined;
  /** `any`: came in over one of our numbers, whichever. */
  readonly didId: DidId | 'any' | undefined;
  /** How far the call came. */
  readonly reached: Reached | undefined;
  /** Came into a queue within a time, and what became of it there. */
  readonly figure: FigureFilter | undefined;
  /** With everything below it. */
  readonly dispositionId: DispositionId | undefined;
  /** Test calls are hidden unless asked for. */
  readonly withTests: boolean;
  /** Set for people who see only calls in which they talked. */
  readonly ownAgentId: AgentId | undefined;
}

export const CALL_SORTS = ['started', 'from', 'waited', 'talked'] as const;
export type CallSort = (typeof CALL_SORTS)[number];

export interface CallQuery extends ListQuery<CallSort>, CallFilters {}

/** A line of the list. */
export interface CallLine {
  readonly id: CallId;
  readonly startedAt: Date;
  readonly direction: Direction;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly toNumber: string;
  /** undefined while the call goes on. */
  readonly result: CallResult | undefined;
  readonly isOver: boolean;
  readonly queueName: string;
  readonly agentName: string;
  readonly waitMs: number;
  readonly talkMs: number;
  readonly isTest: boolean;
}

/** One call with the names of what it met. */
export interface CallDetail extends CallLine {
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly endedBy: EndedBy | undefined;
  readonly cause: number | undefined;
  readonly reason: string;
  readonly node: string;
  readonly language: Language | undefined;
  readonly path: CallRow['path'];
  readonly holdMs: number;
  readonly recordedMs: number;
  readonly queue: Named<QueueId> | undefined;
  readonly agent: Named<AgentId> | undefined;
  readonly extension: Named<ExtensionId> | undefined;
  readonly did: Named<DidId> | undefined;
  readonly trunk: Named<TrunkId> | undefined;
}

/** One leg with the names of who was on it. */
export interface LegLine {
  readonly id: ChannelId;
  readonly role: LegRole;
  readonly number: string;
  readonly name: string;
  readonly trunkName: string;
  readonly startedAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly cause: number | undefined;
  readonly techCause: number | undefined;
}

/** The recording that a list shows for a call: its first one. */
export interface RecordingMark {
  readonly callId: CallId;
  readonly id: RecordingId;
  readonly state: 'waiting' | 'stored' | 'missing';
}

/** What an agent said of a call. */
export interface WrapUpLine {
  readonly agentName: string;
  /** Undefined where only a note was written. */
  readonly dispositionId: DispositionId | undefined;
  readonly note: string;
  readonly at: Date;
}

/** A callback that was asked for in a call, or that a call was a try of. */
export interface CallbackFile {
  readonly id: CallbackId;
  readonly number: string;
  readonly state: CallbackState;
  readonly queueId: QueueId;
  readonly queueName: string;
  readonly askedAt: Date;
  /** In which it was asked for. */
  readonly callId: CallId;
  readonly note: string;
  /** The first one first. */
  readonly tries: readonly CallbackTry[];
}

/** A try of a callback is a call of its own. */
export interface CallbackTry {
  readonly callId: CallId;
  readonly attempt: number;
  readonly at: Date;
  readonly agentName: string;
  /** undefined while it goes on. */
  readonly result: CallResult | undefined;
}

/** What the list can be filtered by. */
export interface FilterChoices {
  readonly queues: readonly Named<QueueId>[];
  readonly agents: readonly Named<AgentId>[];
  readonly extensions: readonly Named<ExtensionId>[];
  readonly dids: readonly Named<DidId>[];
  /** Archived ones too. */
  readonly dispositions: readonly DispositionConfig[];
}
