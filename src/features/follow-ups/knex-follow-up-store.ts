import type { Knex } from 'knex';
import type { AgentId, CallId, ContactId, DispositionId, FollowUpId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { orNumberOrText } from '../number-privacy/index.js';
import { inTransaction } from '../configuration/index.js';
import type {
  Assignee,
  BookableContact,
  FollowUpLine,
  FollowUpQuery,
  FollowUpSort,
  ListMoment,
  NewFollowUp,
  Whose,
} from './follow-up.js';
import { contactsOf, searchContacts } from './knex-bookable-contacts.js';
import { lineOf, namedFollowUps, type FollowUpRow } from './follow-up-rows.js';
import type {
  ContactSearch,
  DueCounts,
  FollowUpOptions,
  FollowUpScope,
  FollowUpStore,
} from './follow-up-store.js';

const TABLE = 'follow_ups';

const SORT_COLUMNS: Readonly<Record<FollowUpSort, string>> = {
  due: 'f.due_at',
  contact: 'c.name',
  created: 'f.created_at',
};

/** Follow-ups in MariaDB. */
export class KnexFollowUpStore implements FollowUpStore {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(
    scope: FollowUpScope,
    query: FollowUpQuery,
    moment: ListMoment,
    viewer: AgentId | undefined,
  ): Promise<ListResult<FollowUpLine>> {
    const direction = query.descending ? 'desc' : 'asc';
    const narrowed = (rows: Knex.QueryBuilder) =>
      this.#narrow(this.#of(this.#scoped(rows, scope), query.whose, viewer), query, moment);
    const [rows, counted] = await Promise.all([
      narrowed(namedFollowUps(this.db))
        .orderBy(SORT_COLUMNS[query.sortBy], direction)
        .orderBy('f.id', direction)
        .limit(query.limit)
        .offset(query.offset) as Promise<FollowUpRow[]>,
      narrowed(this.db(`${TABLE} as f`).join('contacts as c', 'c.id', 'f.contact_id'))
        .count({ n: '*' })
        .first() as Promise<{ n: number | string }>,
    ]);
    return { rows: rows.map(lineOf), total: Number(counted.n) };
  }

  async counts(
    scope: FollowUpScope,
    whose: Whose | undefined,
    { now, dayEnd }: ListMoment,
    viewer: AgentId | undefined,
  ): Promise<DueCounts> {
    const rows = this.#of(this.#scoped(this.db(`${TABLE} as f`), scope), whose, viewer);
    const found: unknown = await rows.where('f.state', 'open').first({
      overdue: this.db.raw('SUM(f.due_at < ?)', [now]),
      today: this.db.raw('SUM(f.due_at >= ? AND f.due_at < ?)', [now, dayEnd]),
      later: this.db.raw('SUM(f.due_at >= ?)', [dayEnd]),
    });
    const row = found as Readonly<Record<keyof DueCounts, string | number | null>>;
    const count = (name: keyof DueCounts): number => Number(row[name] ?? 0);
    return { overdue: count('overdue'), today: count('today'), later: count('later') };
  }

  async find(scope: FollowUpScope, id: FollowUpId): Promise<FollowUpLine | undefined> {
    const row = (await this.#scoped(namedFollowUps(this.db), scope).where('f.id', id).first()) as
      FollowUpRow | undefined;
    return row && lineOf(row);
  }

  async add(followUp: NewFollowUp): Promise<FollowUpId> {
    const [id] = (await this.db(TABLE).insert(columnsOf(followUp))) as [FollowUpId];
    return id;
  }

  close(id: FollowUpId, state: 'done' | 'cancelled', outcome: string, at: Date): Promise<boolean> {
    return this.#change(id, 'open', { state, outcome, closed_at: at });
  }

  reopen(id: FollowUpId): Promise<boolean> {
    return this.#change(id, 'cancelled', { state: 'open', closed_at: null, outcome: '' });
  }

  move(id: FollowUpId, dueAt: Date): Promise<boolean> {
    return this.#change(id, 'open', { due_at: dueAt, not_before: null, escalated_at: null });
  }

  assign(id: FollowUpId, { agentId, queueId }: Assignee): Promise<boolean> {
    return this.#change(id, 'open', {
      agent_id: agentId ?? null,
      ...(queueId === undefined ? {} : { queue_id: queueId }),
      handed_from_id: null,
    });
  }

  note(id: FollowUpId, note: string): Promise<boolean> {
    return this.#change(id, 'open', { note });
  }

  async options(scope: FollowUpScope): Promise<FollowUpOptions> {
    const queues = this.db('queues').whereNull('archived_at').orderBy('name');
    const agents = this.db('agents').whereNull('archived_at').orderBy('name');
    if (scope !== 'everything') {
      const own = this.db('queue_members').where({ agent_id: scope.agentId }).select('queue_id');
      void queues.whereIn('id', own);
      void agents.whereIn(
        'id',
        this.db('queue_members').whereIn('queue_id', own.clone()).select('agent_id'),
      );
    }
    const [agentRows, queueRows, campaigns] = await Promise.all([
      agents.select<FollowUpOptions['agents']>('id', 'name'),
      queues.select<FollowUpOptions['queues']>('id', 'name'),
      this.db('campaigns')
        .whereNull('archived_at')
        .orderBy('name')
        .select<FollowUpOptions['campaigns']>('id', 'name'),
    ]);
    return { agents: agentRows, queues: queueRows, campaigns };
  }

  async contact(id: ContactId): Promise<BookableContact | undefined> {
    return (await contactsOf(this.db, [id]))[0];
  }

  searchContacts(search: ContactSearch): Promise<readonly BookableContact[]> {
    return searchContacts(this.db, search, this.country);
  }

  async contactBy(
    what: { readonly externalKey: string } | { readonly number: string },
  ): Promise<BookableContact | undefined> {
    const contacts = this.db('contacts').whereNull('archived_at').limit(2);
    if ('externalKey' in what) void contacts.where('external_key', what.externalKey);
    else
      void contacts.whereIn(
        'id',
        this.db('contact_numbers').where('number', what.number).select('contact_id'),
      );
    const ids = (await contacts.select<{ id: ContactId }[]>('id')).map(({ id }) => id);
    // Two people with one number: nobody knows who is meant.
    return ids.length === 1 ? (await contactsOf(this.db, ids))[0] : undefined;
  }

  async follow(
    callId: CallId,
    dispositionId: DispositionId,
    wanted: NewFollowUp | undefined,
  ): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const had = await tx(TABLE)
        .where({ call_id: callId })
        .whereNotNull('disposition_id')
        .forUpdate()
        .select<{ id: FollowUpId; disposition_id: DispositionId; state: string }[]>(
          ...['id', 'disposition_id', 'state'],
        );
      const others = had.filter(
        (one) =>
          one.state === 'open' && (wanted === undefined || one.disposition_id !== dispositionId),
      );
      // It never was due: whoever chose another disposition a moment later promised nothing.
      await tx(TABLE)
        .whereIn(
          'id',
          others.map(({ id }) => id),
        )
        .delete();
      if (wanted === undefined || had.some((one) => one.disposition_id === dispositionId)) return;
      await tx(TABLE).insert(columnsOf(wanted));
    });
  }

  async #change(
    id: FollowUpId,
    state: 'open' | 'cancelled',
    columns: Readonly<Record<string, string | number | Date | null>>,
  ): Promise<boolean> {
    return (await this.db(TABLE).where({ id, state }).update(columns)) === 1;
  }

  #scoped<Query extends Knex.QueryBuilder>(query: Query, scope: FollowUpScope): Query {
    if (scope === 'everything') return query;
    void query.where((either) => {
      void either.where('f.agent_id', scope.agentId).orWhere((team) => {
        this.#team(team, scope.agentId);
      });
    });
    return query;
  }

  /** Nobody's, and a queue's in which the agent works; of no queue at all: everybody's. */
  #team(query: Knex.QueryBuilder, agentId: AgentId): void {
    const queues = (): Knex.QueryBuilder =>
      this.db('queue_members').where({ agent_id: agentId }).select('queue_id');
    const campaigns = (): Knex.QueryBuilder => this.db('campaigns').whereNotNull('queue_id');
    void query.whereNull('f.agent_id').where((either) => {
      void either
        .whereIn('f.queue_id', queues())
        .orWhere((own) => {
          void own
            .whereNull('f.queue_id')
            .whereIn('f.campaign_id', campaigns().whereIn('queue_id', queues()).select('id'));
        })
        .orWhere((none) => {
          void none.whereNull('f.queue_id').where((campaign) => {
            void campaign
              .whereNull('f.campaign_id')
              .orWhereNotIn('f.campaign_id', campaigns().select('id'));
          });
        });
    });
  }

  #of<Query extends Knex.QueryBuilder>(
    query: Query,
    whose: Whose | undefined,
    viewer: AgentId | undefined,
  ): Query {
    // No row has agent 0: who is no agent has nothing, and is in no team.
    const agentId = viewer ?? (0 as AgentId);
    if (whose === 'mine') void query.where('f.agent_id', agentId);
    if (whose === 'team')
      void query.where((team) => {
        this.#team(team, agentId);
      });
    return query;
  }

  #narrow<Query extends Knex.QueryBuilder>(
    query: Query,
    filters: FollowUpQuery,
    { now, dayEnd }: ListMoment,
  ): Query {
    const { shown, kind, campaignId, agentId, contactId, search } = filters;
    const open = (): Knex.QueryBuilder => query.where('f.state', 'open');
    switch (shown) {
      case 'open':
        void query.whereIn('f.state', ['open', 'calling']);
        break;
      case 'overdue':
        void open().where('f.due_at', '<', now);
        break;
      case 'today':
        void open().where('f.due_at', '>=', now).where('f.due_at', '<', dayEnd);
        break;
      case 'later':
        void open().where('f.due_at', '>=', dayEnd);
        break;
      case 'escalated':
        void open().whereNotNull('f.escalated_at');
        break;
      case 'all':
        break;
      default:
        void query.where('f.state', shown);
    }
    if (kind !== undefined) void query.where('f.kind', kind);
    if (campaignId !== undefined) void query.where('f.campaign_id', campaignId);
    if (agentId !== undefined) void query.where('f.agent_id', agentId);
    if (contactId !== undefined) void query.where('f.contact_id', contactId);
    if (search !== '') this.#search(query, filters);
    return query;
  }

  #search(
    rows: Knex.QueryBuilder,
    query: Pick<FollowUpQuery, 'search' | 'wholeNumbersOnly'>,
  ): void {
    void rows.where((either) => {
      orNumberOrText(either, {
        ...{ query, country: this.country },
        numbers: ['f.number'],
        texts: ['c.name', 'c.company', 'f.note'],
      });
    });
  }
}

const columnsOf = (followUp: NewFollowUp) => ({
  ...{ kind: followUp.kind, contact_id: followUp.contactId, number: followUp.number },
  ...{ due_at: followUp.dueAt, note: followUp.note, source: followUp.source, state: 'open' },
  campaign_id: followUp.campaignId ?? null,
  queue_id: followUp.queueId ?? null,
  agent_id: followUp.agentId ?? null,
  user_id: followUp.userId ?? null,
  call_id: followUp.callId ?? null,
  disposition_id: followUp.dispositionId ?? null,
});
