import type { Knex } from 'knex';
import type { AgentId, CampaignId } from '../../kernel/ids.js';
import { LEAD_COLUMNS, type LeadRow } from './knex-dial-facts.js';

/** Whose leads are asked for: those of one agent, or of nobody. */
type Owner = AgentId | null;

/**
 * Leads that are due, the highest priority first, then who waits longest. Rows that another copy of the program looks at now are
 * passed over; these are kept from it until the transaction ends. Priorities are asked for one by one, so that the index gives
 * the rows in their order however many are held back.
 */
export async function lockDueLeads(
  tx: Knex.Transaction,
  campaign: CampaignId,
  now: number,
  count: number,
  owner: Owner,
): Promise<readonly LeadRow[]> {
  const of = { campaign_id: campaign, state: 'open', agent_id: owner };
  const priorities = (await tx('leads')
    .where(of)
    .groupBy('priority')
    .orderBy('priority', 'desc')
    .pluck('priority')) as number[];
  const found: LeadRow[] = [];
  for (const priority of priorities) {
    if (found.length >= count) break;
    const rows = await tx('leads')
      .where({ ...of, priority })
      .where('next_at', '<=', new Date(now))
      // Who was promised a call is called then, and not before.
      .whereNotExists(
        tx('follow_ups')
          .whereRaw('follow_ups.contact_id = leads.contact_id')
          .where('follow_ups.campaign_id', campaign)
          .whereIn('follow_ups.kind', ['callback', 'appointment'])
          .whereIn('follow_ups.state', ['open', 'calling'])
          .select('id'),
      )
      .orderBy(['next_at', 'id'])
      .limit(count - found.length)
      .forUpdate()
      .skipLocked()
      .select<LeadRow[]>(LEAD_COLUMNS);
    found.push(...rows);
  }
  return found;
}
