import type { Knex } from 'knex';
import type { CampaignId } from '../../kernel/ids.js';

/** The name of a campaign, running or not; undefined where there is none. */
export async function nameOfCampaign(db: Knex, id: CampaignId): Promise<string | undefined> {
  const row = await db('campaigns').where({ id }).first<{ name: string } | undefined>('name');
  return row?.name;
}
