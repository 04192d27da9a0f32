import type { Knex } from 'knex';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { CallId } from '../../kernel/ids.js';
import type { Access, AccessLog, AccessQuery } from './access-log-pages.js';
import type { HearPurpose } from './recording-service.js';

interface Row {
  readonly at: Date;
  readonly user_name: string;
  readonly action: string;
  readonly object_name: string;
  readonly address: string;
  readonly kind: string | null;
}

/** Reads the audit log: each hearing and each download is a line of it. */
export class KnexAccessLog implements AccessLog {
  constructor(private readonly db: Knex) {}

  async list(query: AccessQuery): Promise<ListResult<Access>> {
    const counted = await this.#matching(query).count<{ total: number }[]>({ total: '*' });
    const rows = await this.#matching(query)
      .leftJoin('recordings as r', 'r.id', 'a.object_id')
      .select<Row[]>('a.at', 'a.user_name', 'a.action', 'a.object_name', 'a.address', 'r.kind')
      .orderBy('a.id', 'desc')
      .offset(query.offset)
      .limit(query.limit);
    return {
      rows: rows.map((row) => ({
        ...{ at: row.at, userName: row.user_name, address: row.address },
        purpose: row.action.slice('recording.'.length) as HearPurpose,
        callId: row.object_name as CallId,
        kind: row.kind ?? undefined,
      })),
      total: counted[0]?.total ?? 0,
    };
  }

  #matching({ search, purpose, from, until }: AccessQuery): Knex.QueryBuilder {
    const rows = this.db('audit_entries as a')
      .where('a.object_kind', 'recording')
      .whereIn(
        'a.action',
        purpose === undefined ? ['recording.hear', 'recording.download'] : [`recording.${purpose}`],
      );
    if (from) void rows.where('a.at', '>=', from);
    if (until) void rows.where('a.at', '<', until);
    if (search !== '')
      void rows.where((either) => {
        for (const column of ['a.user_name', 'a.object_name', 'a.address'])
          void either.orWhereILike(column, likePattern(search));
      });
    return rows;
  }
}
