import { count, sum, type ReportSource } from './source.js';

/** The rate of a leg `l` of a call `c`: of its own trunk before any, then the longest prefix, then the latest day. */
const RATE = `(SELECT r.id FROM call_rates r
   WHERE r.archived_at IS NULL AND (r.trunk_id IS NULL OR r.trunk_id = l.trunk_id)
     AND r.direction = IF(l.role = 'caller' AND c.direction = 'inbound', 'in', 'out')
     AND r.valid_at <= c.started_at AND LEFT(l.number, LENGTH(r.prefix)) = r.prefix
   ORDER BY r.trunk_id IS NULL, LENGTH(r.prefix) DESC, r.valid_at DESC, r.id DESC LIMIT 1)`;

/** Seconds that a leg is charged for: whole steps, and the least. */
const SECONDS = 'GREATEST(r.minimum_s, CEIL(w.ms / 1000 / r.increment_s) * r.increment_s)';

/**
 * Answered legs over trunks that have ended, at the moment in which their call began. A leg without a rate is counted as such: it
 * is not free of charge.
 */
export const costs = {
  name: 'costs',
  table: 'sums_costs',
  begins: ['calls', 'started_at'],
  from: (within) =>
    `(SELECT c.id AS call_id, c.started_at, c.did_id, c.agent_id, l.trunk_id, ${RATE} AS rate_id,
        GREATEST(0, TIMESTAMPDIFF(MICROSECOND, l.answered_at, l.ended_at) DIV 1000) AS ms
      FROM calls c JOIN call_legs l ON l.call_id = c.id
      WHERE c.test = 0 AND ${within('c.started_at')} AND l.trunk_id IS NOT NULL
        AND l.answered_at IS NOT NULL AND l.ended_at IS NOT NULL) w
     LEFT JOIN call_rates r ON r.id = w.rate_id`,
  where: 'TRUE',
  at: 'w.started_at',
  callId: 'w.call_id',
  marked: ['calls', 'rates'],
  subjects: {
    trunk: { item: 'w.trunk_id' },
    did: { item: 'w.did_id' },
    // Who talked last in the call, or made it: one agent, so that costs of agents add up to what was paid.
    agent: { item: 'w.agent_id' },
    campaign: {
      item: "(SELECT t.campaign_id FROM attempts t WHERE t.call_id = w.call_id AND t.kind = 'dial' ORDER BY t.id LIMIT 1)",
    },
  },
  measures: {
    priced: count('r.id IS NOT NULL'),
    unpriced: count('r.id IS NULL'),
    costMicros: sum(`IF(r.id IS NULL, 0, r.per_call + ROUND(${SECONDS} * r.per_minute / 60))`),
  },
} as const satisfies ReportSource;
