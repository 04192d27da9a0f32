import type { Knex } from 'knex';
import type { QueueId } from '../../kernel/ids.js';
import { siteDayOf, type SiteDay } from '../../kernel/site-day.js';
import { measureSql, rowsSql, SOURCES } from '../report-sums/index.js';
import { addCounts, NO_VISITS, type Today, type TodayReports, type VisitCounts } from './today.js';

const QUARTER_S = 900;

/** Sums come as decimal texts. */
interface CountsRow {
  readonly queue_id: QueueId;
  readonly quarter: number;
  readonly offered: string | number;
  readonly answered: string | number;
  readonly abandoned: string | number;
  readonly short: string | number;
  readonly waiting: string | number;
  readonly inTime: string | number;
  readonly answeredWaitMs: string | number;
}

function toCounts(row: CountsRow): VisitCounts {
  const [offered, answered, abandoned, open] = [
    Number(row.offered),
    Number(row.answered),
    Number(row.abandoned),
    Number(row.waiting),
  ];
  return {
    ...{ offered, answered, abandoned, open, other: offered - answered - abandoned - open },
    ...{ short: Number(row.short), inTime: Number(row.inTime) },
    answeredWaitMs: Number(row.answeredWaitMs),
  };
}

/** Sums of rows by what they belong to, in the order in which these came first. */
function summed<Key>(
  rows: readonly CountsRow[],
  keyOf: (row: CountsRow) => Key,
): ReadonlyMap<Key, VisitCounts> {
  const sums = new Map<Key, VisitCounts>();
  for (const row of rows)
    sums.set(keyOf(row), addCounts(sums.get(keyOf(row)) ?? NO_VISITS, toCounts(row)));
  return sums;
}

const { visits } = SOURCES;
/** What is counted, by the conditions of the reports. */
const COUNTED = (
  ['offered', 'answered', 'abandoned', 'short', 'waiting', 'inTime', 'answeredWaitMs'] as const
).map((name) => `${measureSql(visits.measures[name])} AS ${name}`);

/** Counts visits of queues of the day from the rows themselves: what reports will say of it. */
export class KnexTodayReports implements TodayReports {
  constructor(
    private readonly db: Knex,
    private readonly zone: string,
  ) {}

  async today(now: number): Promise<Today> {
    const day = siteDayOf(now, this.zone);
    const [rows, queues, voicemails] = await Promise.all([
      this.#visits(day),
      this.db('queues')
        .whereNull('archived_at')
        .orderBy('name')
        .select('id', 'name', 'service_level_s'),
      this.db('voicemails').whereNull('heard_at').whereNull('archived_at').count({ total: '*' }),
    ]);
    const byQueue = summed(rows, (row) => row.queue_id);
    return {
      ...day,
      readAt: now,
      queues: (queues as { id: QueueId; name: string; service_level_s: number }[]).map((queue) => ({
        id: queue.id,
        name: queue.name,
        targetMs: queue.service_level_s * 1_000,
        ...(byQueue.get(queue.id) ?? NO_VISITS),
      })),
      total: rows.map(toCounts).reduce(addCounts, NO_VISITS),
      quarters: [...summed(rows, (row) => row.quarter)].map(([quarter, counts]) => ({
        startAt: day.startAt + quarter * QUARTER_S * 1_000,
        ...counts,
      })),
      voicemailsNotHeard: (voicemails as { total: number }[])[0]?.total ?? 0,
    };
  }

  async #visits({ startAt, endAt }: SiteDay): Promise<readonly CountsRow[]> {
    const [rows] = await this.db.raw<readonly [readonly CountsRow[], unknown]>(
      `SELECT v.queue_id, TIMESTAMPDIFF(SECOND, :from, ${visits.at}) DIV ${String(QUARTER_S)} AS quarter,
         ${COUNTED.join(', ')}
       ${rowsSql(visits, visits.subjects.queue)} GROUP BY quarter, v.queue_id ORDER BY quarter, v.queue_id`,
      { from: new Date(startAt), to: new Date(endAt) },
    );
    return rows;
  }
}
