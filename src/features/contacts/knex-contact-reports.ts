import type { Knex } from 'knex';
import type { AgentId, CallId, ContactId } from '../../kernel/ids.js';
import {
  COUNT_AT_MOST,
  type ContactAttempt,
  type ContactCall,
  type ContactHistory,
  type ContactLine,
  type ContactPage,
  type ContactQuery,
  type ContactReports,
  type MemberOf,
  type BlockedNumber,
  type ConsentLine,
  type RemarkLine,
} from './contact-reports.js';
import { searchedIds } from './knex-contact-where.js';

const SHOWN = 50;

interface LineRow {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly external_key: string | null;
  readonly updated_at: Date;
  readonly archived_at: Date | null;
}

/** People in MariaDB, also where there are millions. */
export class KnexContactReports implements ContactReports {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(query: ContactQuery): Promise<ContactPage> {
    const [rows, found] = await Promise.all([this.#rows(query), this.#count(query)]);
    const numbers = await this.db('contact_numbers')
      .whereIn(
        'contact_id',
        rows.map(({ id }) => id),
      )
      .orderBy(['contact_id', 'position'])
      .select<{ contact_id: ContactId; number: string; dead_at: Date | null }[]>(
        'contact_id',
        'number',
        'dead_at',
      );
    const lines = rows.map((row): ContactLine => ({
      id: row.id,
      name: row.name,
      company: row.company,
      externalKey: row.external_key ?? '',
      numbers: numbers
        .filter((number) => number.contact_id === row.id)
        .map(({ number, dead_at: deadAt }) => ({ number, isDead: deadAt !== null })),
      updatedAt: row.updated_at,
      archivedAt: row.archived_at ?? undefined,
    }));
    const isMore = query.listId === undefined && found > COUNT_AT_MOST;
    return { rows: lines, total: isMore ? COUNT_AT_MOST : found, isMore };
  }

  /** Ids of one page first: rows with their fields are read for these only. */
  async #rows(query: ContactQuery): Promise<readonly LineRow[]> {
    const page = this.#ids(query).limit(query.limit).offset(query.offset).as('page');
    const direction = query.descending ? 'desc' : 'asc';
    const rows = this.db
      .from(page)
      .join('contacts as c', 'c.id', 'page.id')
      .select<LineRow[]>(
        'c.id',
        'c.name',
        'c.company',
        'c.external_key',
        'c.updated_at',
        'c.archived_at',
      );
    if (query.listId !== undefined) return rows.orderBy('c.id', direction);
    return rows.orderBy(SORTS[query.sortBy], direction).orderBy('c.id', direction);
  }

  #ids(query: ContactQuery): Knex.QueryBuilder {
    const direction = query.descending ? 'desc' : 'asc';
    const { listId } = query;
    if (listId !== undefined) {
      const members = this.db('contact_list_members as m')
        .where('m.list_id', listId)
        .select('m.contact_id as id')
        .orderBy('m.contact_id', direction);
      if (query.search !== '') void members.whereIn('m.contact_id', this.#found(query));
      return members;
    }
    const people = this.db('contacts as c').select('c.id');
    void (query.archived
      ? people.whereNotNull('c.archived_at')
      : people.whereNull('c.archived_at'));
    if (query.search !== '') void people.whereIn('c.id', this.#found(query));
    return people.orderBy(SORTS[query.sortBy], direction).orderBy('c.id', direction);
  }

  async #count(query: ContactQuery): Promise<number> {
    const ids = this.#ids(query).clearOrder();
    const some = (query.listId === undefined ? ids.limit(COUNT_AT_MOST + 1) : ids).as('some');
    const [counted] = await this.db.from(some).count<{ n: number | string }[]>({ n: '*' });
    return Number(counted?.n ?? 0);
  }

  #found(query: ContactQuery): Knex.QueryBuilder {
    return this.db.select('found.id').from(searchedIds(this.db, query, this.country).as('found'));
  }

  async history(
    id: ContactId,
    numbers: readonly string[],
    callsOf: AgentId | undefined,
  ): Promise<ContactHistory> {
    const [consents, remarks, calls, attempts, blocked, lists] = await Promise.all([
      this.db('contact_consents')
        .where({ contact_id: id })
        .orderBy([
          { column: 'at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(SHOWN)
        .select<ConsentLine[]>('kind', 'source', 'at'),
      this.#remarks(id),
      this.#calls(numbers, callsOf),
      this.#attempts(id),
      this.#blocked(numbers),
      this.db('contact_list_members as m')
        .join('contact_lists as l', 'l.id', 'm.list_id')
        .where('m.contact_id', id)
        .whereNull('l.archived_at')
        .orderBy(['l.name', 'l.id'])
        .select<MemberOf[]>('l.id', 'l.name'),
    ]);
    return { consents, remarks, calls, attempts, blocked, lists };
  }

  async #remarks(id: ContactId): Promise<readonly RemarkLine[]> {
    const rows = await this.db('contact_remarks as r')
      .leftJoin('users as u', 'u.id', 'r.user_id')
      .where('r.contact_id', id)
      .orderBy([
        { column: 'r.at', order: 'desc' },
        { column: 'r.id', order: 'desc' },
      ])
      .limit(SHOWN)
      .select<{ text: string; at: Date; call_id: CallId | null; user_name: string | null }[]>(
        'r.text',
        'r.at',
        'r.call_id',
        'u.name as user_name',
      );
    return rows.map((row) => ({
      text: row.text,
      at: row.at,
      callId: row.call_id ?? undefined,
      userName: row.user_name ?? '',
    }));
  }

  /** Calls with one of the numbers, in either direction, the newest first. */
  async #calls(
    numbers: readonly string[],
    callsOf: AgentId | undefined,
  ): Promise<readonly ContactCall[]> {
    if (numbers.length === 0) return [];
    const side = (column: string): Knex.QueryBuilder => {
      const calls = this.db('calls').select('id').whereIn(column, numbers);
      if (callsOf !== undefined) void calls.where('agent_id', callsOf);
      return calls.orderBy('started_at', 'desc').limit(SHOWN);
    };
    const ids = this.db.union([side('from_number'), side('to_number')], true).as('found');
    const rows = await this.db
      .from(ids)
      .join('calls as c', 'c.id', 'found.id')
      .leftJoin('agents as a', 'a.id', 'c.agent_id')
      .leftJoin('queues as q', 'q.id', 'c.queue_id')
      .orderBy('c.id', 'desc')
      .limit(SHOWN)
      .select<
        {
          id: CallId;
          started_at: Date;
          direction: ContactCall['direction'];
          from_number: string;
          to_number: string;
          result: string | null;
          talk_ms: number;
          agent_name: string | null;
          queue_name: string | null;
        }[]
      >('c.*', 'a.name as agent_name', 'q.name as queue_name');
    return rows.map((row) => ({
      id: row.id,
      startedAt: row.started_at,
      direction: row.direction,
      number: numbers.includes(row.from_number) ? row.from_number : row.to_number,
      result: row.result ?? undefined,
      agentName: row.agent_name ?? '',
      queueName: row.queue_name ?? '',
      talkMs: row.talk_ms,
    }));
  }

  async #attempts(id: ContactId): Promise<readonly ContactAttempt[]> {
    const rows = await this.db('attempts as a')
      .leftJoin('campaigns as c', 'c.id', 'a.campaign_id')
      .where('a.contact_id', id)
      .orderBy('a.id', 'desc')
      .limit(SHOWN)
      .select<
        (Omit<ContactAttempt, 'campaignId' | 'campaignName' | 'refusedBy' | 'callId'> & {
          campaign_id: ContactAttempt['campaignId'];
          campaign_name: string | null;
          refused_by: string;
          call_id: CallId | null;
        })[]
      >(
        'a.at',
        'a.kind',
        'a.campaign_id',
        'c.name as campaign_name',
        'a.number',
        'a.result',
        'a.refused_by',
        'a.call_id',
      );
    return rows.map((row) => ({
      at: row.at,
      kind: row.kind,
      campaignId: row.campaign_id,
      campaignName: row.campaign_name ?? '',
      number: row.number,
      result: row.result,
      refusedBy: row.refused_by,
      callId: row.call_id ?? undefined,
    }));
  }

  async #blocked(numbers: readonly string[]): Promise<readonly BlockedNumber[]> {
    const rows = await this.db('do_not_call as d')
      .leftJoin('campaigns as c', 'c.id', 'd.campaign_id')
      .whereIn('d.number', numbers)
      .orderBy('d.campaign_id')
      .select<
        {
          id: number;
          number: string;
          campaign_id: number;
          campaign_name: string | null;
          note: string;
          at: Date;
        }[]
      >('d.id', 'd.number', 'd.campaign_id', 'c.name as campaign_name', 'd.note', 'd.at');
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      campaignId: row.campaign_id,
      campaignName: row.campaign_name ?? '',
      note: row.note,
      at: row.at,
    }));
  }

  async agents(): Promise<readonly { readonly id: AgentId; readonly name: string }[]> {
    return this.db('agents')
      .whereNull('archived_at')
      .orderBy(['name', 'id'])
      .select<{ id: AgentId; name: string }[]>('id', 'name');
  }
}

const SORTS = { name: 'c.name', company: 'c.company', newest: 'c.id' } as const;
