import type { Knex } from 'knex';
import type { AgentId, CallId, ContactId, MissedCallerId, QueueId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { orNumberOrText } from '../number-privacy/index.js';
import type {
  MissedLine,
  MissedQuery,
  MissedSort,
  MissedState,
  MissedWhy,
  ShownMissed,
} from './missed-caller.js';
import type { LostPerson, MissedCounts, MissedReports, MissedScope } from './missed-reports.js';

interface Row {
  readonly id: MissedCallerId;
  readonly number: string;
  readonly name: string;
  readonly contact_id: ContactId | null;
  readonly contact_name: string | null;
  readonly queue_id: QueueId | null;
  readonly queue_name: string | null;
  readonly state: MissedState;
  readonly why: MissedWhy;
  readonly misses: number;
  readonly tries: number;
  readonly first_missed_at: Date;
  readonly last_missed_at: Date;
  readonly due_at: Date;
  readonly last_try_at: Date | null;
  readonly last_call_id: CallId;
  readonly owner_agent_id: AgentId | null;
  readonly owner_name: string | null;
  readonly closed_at: Date | null;
  readonly closed_call_id: CallId | null;
  readonly closed_by: string;
  readonly note: string;
}

const SORT_COLUMNS: Readonly<Record<MissedSort, string>> = {
  due: 'm.due_at',
  missed: 'm.last_missed_at',
  misses: 'm.misses',
};

const toLine = (row: Row): MissedLine => ({
  ...{ id: row.id, number: row.number, name: row.contact_name ?? row.name },
  contactId: row.contact_id ?? undefined,
  queueName: row.queue_name ?? '',
  ...{ state: row.state, why: row.why, misses: row.misses, tries: row.tries },
  ...{ firstMissedAt: row.first_missed_at, lastMissedAt: row.last_missed_at, dueAt: row.due_at },
  lastTryAt: row.last_try_at ?? undefined,
  lastCallId: row.last_call_id,
  ...{ ownerId: row.owner_agent_id ?? undefined, ownerName: row.owner_name ?? '' },
  closedAt: row.closed_at ?? undefined,
  closedCallId: row.closed_call_id ?? undefined,
  ...{ closedBy: row.closed_by, note: row.note },
});

/** People who did not reach us, in MariaDB. */
export class KnexMissedReports implements MissedReports {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(
    scope: MissedScope,
    query: MissedQuery,
    reader: AgentId | undefined,
    now: Date,
  ): Promise<ListResult<MissedLine>> {
    const direction = query.descending ? 'desc' : 'asc';
    const narrowed = () => this.#narrowed(this.#named(scope), query, reader, now);
    const [rows, counted] = await Promise.all([
      narrowed()
        .orderBy(SORT_COLUMNS[query.sortBy], direction)
        .orderBy('m.id', direction)
        .limit(query.limit)
        .offset(query.offset) as Promise<Row[]>,
      narrowed().clearSelect().count({ n: '*' }).first() as Promise<{ n: number | string }>,
    ]);
    return { rows: rows.map(toLine), total: Number(counted.n) };
  }

  async find(scope: MissedScope, id: MissedCallerId): Promise<MissedLine | undefined> {
    const row = (await this.#named(scope).where('m.id', id).first()) as Row | undefined;
    return row && toLine(row);
  }

  async counts(scope: MissedScope, reader: AgentId | undefined, now: Date): Promise<MissedCounts> {
    const row: Readonly<Record<keyof MissedCounts, number | string | null>> = await scoped(
      this.db('missed_callers as m'),
      this.db,
      scope,
    )
      .where('m.state', 'open')
      .first({
        open: this.db.raw('COUNT(*)'),
        overdue: this.db.raw('SUM(m.due_at < ?)', [now]),
        mine: this.db.raw('SUM(m.owner_agent_id = ?)', [reader ?? 0]),
      });
    return { open: Number(row.open), overdue: Number(row.overdue), mine: Number(row.mine) };
  }

  async queues(scope: MissedScope): Promise<readonly { id: QueueId; name: string }[]> {
    const all = this.db('queues as q').orderBy('q.name');
    if (scope !== 'everything') void all.whereIn('q.id', queuesOf(this.db, scope.agentId));
    return all.select<{ id: QueueId; name: string }[]>('q.id', 'q.name');
  }

  async agents(): Promise<readonly { id: AgentId; name: string }[]> {
    return this.db('agents')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: AgentId; name: string }[]>('id', 'name');
  }

  async lost(fromAt: number, toAt: number): Promise<readonly LostPerson[]> {
    const rows: readonly Row[] = await this.db('missed_callers')
      .where('first_missed_at', '>=', new Date(fromAt))
      .where('first_missed_at', '<', new Date(toAt))
      .select('queue_id', 'state', 'first_missed_at', 'due_at', 'closed_at');
    return rows.map((row) => ({
      ...{ queueId: row.queue_id ?? undefined, state: row.state },
      ...{ firstMissedAt: row.first_missed_at.getTime(), dueAt: row.due_at.getTime() },
      closedAt: row.closed_at?.getTime(),
    }));
  }

  #named(scope: MissedScope) {
    const query = this.db('missed_callers as m')
      .leftJoin('queues as q', 'q.id', 'm.queue_id')
      .leftJoin('agents as a', 'a.id', 'm.owner_agent_id')
      .leftJoin('contacts as c', 'c.id', 'm.contact_id')
      .select('m.*', 'q.name as queue_name', 'a.name as owner_name', 'c.name as contact_name');
    return scoped(query, this.db, scope);
  }

  #narrowed<Query extends Knex.QueryBuilder>(
    query: Query,
    wanted: MissedQuery,
    reader: AgentId | undefined,
    now: Date,
  ): Query {
    void onlyShown(query, wanted.shown, reader, now);
    if (wanted.queueId === 'none') void query.whereNull('m.queue_id');
    else if (wanted.queueId !== undefined) void query.where('m.queue_id', wanted.queueId);
    if (wanted.fromAt !== undefined)
      void query.where('m.first_missed_at', '>=', new Date(wanted.fromAt));
    if (wanted.toAt !== undefined)
      void query.where('m.first_missed_at', '<', new Date(wanted.toAt));
    if (wanted.search !== '')
      void query.where((either) => {
        orNumberOrText(either, {
          ...{ query: wanted, country: this.country },
          numbers: ['m.number'],
          texts: ['m.name', 'm.note', 'c.name'],
        });
      });
    return query;
  }
}

const queuesOf = (db: Knex, agentId: AgentId) =>
  db('queue_members').where('agent_id', agentId).select('queue_id');

function scoped<Query extends Knex.QueryBuilder>(query: Query, db: Knex, scope: MissedScope) {
  if (scope !== 'everything')
    void query.where((any) => {
      void any
        .whereIn('m.queue_id', queuesOf(db, scope.agentId))
        .orWhereNull('m.queue_id')
        .orWhere('m.owner_agent_id', scope.agentId);
    });
  return query;
}

const TALKED = ['reached', 'called-again'];

function onlyShown<Query extends Knex.QueryBuilder>(
  query: Query,
  shown: ShownMissed,
  reader: AgentId | undefined,
  now: Date,
): Query {
  switch (shown) {
    case 'all':
      break;
    case 'overdue':
      void query.where('m.state', 'open').where('m.due_at', '<', now);
      break;
    case 'talked':
      void query.whereIn('m.state', TALKED);
      break;
    case 'in-time':
      void query.whereIn('m.state', TALKED).whereRaw('m.closed_at <= m.due_at');
      break;
    case 'mine':
      void query.where('m.state', 'open').where('m.owner_agent_id', reader ?? 0);
      break;
    default:
      void query.where('m.state', shown);
  }
  return query;
}
