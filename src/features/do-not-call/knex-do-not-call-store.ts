import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { CallId, CampaignId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { isDuplicate } from '../../kernel/sql-error.js';
import {
  COUNT_AT_MOST,
  type DoNotCallEntry,
  type DoNotCallPage,
  type DoNotCallQuery,
  type DoNotCallSource,
  type DoNotCallStore,
  type NewDoNotCall,
} from './do-not-call.js';

interface EntryRow {
  readonly id: number;
  readonly number: string;
  readonly campaign_id: CampaignId | 0;
  readonly campaign_name: string | null;
  readonly source: DoNotCallSource;
  readonly note: string;
  readonly user_name: string | null;
  readonly call_id: CallId | null;
  readonly at: Date;
}

/** Numbers that nobody calls, in MariaDB. */
export class KnexDoNotCallStore implements DoNotCallStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async list(query: DoNotCallQuery): Promise<DoNotCallPage> {
    const some = this.#matching(query)
      .select('d.id')
      .limit(COUNT_AT_MOST + 1)
      .as('some');
    const page = this.#matching(query)
      .select('d.id')
      .orderBy('d.id', 'desc')
      .limit(query.limit)
      .offset(query.offset)
      .as('page');
    const [rows, [counted]] = await Promise.all([
      this.#named()
        .join(page, 'page.id', 'd.id')
        .orderBy('d.id', 'desc')
        .select<EntryRow[]>(COLUMNS),
      this.db.from(some).count({ n: '*' }) as Promise<{ n: number | string }[]>,
    ]);
    const found = Number(counted?.n ?? 0);
    return {
      rows: rows.map(toEntry),
      total: Math.min(found, COUNT_AT_MOST),
      isMore: found > COUNT_AT_MOST,
    };
  }

  async find(id: number): Promise<DoNotCallEntry | undefined> {
    const row = await this.#named().where('d.id', id).first<EntryRow | undefined>(COLUMNS);
    return row && toEntry(row);
  }

  async add(
    entry: NewDoNotCall,
    actor: Actor,
    record: (audit: AuditLog, id: number) => Promise<void>,
  ): Promise<boolean> {
    try {
      await this.db.transaction(async (tx) => {
        const [id = 0] = await tx('do_not_call').insert({
          number: entry.number,
          campaign_id: entry.campaignId,
          source: entry.source,
          note: entry.note,
          user_id: actor.userId ?? null,
          at: new Date(),
        });
        await record(this.auditLog(tx), id);
      });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async remove(id: number, record: (audit: AuditLog) => Promise<void>): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx('do_not_call').where({ id }).delete();
      await record(this.auditLog(tx));
    });
  }

  async campaigns(): Promise<readonly { readonly id: CampaignId; readonly name: string }[]> {
    return this.db('campaigns')
      .whereNull('archived_at')
      .orderBy(['name', 'id'])
      .select<{ id: CampaignId; name: string }[]>('id', 'name');
  }

  #named(): Knex.QueryBuilder {
    return this.db('do_not_call as d')
      .leftJoin('campaigns as c', 'c.id', 'd.campaign_id')
      .leftJoin('users as u', 'u.id', 'd.user_id');
  }

  #matching(query: DoNotCallQuery): Knex.QueryBuilder {
    const rows = this.db('do_not_call as d');
    if (query.campaignId !== undefined) void rows.where('d.campaign_id', query.campaignId);
    if (query.source !== undefined) void rows.where('d.source', query.source);
    if (query.prefixes.length > 0)
      void rows.where((either) => {
        for (const prefix of query.prefixes)
          if (query.wholeOnly) void either.orWhere('d.number', prefix);
          else void either.orWhereILike('d.number', `${prefix}%`);
      });
    return rows;
  }
}

const COLUMNS = ['d.*', 'c.name as campaign_name', 'u.name as user_name'];

const toEntry = (row: EntryRow): DoNotCallEntry => ({
  id: row.id,
  number: row.number,
  campaignId: row.campaign_id,
  campaignName: row.campaign_name ?? '',
  source: row.source,
  note: row.note,
  userName: row.user_name ?? '',
  callId: row.call_id ?? undefined,
  at: row.at,
});
