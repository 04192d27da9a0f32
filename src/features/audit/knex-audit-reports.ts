import type { Knex } from 'knex';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { AuditLine, AuditQuery, AuditReports } from './audit-reports.js';

interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly user_name: string;
  readonly action: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly object_name: string;
  readonly changes: string | null;
  readonly address: string;
}

const toLine = (row: AuditRow): AuditLine => ({
  id: row.id,
  at: row.at,
  userName: row.user_name,
  action: row.action,
  objectKind: row.object_kind,
  objectId: row.object_id,
  objectName: row.object_name,
  changes: row.changes === null ? {} : (JSON.parse(row.changes) as AuditLine['changes']),
  address: row.address,
});

/** Reads the audit log, the newest lines first. */
export class KnexAuditReports implements AuditReports {
  constructor(private readonly db: Knex) {}

  async list(query: AuditQuery): Promise<ListResult<AuditLine>> {
    const [counted, rows] = await Promise.all([
      this.#matching(query).count({ total: '*' }),
      this.#matching(query)
        .select()
        .orderBy('id', 'desc')
        .offset(query.offset)
        .limit(query.limit),
    ]);
    return {
      rows: (rows as AuditRow[]).map(toLine),
      total: Number((counted as { total: number }[])[0]?.total ?? 0),
    };
  }

  async kinds(): Promise<readonly string[]> {
    const rows = (await this.db('audit_entries')
      .distinct('object_kind')
      .orderBy('object_kind')) as AuditRow[];
    return rows.map((row) => row.object_kind);
  }

  #matching(query: AuditQuery): Knex.QueryBuilder {
    const rows = this.db('audit_entries');
    if (query.kind !== '') rows.where('object_kind', query.kind);
    if (query.objectId !== '') rows.where('object_id', query.objectId);
    if (query.from) rows.where('at', '>=', query.from);
    if (query.until) rows.where('at', '<', query.until);
    if (query.search !== '') {
      const pattern = likePattern(query.search);
      rows.where((either) => {
        for (const column of ['user_name', 'object_name', 'action', 'address'])
          either.orWhereLike(column, pattern);
      });
    }
    return rows;
  }
}
