import type { Knex } from 'knex';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { AuditLine, AuditQuery, AuditReports } from './audit-reports.js';
import { changesOf, type AuditRow } from './knex-audit-rows.js';

const toLine = (row: AuditRow): AuditLine => ({
  id: row.id,
  at: row.at,
  userName: row.user_name,
  action: row.action,
  objectKind: row.object_kind,
  objectId: row.object_id,
  objectName: row.object_name,
  changes: changesOf(row),
  address: row.address,
});

const searched = (pattern: string) => (either: Knex.QueryBuilder) => {
  for (const column of ['user_name', 'object_name', 'action', 'address'])
    void either.orWhereILike(column, pattern);
};

/** Reads the audit log, the newest lines first. */
export class KnexAuditReports implements AuditReports {
  constructor(private readonly db: Knex) {}

  async list(query: AuditQuery): Promise<ListResult<AuditLine>> {
    const counted = await this.#matching(query).count<{ total: number }[]>({ total: '*' });
    const rows = await this.#matching(query)
      .select<AuditRow[]>()
      .orderBy('id', 'desc')
      .offset(query.offset)
      .limit(query.limit);
    return { rows: rows.map(toLine), total: counted[0]?.total ?? 0 };
  }

  async kinds(): Promise<readonly string[]> {
    const rows = (await this.db('audit_entries')
      .distinct('object_kind')
      .orderBy('object_kind')) as AuditRow[];
    return rows.map((row) => row.object_kind);
  }

  #matching(query: AuditQuery): Knex.QueryBuilder {
    const { kind, objectId, from, until, search } = query;
    return this.db('audit_entries').where((all) => {
      if (kind !== '') void all.where('object_kind', kind);
      if (objectId !== '') void all.where('object_id', objectId);
      if (from) void all.where('at', '>=', from);
      if (until) void all.where('at', '<', until);
      if (search !== '') void all.where(searched(likePattern(search)));
    });
  }
}
