import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import { ALARM_KINDS, ALARM_LEVELS, type AlarmBegin } from '../../engines/alarm/watch.js';
import type { Actor } from '../../kernel/actor.js';
import type { AlarmId, AlarmRuleId } from '../../kernel/ids.js';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import { KnexMailQueue } from '../mail/index.js';
import type { Alarm, AlarmNews, AlarmQuery, AlarmStore, DueAlarmWebhook } from './alarm.js';
import type { StoredAlarmRule } from './alarm-rule.js';

interface AlarmRow {
  readonly id: AlarmId;
  readonly rule_id: AlarmRuleId;
  readonly rule_name: string;
  readonly kind: string;
  readonly level: string;
  readonly subject: string;
  readonly subject_name: string;
  readonly value: number;
  readonly threshold: number;
  readonly began_at: Date;
  readonly ended_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string;
  readonly note: string;
  readonly told_at: Date | null;
}

const toAlarm = (row: AlarmRow): Alarm => ({
  id: row.id,
  ruleId: row.rule_id,
  ruleName: row.rule_name,
  kind: ALARM_KINDS.find((one) => one === row.kind) ?? 'disk',
  level: ALARM_LEVELS.find((one) => one === row.level) ?? 'warning',
  subject: row.subject,
  subjectName: row.subject_name,
  value: row.value,
  threshold: row.threshold,
  beganAt: row.began_at,
  endedAt: row.ended_at ?? undefined,
  acknowledgedAt: row.acknowledged_at ?? undefined,
  acknowledgedBy: row.acknowledged_by,
  note: row.note,
  toldAt: row.told_at ?? undefined,
});

const openKey = (rule: AlarmRuleId, subject: string): string => `${String(rule)} ${subject}`;

/** Alarms in MariaDB. Rejects while the database is away. */
export class KnexAlarmStore implements AlarmStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async open(): Promise<readonly Alarm[]> {
    const rows = (await this.db('alarms')
      .whereNull('ended_at')
      .orderBy('id', 'desc')) as AlarmRow[];
    return rows.map(toAlarm);
  }

  async list({ search, state, kind, offset, limit }: AlarmQuery): Promise<ListResult<Alarm>> {
    const wanted = (): Knex.QueryBuilder => {
      const all = this.db('alarms');
      if (kind !== undefined) void all.where({ kind });
      if (search !== '')
        void all.where((either) => {
          for (const column of ['rule_name', 'subject_name', 'acknowledged_by', 'note'])
            void either.orWhereILike(column, likePattern(search));
        });
      if (state === 'open') void all.whereNull('ended_at');
      if (state === 'ended') void all.whereNotNull('ended_at');
      if (state === 'unseen') void all.whereNull('acknowledged_at');
      return all;
    };
    const counted = await wanted().count<{ total: number }[]>({ total: '*' });
    const rows = (await wanted()
      .orderByRaw('ended_at IS NOT NULL, began_at DESC, id DESC')
      .offset(offset)
      .limit(limit)) as AlarmRow[];
    return { rows: rows.map(toAlarm), total: counted[0]?.total ?? 0 };
  }

  async find(id: AlarmId): Promise<Alarm | undefined> {
    const row = await this.db('alarms').where({ id }).first<AlarmRow | undefined>();
    return row && toAlarm(row);
  }

  async begin(rule: StoredAlarmRule, begin: AlarmBegin, at: Date): Promise<AlarmId | undefined> {
    try {
      const [id] = await this.db('alarms').insert({
        ...{ rule_id: rule.id, rule_name: rule.name, kind: rule.kind, level: rule.level },
        ...{ subject: begin.subject, subject_name: begin.name.slice(0, 120) },
        ...{ value: begin.value, threshold: rule.threshold, began_at: at },
        open_key: openKey(rule.id, begin.subject),
      });
      return id as AlarmId;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  async end(rule: AlarmRuleId, subject: string, at: Date): Promise<Alarm | undefined> {
    const open_key = openKey(rule, subject);
    const row = await this.db('alarms').where({ open_key }).first<AlarmRow | undefined>();
    if (row === undefined) return undefined;
    await this.db('alarms')
      .where({ id: row.id, open_key })
      .update({ ended_at: at, open_key: null });
    return toAlarm({ ...row, ended_at: at });
  }

  /** An end is told only where the begin was. */
  async untold(): Promise<readonly Alarm[]> {
    const rows = (await this.db('alarms')
      .where((begun) => void begun.whereNull('ended_at').whereNull('told_at'))
      .orWhere(
        (ended) =>
          void ended.whereNotNull('ended_at').whereNotNull('told_at').whereNull('end_told_at'),
      )
      .orderBy('id')
      .limit(200)) as AlarmRow[];
    return rows.map(toAlarm);
  }

  tell(
    id: AlarmId,
    moment: 'began' | 'ended',
    { mails, webhook }: AlarmNews,
    at: Date,
  ): Promise<boolean> {
    const column = moment === 'began' ? 'told_at' : 'end_told_at';
    return inTransaction(this.db, async (tx) => {
      const changed = await tx('alarms')
        .where({ id })
        .whereNull(column)
        .update({ [column]: at });
      if (changed === 0) return false;
      await new KnexMailQueue(tx).add(at, mails);
      if (webhook !== undefined)
        await tx('alarm_webhooks').insert({ alarm_id: id, moment, created_at: at, ...webhook });
      return true;
    });
  }

  async dueWebhooks(limit: number): Promise<readonly DueAlarmWebhook[]> {
    const rows = await this.db('alarm_webhooks')
      .whereNull('given_at')
      .orderBy('id')
      .limit(limit)
      .select<
        {
          id: number;
          alarm_id: AlarmId;
          moment: string;
          url: string;
          body: string;
          created_at: Date;
        }[]
      >('id', 'alarm_id', 'moment', 'url', 'body', 'created_at');
    return rows.map((row) => ({
      ...{ id: row.id, url: row.url, body: row.body, at: row.created_at.getTime() },
      key: `alarm-${String(row.alarm_id)}-${row.moment}`,
    }));
  }

  async noteGiven(id: number, at: Date): Promise<void> {
    await this.db('alarm_webhooks').where({ id }).update({ given_at: at });
  }

  acknowledge(actor: Actor, id: AlarmId, note: string, at: Date): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const changed = await tx('alarms')
        .where({ id })
        .whereNull('acknowledged_at')
        .update({ acknowledged_at: at, acknowledged_by: actor.name, note });
      if (changed === 0) return false;
      const row = await tx('alarms')
        .where({ id })
        .first<{ rule_name: string; subject_name: string } | undefined>();
      await this.auditLog(tx).record(actor, {
        ...{ action: 'alarm.acknowledge', objectKind: 'alarm', objectId: String(id) },
        objectName: [row?.rule_name, row?.subject_name].filter(Boolean).join(': '),
        changes: { note: ['', note] },
      });
      return true;
    });
  }

  async forget(before: Date): Promise<void> {
    const old = this.db('alarms').where('ended_at', '<', before).select('id');
    await this.db('alarm_webhooks').whereIn('alarm_id', old).del();
    await this.db('alarms').where('ended_at', '<', before).del();
  }
}
