import type { Knex } from 'knex';
import { DialWindows } from '../../engines/outbound/dial-windows.js';
import { ruleSetOf } from '../../engines/outbound/rule-set.js';
import { countryOf } from '../../kernel/numbers.js';
import { campaignWindows } from '../campaigns/index.js';
import { zonesOf } from './booking.js';
import type { CallingWindows } from './calling-window.js';

/**
 * Hours of campaigns in MariaDB; without a campaign those of the law of the person's country.
 * @param site - IANA zone and ISO country of the site: of people of whom neither is known
 */
export const makeCallingWindows = (
  db: Knex,
  site: { readonly zone: string; readonly country: string },
): CallingWindows => ({
  ask: async (campaign, person, at) => {
    const country = person.country || (countryOf(person.number) ?? site.country);
    const own =
      campaign === undefined ? undefined : await campaignWindows(db, campaign, site.country);
    const windows =
      own?.of(country) ??
      new DialWindows({ weeks: [ruleSetOf(country, site.country).weekly], exceptions: [] });
    const zones = zonesOf(person, person.number, own?.zone ?? site.zone);
    return { isOpen: windows.at(zones, at).isOpen, openAt: windows.firstOpenAt(zones, at) };
  },
});
