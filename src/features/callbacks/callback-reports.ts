import type { AgentId, CallbackId, QueueId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { CallbackLine, CallbackQuery } from './callback.js';

/** Whose callbacks: those of an agent's queues, or everybody's. */
export type CallbackScope = { readonly agentId: AgentId } | 'everything';

/** What pages read of callbacks, and the note that people put on one. The process of the calls writes the rest. */
export interface CallbackReports {
  /** `now` decides what is overdue. */
  list(scope: CallbackScope, query: CallbackQuery, now: Date): Promise<ListResult<CallbackLine>>;
  /** Every callback that matches, in batches, in the order in which they were asked for. */
  each(
    scope: CallbackScope,
    query: CallbackQuery,
    now: Date,
    visit: (lines: readonly CallbackLine[]) => Promise<void>,
  ): Promise<void>;
  /** undefined where there is none, or none within the scope. */
  find(scope: CallbackScope, id: CallbackId): Promise<CallbackLine | undefined>;
  countOverdue(scope: CallbackScope, now: Date): Promise<number>;
  note(id: CallbackId, note: string): Promise<void>;
  /** Queues of the scope by name. */
  queues(scope: CallbackScope): Promise<readonly { readonly id: QueueId; readonly name: string }[]>;
}
