import type { Knex } from 'knex';
import type { QueueId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { addCounts, NO_CALLS, type CallCounts, type Today, type TodayReports } from './today.js';

const QUARTER_S = 900;

/** Sums come as decimal texts, null where there is no row. */
interface CountsRow {
  readonly offered: string | number;
  readonly answered: string | number | null;
  readonly abandoned: string | number | null;
  readonly open: string | number | null;
  readonly in_time: string | number | null;
  readonly answered_wait_ms: string | number | null;
}

interface VisitCountsRow extends CountsRow {
  readonly queue_id: QueueId;
}
interface CallCountsRow extends CountsRow {
  readonly quarter: number;
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

/** Counts the day: visits by queue, and calls by quarter hour. A call that overflowed counts in both queues, and once in the whole. */
export class KnexTodayReports implements TodayReports {
  constructor(
    private readonly db: Knex,
    private readonly zone: string,
  ) {}

  async today(now: number): Promise<Today> {
    const day = siteDayOf(now, this.zone);
    const [calls, visits, queues, voicemails] = await Promise.all([
      this.#calls(day.startAt, day.endAt),
      this.#visits(day.startAt, day.endAt),
      this.db('queues')
        .whereNull('archived_at')
        .orderBy('name')
        .select('id', 'name', 'service_level_s'),
      this.db('voicemails').whereNull('heard_at').whereNull('archived_at').count({ total: '*' }),
    ]);
    const byQueue = new Map(visits.map((row) => [row.queue_id, toCounts(row)]));
    return {
      ...day,
      readAt: now,
      queues: (queues as { id: QueueId; name: string; service_level_s: number }[]).map((queue) => ({
        id: queue.id,
        name: queue.name,
        targetMs: queue.service_level_s * 1_000,
        ...(byQueue.get(queue.id) ?? NO_CALLS),
      })),
      total: calls.map(toCounts).reduce(addCounts, NO_CALLS),
      quarters: calls.map((row) => ({
        startAt: day.startAt + row.quarter * QUARTER_S * 1_000,
        ...toCounts(row),
      })),
      voicemailsNotHeard: (voicemails as { total: number }[])[0]?.total ?? 0,
    };
  }

  async #visits(startAt: number, endAt: number): Promise<readonly VisitCountsRow[]> {
    const { db } = this;
    const rows: unknown = await db('queue_visits as v')
      .join('queues', 'queues.id', 'v.queue_id')
      .where('v.entered_at', '>=', new Date(startAt))
      .where('v.entered_at', '<', new Date(endAt))
      .where({ 'v.test': false, 'v.direction': 'inbound' })
      .groupBy('v.queue_id')
      .select({
        queue_id: 'v.queue_id',
        offered: db.raw('COUNT(*)'),
        answered: db.raw("SUM(v.outcome = 'answered')"),
        abandoned: db.raw("SUM(v.outcome = 'abandoned')"),
        open: db.raw('SUM(v.left_at IS NULL)'),
        in_time: db.raw(
          "SUM(v.outcome = 'answered' AND v.wait_ms <= queues.service_level_s * 1000)",
        ),
        answered_wait_ms: db.raw("SUM(IF(v.outcome = 'answered', v.wait_ms, 0))"),
      });
    return rows as readonly VisitCountsRow[];
  }

  async #calls(startAt: number, endAt: number): Promise<readonly CallCountsRow[]> {
    const { db } = this;
    const start = new Date(startAt);
    const rows: unknown = await db('calls')
      .join('queues', 'queues.id', 'calls.queue_id')
      .where('calls.started_at', '>=', start)
      .where('calls.started_at', '<', new Date(endAt))
      .where({ 'calls.test': false, 'calls.direction': 'inbound' })
      .groupBy('quarter')
      .orderBy('quarter')
      .select({
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
    return rows as readonly CallCountsRow[];
  }
}
