import type { Knex } from 'knex';
import { changesOf, type AuditRow } from '../audit/index.js';
import type {
  ChangesQuery,
  ConfigurationChange,
  ConfigurationChanges,
} from './configuration-changes.js';

/** What changes how calls run from then on. Others are commands of a moment, or somebody who looked. */
const VERBS = [
  ...['create', 'change', 'archive', 'restore', 'publish', 'import', 'roll-back'],
  ...['open-by-hand', 'close-by-hand', 'change-max-wait', 'add-agent', 'undo-by-hand'],
  ...['running', 'paused', 'stopped'],
];

/** Changes of the set-up, from the audit log, the newest first. */
export class KnexConfigurationChanges implements ConfigurationChanges {
  constructor(private readonly db: Knex) {}

  async find({
    own,
    item,
    common,
    span,
    limit,
  }: ChangesQuery): Promise<readonly ConfigurationChange[]> {
    const kinds = [...own, ...common];
    const rows: readonly AuditRow[] = await this.db('audit_entries')
      .whereIn('object_kind', kinds)
      .whereIn(
        'action',
        kinds.flatMap((kind) => VERBS.map((verb) => `${kind}.${verb}`)),
      )
      .where('at', '>=', new Date(span.startAt))
      .where('at', '<', new Date(span.endAt))
      .where((which) => {
        if (item === undefined) return;
        void which
          .where((mine) => void mine.whereIn('object_kind', [...own]).where('object_id', item))
          .orWhereIn('object_kind', [...common]);
      })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit)
      .select<AuditRow[]>(
        ...['at', 'user_name', 'action', 'object_kind', 'object_id', 'object_name', 'changes'],
      );
    return rows.map((row) => ({
      ...{ at: row.at.getTime(), userName: row.user_name, action: row.action },
      ...{ kind: row.object_kind, objectId: row.object_id, objectName: row.object_name },
      fields: Object.keys(changesOf(row)),
    }));
  }
}
