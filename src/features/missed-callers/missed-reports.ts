import type { AgentId, MissedCallerId, QueueId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { MissedLine, MissedQuery, MissedState } from './missed-caller.js';

/** Whom the reader may see: everybody; or of an agent's queues, of none, and the agent's own. */
export type MissedScope = 'everything' | { readonly agentId: AgentId };

export interface MissedCounts {
  readonly open: number;
  readonly overdue: number;
  /** Of the reader. */
  readonly mine: number;
}

/** One person for the report of what was lost. Instants in ms. */
export interface LostPerson {
  readonly queueId: QueueId | undefined;
  readonly state: MissedState;
  readonly firstMissedAt: number;
  readonly dueAt: number;
  readonly closedAt: number | undefined;
}

/** What a person's row may be changed to by hand. */
export interface MissedChange {
  readonly owner?: AgentId | null;
  readonly note?: string;
  readonly closed?: { readonly by: string; readonly at: Date };
  readonly reopened?: true;
}

export interface MissedReports {
  list(
    scope: MissedScope,
    query: MissedQuery,
    reader: AgentId | undefined,
    now: Date,
  ): Promise<ListResult<MissedLine>>;
  find(scope: MissedScope, id: MissedCallerId): Promise<MissedLine | undefined>;
  counts(scope: MissedScope, reader: AgentId | undefined, now: Date): Promise<MissedCounts>;
  queues(scope: MissedScope): Promise<readonly { readonly id: QueueId; readonly name: string }[]>;
  /** Who can be made an owner, by name. */
  agents(): Promise<readonly { readonly id: AgentId; readonly name: string }[]>;
  lost(fromAt: number, toAt: number): Promise<readonly LostPerson[]>;
}
