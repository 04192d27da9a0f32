import type { Knex } from 'knex';
import type { AgentId, CallbackId, CallId, QueueId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { CallbackOutcome, CallbackState } from '../../telephony/callbacks.js';
import { orNumberOrText } from '../number-privacy/index.js';
import {
  OVERDUE_MS,
  type CallbackLine,
  type CallbackQuery,
  type CallbackSort,
  type ShownState,
} from './callback.js';
import type { CallbackReports, CallbackScope } from './callback-reports.js';

interface CallbackLineRow {
  readonly id: CallbackId;
  readonly call_id: CallId;
  readonly last_call_id: CallId | null;
  readonly number: string;
  readonly name: string;
  readonly queue_id: QueueId;
  readonly queue_name: string;
  readonly callback_attempts: number;
  readonly state: CallbackState;
  readonly entered_at: Date;
  readonly asked_at: Date;
  readonly closed_at: Date | null;
  readonly attempts: number;
  readonly last_outcome: CallbackOutcome | null;
  readonly not_before: Date | null;
  readonly held_until: Date | null;
  readonly agent_name: string | null;
  readonly note: string | null;
}

const SORT_COLUMNS: Readonly<Record<CallbackSort, string>> = {
  waited: 'b.entered_at',
  asked: 'b.asked_at',
  number: 'b.number',
};
const EXPORT_STEP = 1_000;

const toLine = (row: CallbackLineRow): CallbackLine => ({
  id: row.id,
  callId: row.call_id,
  lastCallId: row.last_call_id ?? undefined,
  number: row.number,
  name: row.name,
  queueId: row.queue_id,
  queueName: row.queue_name,
  state: row.state,
  enteredAt: row.entered_at,
  askedAt: row.asked_at,
  closedAt: row.closed_at ?? undefined,
  attempts: row.attempts,
  maxAttempts: Math.max(row.attempts, row.callback_attempts),
  lastOutcome: row.last_outcome ?? undefined,
  notBefore: row.not_before ?? undefined,
  heldUntil: row.held_until ?? undefined,
  agentName: row.agent_name ?? '',
  note: row.note ?? '',
});

/** Callbacks in MariaDB or MySQL, as pages read them. */
export class KnexCallbackReports implements CallbackReports {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(
    scope: CallbackScope,
    query: CallbackQuery,
    now: Date,
  ): Promise<ListResult<CallbackLine>> {
    // Who waits longest entered first.
    const isDescending = query.descending !== (query.sortBy === 'waited');
    const direction = isDescending ? 'desc' : 'asc';
    const [rows, counted] = await Promise.all([
      this.#narrowed(this.#named(scope), query, now)
        .orderBy(SORT_COLUMNS[query.sortBy], direction)
        .orderBy('b.id', direction)
        .limit(query.limit)
        .offset(query.offset) as Promise<CallbackLineRow[]>,
      this.#narrowed(scoped(this.db('callbacks as b'), this.db, scope), query, now)
        .count({ n: '*' })
        .first() as Promise<{ n: number | string }>,
    ]);
    return { rows: rows.map(toLine), total: Number(counted.n) };
  }

  async each(
    scope: CallbackScope,
    query: CallbackQuery,
    now: Date,
    visit: (lines: readonly CallbackLine[]) => Promise<void>,
  ): Promise<void> {
    // Ids are sortable by time: each step begins after the last one without counting its way there.
    for (let after = ''; ;) {
      const rows = (await this.#narrowed(this.#named(scope), query, now)
        .where('b.id', '>', after)
        .orderBy('b.id')
        .limit(EXPORT_STEP)) as CallbackLineRow[];
      if (rows.length > 0) await visit(rows.map(toLine));
      if (rows.length < EXPORT_STEP) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  async find(scope: CallbackScope, id: CallbackId): Promise<CallbackLine | undefined> {
    const row = (await this.#named(scope).where('b.id', id).first()) as CallbackLineRow | undefined;
    return row && toLine(row);
  }

  async countOverdue(scope: CallbackScope, now: Date): Promise<number> {
    const row = (await onlyShown(scoped(this.db('callbacks as b'), this.db, scope), 'overdue', now)
      .count({ n: '*' })
      .first()) as { n: number | string };
    return Number(row.n);
  }

  async note(id: CallbackId, note: string): Promise<void> {
    await this.db('callbacks').where({ id }).update({ note });
  }

  async queues(scope: CallbackScope): Promise<readonly { id: QueueId; name: string }[]> {
    const all = this.db('queues as q').orderBy('q.name');
    if (scope !== 'everything') void all.whereIn('q.id', queuesOf(this.db, scope.agentId));
    return all.select<{ id: QueueId; name: string }[]>('q.id', 'q.name');
  }

  #named(scope: CallbackScope) {
    const query = this.db('callbacks as b')
      .join('queues as q', 'q.id', 'b.queue_id')
      .leftJoin('agents as a', 'a.id', 'b.agent_id')
      .select('b.*', 'q.name as queue_name', 'q.callback_attempts', 'a.name as agent_name');
    return scoped(query, this.db, scope);
  }

  #narrowed<Query extends Knex.QueryBuilder>(
    query: Query,
    wanted: CallbackQuery,
    now: Date,
  ): Query {
    void onlyShown(query, wanted.shown, now);
    if (wanted.queueId !== undefined) void query.where('b.queue_id', wanted.queueId);
    if (wanted.fromAt !== undefined) void query.where('b.asked_at', '>=', new Date(wanted.fromAt));
    if (wanted.toAt !== undefined) void query.where('b.asked_at', '<', new Date(wanted.toAt));
    if (wanted.search !== '')
      void query.where((either) => {
        orNumberOrText(either, {
          ...{ query: wanted, country: this.country },
          numbers: ['b.number'],
          texts: ['b.name', 'b.note'],
        });
      });
    return query;
  }
}

const queuesOf = (db: Knex, agentId: AgentId) =>
  db('queue_members').where('agent_id', agentId).select('queue_id');

function scoped<Query extends Knex.QueryBuilder>(
  query: Query,
  db: Knex,
  scope: CallbackScope,
): Query {
  if (scope !== 'everything') void query.whereIn('b.queue_id', queuesOf(db, scope.agentId));
  return query;
}

function onlyShown<Query extends Knex.QueryBuilder>(
  query: Query,
  shown: ShownState,
  now: Date,
): Query {
  switch (shown) {
    case 'all':
      return query;
    case 'open':
      void query.whereIn('b.state', ['waiting', 'calling']);
      return query;
    case 'overdue': {
      const limit = new Date(now.getTime() - OVERDUE_MS);
      void query
        .where('b.state', 'waiting')
        .where('b.asked_at', '<', limit)
        .where((due) => {
          void due.whereNull('b.not_before').orWhere('b.not_before', '<', limit);
        })
        .where((open) => {
          void open.whereNull('b.held_until').orWhere('b.held_until', '<', limit);
        });
      return query;
    }
    default:
      void query.where('b.state', shown);
      return query;
  }
}
