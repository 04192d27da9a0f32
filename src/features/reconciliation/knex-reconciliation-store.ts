import type { Knex } from 'knex';
import {
  CHECKS,
  type Check,
  type Finding,
  type FindingCode,
  type Line,
} from '../../engines/reconciliation/finding.js';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  FINDINGS_KEPT,
  type CheckedDay,
  type CheckSum,
  type CountedDay,
  type ReconciliationStore,
} from './reconciliation-store.js';

interface DayRow {
  readonly day: string;
  readonly wanted_at: Date | null;
  readonly checked_at: Date | null;
  readonly is_whole: number;
  readonly took_ms: number;
  readonly calls: number;
  readonly open_calls: number;
  readonly differences: number;
  readonly checks: unknown;
}

interface LineRow {
  readonly check_name: Line['check'];
  readonly subject_id: number;
  readonly at: Date;
  readonly figures: unknown;
  readonly difference: number | string;
}

interface FindingRow {
  readonly check_name: Check;
  readonly code: FindingCode;
  readonly call_id: CallId | null;
  readonly queue_id: QueueId | null;
  readonly agent_id: AgentId | null;
  readonly at: Date | null;
  readonly part: string | null;
  readonly expected: number | string;
  readonly found: number | string;
}

const ROWS_AT_ONCE = 500;
/** Lines of older days are forgotten; what the day came to stays. */
const LINES_KEPT_DAYS = 400;

/** JSON comes parsed or as text, by server and driver. */
const fromJson = <T>(value: unknown): T =>
  (typeof value === 'string' ? JSON.parse(value) : value) as T;

const NO_SUM: CheckSum = { counted: 0, differences: 0 };

const toDay = (row: DayRow): CheckedDay => {
  const checks = fromJson<Partial<Record<Check, CheckSum>>>(row.checks);
  return {
    day: row.day,
    checkedAt: row.checked_at ?? undefined,
    isWanted: row.wanted_at !== null,
    isWhole: row.is_whole === 1,
    tookMs: row.took_ms,
    calls: row.calls,
    openCalls: row.open_calls,
    differences: row.differences,
    checks: sumsOf((check) => checks[check] ?? NO_SUM),
  };
};

const sumsOf = (sum: (check: Check) => CheckSum): Readonly<Record<Check, CheckSum>> =>
  Object.fromEntries(CHECKS.map((check) => [check, sum(check)])) as Record<Check, CheckSum>;

/** Counted days in MariaDB. */
export class KnexReconciliationStore implements ReconciliationStore {
  constructor(private readonly db: Knex) {}

  async days(from: string): Promise<readonly CheckedDay[]> {
    const rows: readonly DayRow[] = await this.db('reconciliation_days')
      .where('day', '>=', from)
      .orderBy('day', 'desc');
    return rows.map(toDay);
  }

  async day(day: string): Promise<CheckedDay | undefined> {
    const row = await this.db('reconciliation_days').where({ day }).first<DayRow | undefined>('*');
    return row && toDay(row);
  }

  async lines(day: string): Promise<readonly Line[]> {
    const rows: readonly LineRow[] = await this.db('reconciliation_lines')
      .where({ day })
      .orderBy(['check_name', 'subject_id', 'at']);
    return rows.map((row) => ({
      ...{ check: row.check_name, subject: row.subject_id, at: row.at.getTime() },
      ...{ figures: fromJson<Line['figures']>(row.figures), difference: Number(row.difference) },
    }));
  }

  async findings(day: string): Promise<readonly Finding[]> {
    const rows: readonly FindingRow[] = await this.db('reconciliation_findings')
      .where({ day })
      .orderBy('id');
    return rows.map((row) => ({
      ...{ check: row.check_name, code: row.code },
      ...(row.call_id === null ? {} : { callId: row.call_id }),
      ...(row.queue_id === null ? {} : { queueId: row.queue_id }),
      ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
      ...(row.at === null ? {} : { at: row.at.getTime() }),
      ...(row.part === null ? {} : { part: row.part }),
      ...{ expected: Number(row.expected), found: Number(row.found) },
    }));
  }

  async want(day: string, at: Date): Promise<void> {
    await this.db('reconciliation_days')
      .insert({ day, wanted_at: at, checks: '{}' })
      .onConflict('day')
      .merge({ wanted_at: this.db.raw('COALESCE(wanted_at, VALUES(wanted_at))') });
  }

  async countDiffering(from: string): Promise<number> {
    const row = (await this.db('reconciliation_days')
      .where('day', '>=', from)
      .where('differences', '>', 0)
      .where('is_whole', true)
      .count({ n: '*' })
      .first()) as { n: number | string };
    return Number(row.n);
  }

  /** Replaces what is known of the day, in one transaction with the line of the audit log where it differs. */
  async keep(counted: CountedDay, audit: (db: Knex) => AuditLog): Promise<void> {
    const { day, result, isWhole } = counted;
    const checks = sumsOf((check) => ({
      counted: result.counted[check],
      differences: result.findings.filter((finding) => finding.check === check).length,
    }));
    const differences = result.findings.length;
    await this.db.transaction(async (tx) => {
      // A wish of later is not fulfilled.
      await tx('reconciliation_days')
        .where({ day })
        .where('wanted_at', '<=', new Date(counted.startedAt))
        .update({ wanted_at: null });
      await tx('reconciliation_lines').where({ day }).delete();
      await tx('reconciliation_findings').where({ day }).delete();
      await tx('reconciliation_lines').where('day', '<', dayBefore(day, LINES_KEPT_DAYS)).delete();
      await tx('reconciliation_days')
        .insert({
          ...{ day, is_whole: isWhole },
          ...{ checked_at: new Date(counted.checkedAt), checks: JSON.stringify(checks) },
          took_ms: Math.max(0, counted.checkedAt - counted.startedAt),
          ...{ calls: result.calls, open_calls: result.open, differences },
        })
        .onConflict('day')
        .merge();
      await tx.batchInsert('reconciliation_lines', result.lines.map(lineRow(day)), ROWS_AT_ONCE);
      const kept = CHECKS.flatMap((check) =>
        result.findings.filter((one) => one.check === check).slice(0, FINDINGS_KEPT),
      );
      await tx.batchInsert('reconciliation_findings', kept.map(findingRow(day)), ROWS_AT_ONCE);
      if (differences > 0 && isWhole)
        await audit(tx).record(SYSTEM_ACTOR, {
          ...{ action: 'reconciliation.differs', objectKind: 'reconciliation' },
          ...{ objectId: day, objectName: `${String(differences)} differences` },
        });
    });
  }
}

const lineRow = (day: string) => (line: Line) => ({
  ...{ day, check_name: line.check, subject_id: line.subject, at: new Date(line.at) },
  ...{ figures: JSON.stringify(line.figures), difference: line.difference },
});

const findingRow = (day: string) => (finding: Finding) => ({
  ...{ day, check_name: finding.check, code: finding.code, call_id: finding.callId ?? null },
  ...{ queue_id: finding.queueId ?? null, agent_id: finding.agentId ?? null },
  at: finding.at === undefined ? null : new Date(finding.at),
  part: finding.part ?? null,
  ...{ expected: finding.expected, found: finding.found },
});

/** The day so many days before; days are dates without a zone. */
const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
