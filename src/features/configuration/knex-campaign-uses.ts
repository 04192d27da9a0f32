import type { Knex } from 'knex';
import type { Usage } from './usage.js';

/** Settings of a campaign that name a row of another table, by their key in the column. */
export type CampaignSetting = 'holidays' | 'flow' | 'abandonedPrompt' | 'machinePrompt';

/** Campaigns in use whose settings name a row. */
export async function campaignsNaming(
  db: Knex,
  setting: CampaignSetting,
  id: number,
): Promise<readonly Usage[]> {
  const rows = await db('campaigns')
    .whereNull('archived_at')
    .whereRaw('JSON_VALUE(settings, ?) = ?', [`$.${setting}`, id])
    .orderBy('name')
    .select<{ id: number; name: string }[]>('id', 'name');
  return rows.map((row): Usage => ({ kind: 'campaign', ...row }));
}

/** Campaigns in use whose calls a queue takes. */
export async function campaignsOfQueue(db: Knex, id: number): Promise<readonly Usage[]> {
  const rows = await db('campaigns')
    .where({ queue_id: id })
    .whereNull('archived_at')
    .orderBy('name')
    .select<{ id: number; name: string }[]>('id', 'name');
  return rows.map((row): Usage => ({ kind: 'campaign', ...row }));
}
