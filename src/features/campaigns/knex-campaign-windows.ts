import type { Knex } from 'knex';
import type { DialWindows } from '../../engines/outbound/dial-windows.js';
import type { CampaignId } from '../../kernel/ids.js';
import { RulesByCountry } from './campaign-rules.js';
import { exceptionsOf, type CampaignRow } from './knex-stored-campaign.js';
import { readSettings } from './settings.js';

/** When a campaign may call people, by their country. */
export interface CampaignWindows {
  of(country: string): DialWindows;
  /** IANA zone of people whose own is not known. */
  readonly zone: string;
}

/** The hours of a campaign as they are now; undefined where it is not there. `home`: ISO country of the site. */
export async function campaignWindows(
  db: Knex,
  campaign: CampaignId,
  home: string,
): Promise<CampaignWindows | undefined> {
  const row = await db('campaigns')
    .where({ id: campaign })
    .first<Pick<CampaignRow, 'mode' | 'settings'> | undefined>('mode', 'settings');
  if (row === undefined) return undefined;
  const settings = readSettings(row.settings);
  const rules = new RulesByCountry(row.mode, settings, await exceptionsOf(db, settings), home);
  return { of: (country) => rules.of(country).windows, zone: settings.zone };
}
