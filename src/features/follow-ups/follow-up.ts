import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  DispositionId,
  FollowUpId,
  QueueId,
  UserId,
} from '../../kernel/ids.js';
import type { ListQuery } from '../../kernel/list.js';

/** A call that was promised for a time, a meeting that was agreed, or anything else that somebody shall do. */
export const FOLLOW_UP_KINDS = ['callback', 'appointment', 'task'] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

/** open ──the dialler takes it up──▶ calling ──▶ done, failed, or open again; open ──by a person──▶ done, cancelled. */
export type FollowUpState = 'open' | 'calling' | 'done' | 'failed' | 'cancelled';

export type FollowUpSource = 'agent' | 'page' | 'ivr' | 'api';

/**
 * overdue, today, later: open ones by the site's day · open: all of them · escalated: open, and shown to supervisors ·
 * done, cancelled, failed: over · all.
 */
export const SHOWN = [
  'overdue',
  'today',
  'later',
  'escalated',
  'done',
  'failed',
  'cancelled',
  'all',
] as const;
export type Shown = (typeof SHOWN)[number] | 'open';

/** mine: of the reader · team: nobody's, of the reader's queues · everybody: for those who may see all. */
export const WHOSE = ['mine', 'team', 'everybody'] as const;
export type Whose = (typeof WHOSE)[number];

export const FOLLOW_UP_SORTS = ['due', 'contact', 'created'] as const;
export type FollowUpSort = (typeof FOLLOW_UP_SORTS)[number];

export interface FollowUpFilters {
  readonly shown: Shown;
  /** Undefined: everything that the reader may see. */
  readonly whose: Whose | undefined;
  readonly kind: FollowUpKind | undefined;
  readonly campaignId: CampaignId | undefined;
  readonly agentId: AgentId | undefined;
  readonly contactId: ContactId | undefined;
}
export type FollowUpQuery = ListQuery<FollowUpSort> & FollowUpFilters;

/** The day of the site, and the moment, by which open ones are sorted into overdue, today and later. */
export interface ListMoment {
  readonly now: Date;
  readonly dayEnd: Date;
}

/** A follow-up as lists and its page show it. Names are '' where there is nobody. */
export interface FollowUpLine {
  readonly id: FollowUpId;
  readonly kind: FollowUpKind;
  readonly state: FollowUpState;
  readonly contactId: ContactId;
  readonly contactName: string;
  readonly company: string;
  /** E.164, and the contact's own zone; '' where nobody knows. */
  readonly number: string;
  readonly timeZone: string;
  readonly campaignId: CampaignId | undefined;
  readonly campaignName: string;
  /** Whose team does it, where no agent is named: of its own queue, else of its campaign's. */
  readonly queueId: QueueId | undefined;
  readonly queueName: string;
  readonly agentId: AgentId | undefined;
  readonly agentName: string;
  readonly dueAt: Date;
  readonly note: string;
  readonly outcome: string;
  readonly source: FollowUpSource;
  readonly attempts: number;
  readonly lastResult: string;
  readonly callId: CallId | undefined;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly closedAt: Date | undefined;
  readonly escalatedAt: Date | undefined;
  /** Whose it was before nobody was there to do it. */
  readonly handedFrom: string;
}

/** Something to be promised. */
export interface NewFollowUp {
  readonly kind: FollowUpKind;
  readonly contactId: ContactId;
  /** E.164. */
  readonly number: string;
  readonly dueAt: Date;
  readonly note: string;
  readonly source: FollowUpSource;
  readonly campaignId?: CampaignId;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly userId?: UserId;
  readonly callId?: CallId;
  /** It follows from this disposition of that call, and from no other. */
  readonly dispositionId?: DispositionId;
}

/** Who is meant: an agent, or whoever of a team has time. */
export interface Assignee {
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
}

export const NOTE_MAX = 400;

/** A person to promise something to, with what can be dialled. */
export interface BookableContact {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly country: string;
  /** IANA; '' where the number has to tell. */
  readonly timeZone: string;
  readonly numbers: readonly {
    readonly position: number;
    readonly number: string;
    readonly isDead: boolean;
  }[];
}

/** True where it should have been done by now. */
export const isOverdue = (line: Pick<FollowUpLine, 'state' | 'dueAt'>, now: number): boolean =>
  line.state === 'open' && line.dueAt.getTime() < now;
