import type { Knex } from 'knex';
import type { CampaignId } from '../../kernel/ids.js';

/** A dial or a refusal with the names of who is meant. */
export interface AttemptLine {
  readonly id: string;
  readonly kind: 'dial' | 'refusal';
  readonly campaign_id: CampaignId;
  readonly campaign_name: string | null;
  readonly contact_id: number;
  readonly name: string | null;
  readonly number: string;
  readonly at: Date;
  readonly mode: string;
  readonly rule_set: string;
  readonly reasons: unknown;
  readonly refused_by: string;
  readonly retry_at: Date | null;
  readonly call_id: string | null;
  readonly caller_id: string;
  readonly agent_name: string | null;
  readonly answered_at: Date | null;
  readonly connected_at: Date | null;
  readonly ended_at: Date | null;
  readonly result: string;
  readonly cause: number | null;
  readonly machine_verdict: string;
  /** What a notification's flow ended with. */
  readonly outcome: string;
}

const BATCH = 1_000;

const lines = (db: Knex): Knex.QueryBuilder =>
  db('attempts')
    .leftJoin('contacts', 'contacts.id', 'attempts.contact_id')
    .leftJoin('agents', 'agents.id', 'attempts.agent_id')
    .leftJoin('campaigns', 'campaigns.id', 'attempts.campaign_id')
    .select(
      'attempts.*',
      'contacts.name as name',
      'agents.name as agent_name',
      'campaigns.name as campaign_name',
    );

/** Every dial and refusal of a campaign, the oldest first, in batches. */
export async function eachAttempt(
  db: Knex,
  campaign: CampaignId,
  visit: (batch: readonly AttemptLine[]) => Promise<void>,
): Promise<void> {
  let after = { at: new Date(0), id: '' };
  for (;;) {
    const { at, id } = after;
    const rows = (await lines(db)
      .where('attempts.campaign_id', campaign)
      .whereRaw('(attempts.at, attempts.id) > (?, ?)', [at, id])
      .where('attempts.at', '>=', at)
      .orderBy(['attempts.at', 'attempts.id'])
      .limit(BATCH)) as AttemptLine[];
    if (rows.length > 0) await visit(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = { at: last.at, id: last.id };
  }
}

/** Every dial and refusal of a number, of all campaigns, the newest first; `most` at most. */
export const attemptsOf = async (
  db: Knex,
  number: string,
  most: number,
): Promise<readonly AttemptLine[]> =>
  (await lines(db)
    .where('attempts.number', number)
    .orderBy([
      { column: 'attempts.at', order: 'desc' },
      { column: 'attempts.id', order: 'desc' },
    ])
    .limit(most)) as AttemptLine[];
