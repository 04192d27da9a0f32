import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  DispositionId,
  FollowUpId,
  QueueId,
} from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type {
  Assignee,
  BookableContact,
  FollowUpLine,
  FollowUpQuery,
  ListMoment,
  NewFollowUp,
  Whose,
} from './follow-up.js';

/** Everything, or what an agent has and what the teams of the agent's queues have. */
export type FollowUpScope = 'everything' | { readonly agentId: AgentId };

export interface DueCounts {
  readonly overdue: number;
  readonly today: number;
  readonly later: number;
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

/** What can be chosen on the pages. */
export interface FollowUpOptions {
  readonly agents: readonly Named<AgentId>[];
  readonly queues: readonly Named<QueueId>[];
  readonly campaigns: readonly Named<CampaignId>[];
}

/** Which contacts somebody looks for, and how many at most. */
export type ContactSearch = Pick<ListQuery, 'search' | 'wholeNumbersOnly' | 'limit'>;

/** Follow-ups in the database. Rejects while it is away. */
export interface FollowUpStore {
  /** `viewer`: whose `mine` and `team` are. */
  list(
    scope: FollowUpScope,
    query: FollowUpQuery,
    moment: ListMoment,
    viewer: AgentId | undefined,
  ): Promise<ListResult<FollowUpLine>>;
  /** Open ones that are left by `whose` and `scope`. */
  counts(
    scope: FollowUpScope,
    whose: Whose | undefined,
    moment: ListMoment,
    viewer: AgentId | undefined,
  ): Promise<DueCounts>;
  find(scope: FollowUpScope, id: FollowUpId): Promise<FollowUpLine | undefined>;
  add(followUp: NewFollowUp): Promise<FollowUpId>;
  /** Each gives false where it is not open (or, to be reopened, not cancelled) any more. */
  close(id: FollowUpId, state: 'done' | 'cancelled', outcome: string, at: Date): Promise<boolean>;
  reopen(id: FollowUpId): Promise<boolean>;
  move(id: FollowUpId, dueAt: Date): Promise<boolean>;
  assign(id: FollowUpId, to: Assignee): Promise<boolean>;
  note(id: FollowUpId, note: string): Promise<boolean>;
  /** `scope`: agents who share a queue with that agent, and the agent's queues. */
  options(scope: FollowUpScope): Promise<FollowUpOptions>;
  contact(id: ContactId): Promise<BookableContact | undefined>;
  /** By the beginning of a name or company, or by a part of a number (E.164 digits); at most `limit`. */
  searchContacts(search: ContactSearch): Promise<readonly BookableContact[]>;
  /** The contact of this key that an import gave, or the only one with this number. */
  contactBy(
    what: { readonly externalKey: string } | { readonly number: string },
  ): Promise<BookableContact | undefined>;
  /** What follows from a disposition of a call is this from now on, and nothing of another disposition of it. */
  follow(
    callId: CallId,
    dispositionId: DispositionId,
    wanted: NewFollowUp | undefined,
  ): Promise<void>;
}
