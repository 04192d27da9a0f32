import type { Knex } from 'knex';
import type { PastResult, ResultSample } from '../../engines/reporting/past-results.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { PastResultStore } from './results-keeper.js';

/** A caller who calls again within so many days was not helped the first time. */
const AGAIN_DAYS = 7;
/** Contacts of so many days count. */
const COUNTED_DAYS = 30;
const DAY_MS = 86_400_000;

interface SampleRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
  readonly contacts: number;
  readonly worth: string | number;
}

interface ResultRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
  readonly result: number;
  readonly contacts: number;
  /** A decimal comes as text; null in rows of before it was kept. */
  readonly worth: number | string | null;
}

/**
 * First-contact resolution from the ledger: of the calls that came into a queue and were answered there by an agent, those
 * whose number did not come into the same queue again within 7 days. Test calls and withheld numbers do not count, nor do
 * calls that had come to the wrong queue and were soon transferred to another one.
 */
const FIRST_CONTACTS = `
  WITH visits AS (
    SELECT e.queue_id, e.call_id, c.from_number, MIN(e.at) AS at
    FROM call_events e
    JOIN calls c ON c.id = e.call_id
    WHERE e.kind = 'queue-entered' AND e.at >= :from AND e.queue_id IS NOT NULL
      AND c.direction = 'inbound' AND c.test = 0 AND c.from_number <> ''
    GROUP BY e.queue_id, e.call_id, c.from_number
  ), in_order AS (
    SELECT queue_id, call_id, at,
      LEAD(at) OVER (PARTITION BY queue_id, from_number ORDER BY at, call_id) AS again_at
    FROM visits
  )
  SELECT v.queue_id, CAST(JSON_VALUE(a.body, '$.agentId') AS UNSIGNED) AS agent_id,
    COUNT(*) AS contacts,
    SUM(v.again_at IS NULL OR v.again_at >= v.at + INTERVAL :againDays DAY) AS worth
  FROM in_order v
  JOIN call_events a ON a.call_id = v.call_id AND a.queue_id = v.queue_id
    AND a.kind = 'offer-ended' AND a.outcome = 'answered'
  WHERE v.at < :decidedBefore
    AND NOT EXISTS (
      SELECT 1 FROM call_transfers t
      WHERE t.call_id = v.call_id AND t.queue_id = v.queue_id AND t.is_misrouted = 1)
  GROUP BY v.queue_id, agent_id`;

/**
 * How callers rated the talk that a survey followed: the mean of their scores, each as a part of its scale. Test calls do
 * not count, nor does a score that is not on the scale any more.
 */
const RATINGS = `
  SELECT queue_id, agent_id, COUNT(*) AS contacts, SUM(worth) AS worth
  FROM (
    SELECT r.queue_id, r.agent_id,
      AVG((a.value - q.scale_from) / (q.scale_to - q.scale_from)) AS worth
    FROM survey_runs r
    JOIN survey_answers a ON a.run_id = r.id
    JOIN survey_questions q ON q.id = a.question_id
    WHERE r.test = 0 AND r.call_at >= :from AND r.queue_id IS NOT NULL AND r.agent_id IS NOT NULL
      AND q.kind = 'score' AND q.scale_to > q.scale_from
      AND a.value BETWEEN q.scale_from AND q.scale_to
    GROUP BY r.id, r.queue_id, r.agent_id
  ) asked
  GROUP BY queue_id, agent_id`;

/** Past results in MariaDB. */
export class KnexPastResults implements PastResultStore {
  constructor(private readonly db: Knex) {}

  async firstContacts(at: number): Promise<readonly ResultSample[]> {
    const [rows] = await this.db.raw<readonly [readonly SampleRow[], unknown]>(FIRST_CONTACTS, {
      from: new Date(at - COUNTED_DAYS * DAY_MS),
      decidedBefore: new Date(at - AGAIN_DAYS * DAY_MS),
      againDays: AGAIN_DAYS,
    });
    return rows.map(sampleOf);
  }

  async ratings(at: number): Promise<readonly ResultSample[]> {
    const [rows] = await this.db.raw<readonly [readonly SampleRow[], unknown]>(RATINGS, {
      from: new Date(at - COUNTED_DAYS * DAY_MS),
    });
    return rows.map(sampleOf);
  }

  replace(results: readonly PastResult[], at: number): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const before = await tx('agent_results')
        .orderBy(['queue_id', 'agent_id'])
        .forUpdate()
        .select<ResultRow[]>('queue_id', 'agent_id', 'result', 'contacts', 'worth');
      const rows = results
        .map(({ queue, agent, result, contacts, worth }): ResultRow => ({
          queue_id: queue,
          agent_id: agent,
          result,
          contacts,
          worth,
        }))
        .sort((a, b) => a.queue_id - b.queue_id || a.agent_id - b.agent_id);
      const known = before.map((row) => ({
        ...row,
        worth: row.worth === null ? null : Number(row.worth),
      }));
      if (JSON.stringify(known) === JSON.stringify(rows)) return false;
      await tx('agent_results').del();
      const computed = rows.map((row) => ({ ...row, computed_at: new Date(at) }));
      if (rows.length > 0) await tx.batchInsert('agent_results', computed, 500);
      return true;
    });
  }
}

const sampleOf = (row: SampleRow): ResultSample => ({
  queue: row.queue_id,
  agent: row.agent_id,
  contacts: row.contacts,
  worth: Number(row.worth),
});
