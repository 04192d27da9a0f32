import type { Knex } from 'knex';

/** Why callers were turned away or phones may not call outside: reasons of `refused` in the ledger. */
const REASONS = [
  ...['calls-full', 'trunk-full', 'calls-too-fast', 'source-full', 'source-too-often'],
  ...['cap-calls', 'cap-at-once', 'cap-cost'],
];

/** How many calls were refused for a reason. */
interface TurnedAwayCount {
  readonly reason: string;
  readonly calls: number;
}

/** Counts since a moment, the most frequent reason first. */
export const turnedAwaySince = async (
  db: Knex,
  since: Date,
): Promise<readonly TurnedAwayCount[]> => {
  const refused = db('call_events')
    .where('at', '>=', since)
    .where({ kind: 'refused' })
    .select('call_id', { reason: db.raw("JSON_VALUE(body, '$.reason')") });
  return db
    .from(refused.as('refused'))
    .whereIn('reason', REASONS)
    .groupBy('reason')
    .orderBy('calls', 'desc')
    .select<TurnedAwayCount[]>('reason', db.raw('COUNT(DISTINCT call_id) AS calls'));
};
