import type { Knex } from 'knex';
import { ALARM_KINDS, ALARM_LEVELS } from '../../engines/alarm/watch.js';
import { AppError } from '../../kernel/errors.js';
import type { AlarmRuleId, QueueId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexVersionedStore,
  lockNamed,
  readQueueOptions,
  type QueueOption,
  type TableMapping,
} from '../configuration/index.js';
import type { AlarmRuleDraft, AlarmRuleSort, StoredAlarmRule } from './alarm-rule.js';

interface RuleRow {
  readonly id: AlarmRuleId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly kind: string;
  readonly level: string;
  readonly enabled: number;
  readonly threshold: number;
  readonly hold_s: number;
  readonly queues: unknown;
  readonly mails: string;
  readonly webhook: string;
  readonly quiet_from: number;
  readonly quiet_to: number;
}

const toRule = (row: RuleRow): StoredAlarmRule => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  name: row.name,
  kind: ALARM_KINDS.find((one) => one === row.kind) ?? 'disk',
  level: ALARM_LEVELS.find((one) => one === row.level) ?? 'warning',
  enabled: row.enabled === 1,
  threshold: row.threshold,
  holdS: row.hold_s,
  // Only this program writes the column.
  queues: (typeof row.queues === 'string' ? JSON.parse(row.queues) : row.queues) as QueueId[],
  mails: row.mails.split('\n').filter((one) => one !== ''),
  webhook: row.webhook,
  quietFrom: row.quiet_from,
  quietTo: row.quiet_to,
});

/** Locks the queues that a rule names, so that they are still there when it is saved. */
async function check(tx: Knex, { queues }: AlarmRuleDraft): Promise<void> {
  const missing = await lockNamed(tx, 'queues', queues);
  if (missing !== undefined)
    throw new AppError('invalid-fields', `queue ${String(missing)} is not there`, [
      { field: 'queues', message: 'alarm-rules.problem.queue-gone' },
    ]);
}

const MAPPING: TableMapping<AlarmRuleId, AlarmRuleDraft, StoredAlarmRule, AlarmRuleSort> = {
  table: 'alarm_rules',
  searched: ['name', 'mails', 'webhook'],
  sorts: { name: 'name', kind: 'kind', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({
    name: draft.name,
    kind: draft.kind,
    level: draft.level,
    enabled: draft.enabled,
    threshold: draft.threshold,
    hold_s: draft.holdS,
    queues: JSON.stringify(draft.queues),
    mails: draft.mails.join('\n'),
    webhook: draft.webhook,
    quiet_from: draft.quietFrom,
    quiet_to: draft.quietTo,
  }),
  read: (_db, rows) => Promise.resolve((rows as readonly RuleRow[]).map(toRule)),
  check,
};

/** Rules in MariaDB. */
export class KnexAlarmRuleStore extends KnexVersionedStore<
  AlarmRuleId,
  AlarmRuleDraft,
  StoredAlarmRule,
  AlarmRuleSort
> {
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  queueOptions(): Promise<readonly QueueOption[]> {
    return readQueueOptions(this.db);
  }
}
