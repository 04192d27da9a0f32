import type { Knex } from 'knex';
import type { QueueId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import {
  addCounts,
  NO_CALLS,
  type CallCounts,
  type QuarterHour,
  type Today,
  type TodayReports,
} from './today.js';

const QUARTER_S = 900;

/** Sums come as decimal texts, null where there is no row. */
interface CountsRow {
  readonly queue_id: QueueId;
  readonly quarter: number;
  readonly offered: string | number;
  readonly answered: string | number | null;
  readonly abandoned: string | number | null;
  readonly open: string | number | null;
  readonly in_time: string | number | null;
  readonly answered_wait_ms: string | number | null;
}

function toCounts(row: CountsRow): CallCounts {
  const [offered, answered, abandoned, open] = [
    Number(row.offered),
    Number(row.answered),
    Number(row.abandoned),
    Number(row.open),
  ];
  return {
    offered,
    answered,
    abandoned,
    open,
    other: offered - answered - abandoned - open,
    inTime: Number(row.in_time),
    answeredWaitMs: Number(row.answered_wait_ms),
  };
}

/** Reads the day's calls in one pass: by queue and quarter hour. */
export class KnexTodayReports implements TodayReports {
  constructor(
    private readonly db: Knex,
    private readonly zone: string,
  ) {}

  async today(now: number): Promise<Today> {
    const day = siteDayOf(now, this.zone);
    const [rows, queues, voicemails] = await Promise.all([
      this.#rows(day.startAt, day.endAt),
      this.db('queues')
        .whereNull('archived_at')
        .orderBy('name')
        .select('id', 'name', 'service_level_s'),
      this.db('voicemails').whereNull('heard_at').whereNull('archived_at').count({ total: '*' }),
    ]);
    const sum = (wanted: (row: CountsRow) => boolean): CallCounts =>
      rows.filter(wanted).map(toCounts).reduce(addCounts, NO_CALLS);
    return {
      ...day,
      readAt: now,
      queues: (queues as { id: QueueId; name: string; service_level_s: number }[]).map((queue) => ({
        id: queue.id,
        name: queue.name,
        targetMs: queue.service_level_s * 1_000,
        ...sum((row) => row.queue_id === queue.id),
      })),
      total: sum(() => true),
      quarters: quarters(rows, day.startAt),
      voicemailsNotHeard: (voicemails as { total: number }[])[0]?.total ?? 0,
    };
  }

  async #rows(startAt: number, endAt: number): Promise<readonly CountsRow[]> {
    const { db } = this;
    const start = new Date(startAt);
    const rows: unknown = await db('calls')
      .join('queues', 'queues.id', 'calls.queue_id')
      .where('calls.started_at', '>=', start)
      .where('calls.started_at', '<', new Date(endAt))
      .where({ 'calls.test': false, 'calls.direction': 'inbound' })
      .groupBy('calls.queue_id', 'quarter')
      .select({
        queue_id: 'calls.queue_id',
        quarter: db.raw('TIMESTAMPDIFF(SECOND, ?, calls.started_at) DIV ?', [start, QUARTER_S]),
        offered: db.raw('COUNT(*)'),
        answered: db.raw("SUM(calls.result = 'answered')"),
        abandoned: db.raw("SUM(calls.result = 'abandoned')"),
        open: db.raw('SUM(calls.ended_at IS NULL)'),
        in_time: db.raw(
          "SUM(calls.result = 'answered' AND calls.wait_ms <= queues.service_level_s * 1000)",
        ),
        answered_wait_ms: db.raw("SUM(IF(calls.result = 'answered', calls.wait_ms, 0))"),
      });
    return rows as readonly CountsRow[];
  }
}

function quarters(rows: readonly CountsRow[], startAt: number): readonly QuarterHour[] {
  const byQuarter = new Map<number, CallCounts>();
  for (const row of rows) {
    const { quarter } = row;
    byQuarter.set(quarter, addCounts(byQuarter.get(quarter) ?? NO_CALLS, toCounts(row)));
  }
  return [...byQuarter]
    .sort(([a], [b]) => a - b)
    .map(([quarter, counts]) => ({ startAt: startAt + quarter * QUARTER_S * 1_000, ...counts }));
}
