import type { Knex } from 'knex';
import type { CampaignId } from '../../kernel/ids.js';
import { QUOTA_RESULTS, type CampaignSettings } from './campaign.js';

/** How far a campaign has come with what it wants. */
export interface QuotaState {
  readonly reached: Readonly<Record<string, number>>;
  readonly isReached: boolean;
  /** So many more may be in flight without more being reached than wanted; Infinity without a quota. */
  readonly room: number;
}

/** Counts results only where a campaign wants so many of one. */
export async function quotaOf(
  db: Knex,
  campaign: CampaignId,
  { quota }: Pick<CampaignSettings, 'quota'>,
): Promise<QuotaState> {
  const wanted = QUOTA_RESULTS.filter((result) => quota[result] > 0);
  if (wanted.length === 0) return { reached: {}, isReached: false, room: Infinity };
  const rows = await db('attempts')
    .where({ campaign_id: campaign, kind: 'dial' })
    .whereIn('result', wanted)
    .groupBy('result')
    .select<{ result: string; count: number }[]>('result', db.raw('COUNT(*) AS count'));
  const flying = await db('leads')
    .where({ campaign_id: campaign, state: 'calling' })
    .count<{ count: number }[]>({ count: '*' });
  const reached = Object.fromEntries(rows.map(({ result, count }) => [result, count]));
  const left = wanted.map((result) => quota[result] - (reached[result] ?? 0));
  return {
    reached,
    isReached: left.some((one) => one <= 0),
    room: Math.max(0, Math.min(...left) - (flying[0]?.count ?? 0)),
  };
}
