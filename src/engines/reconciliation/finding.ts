import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { TimeSpan } from '../reporting/time-spans.js';

/** What is counted anew: callers in queues, agents' time, recordings, and the lines of the ledger themselves. */
export const CHECKS = ['queues', 'agents', 'recordings', 'ledger'] as const;
export type Check = (typeof CHECKS)[number];

/**
 * What is wrong, as codes of the catalog (`reconciliation.finding.<code>`).
 * visit-differs: the report has another visit than the ledger · no-outcome: the call has ended, and nothing says how the queue
 * did · count-differs: the report's count is not that of the ledger · time-differs, states-differ: the report's signed-in time is
 * not the ledger's, or not the sum of its states · not-recorded, too-short, too-long: of what had to be recorded ·
 * no-beginning, no-end, gap, doubled: of the lines of a call · call-differs: the list of calls says something else.
 */
export type FindingCode =
  | 'visit-differs'
  | 'no-outcome'
  | 'count-differs'
  | 'time-differs'
  | 'states-differ'
  | 'not-recorded'
  | 'too-short'
  | 'too-long'
  | 'no-beginning'
  | 'no-end'
  | 'gap'
  | 'doubled'
  | 'call-differs';

/** One difference, with what stands behind it. `expected`: by the ledger; `found`: in the tables. Counts, or ms. */
export interface Finding {
  readonly check: Check;
  readonly code: FindingCode;
  readonly callId?: CallId;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  /** Beginning of the interval. */
  readonly at?: number;
  /** Of counts: which one, as the report names its column. */
  readonly part?: string;
  readonly expected: number;
  readonly found: number;
}

/** What a line of the result adds up: a queue in an interval, an agent on the day, the recordings of a queue (0: of none). */
export interface Line {
  readonly check: Exclude<Check, 'ledger'>;
  readonly subject: number;
  readonly at: number;
  readonly figures: Readonly<Record<string, number>>;
  /** The left side less the right one: 0, or something is wrong. */
  readonly difference: number;
}

/** A day of the site, counted anew. */
export interface Reconciliation {
  readonly span: TimeSpan;
  /** Calls of which something happened in it, and those among them that go on. */
  readonly calls: number;
  readonly open: number;
  /** How much each check has looked at. */
  readonly counted: Readonly<Record<Check, number>>;
  readonly lines: readonly Line[];
  readonly findings: readonly Finding[];
}
