import { isKnownZone } from '../routing/wall-clock.js';
import { LONGEST_PREFIX, NUMBER_ZONES } from './number-zones.js';

/** Which clock somebody lives by, and what says so. */
export interface ContactClock {
  /**
   * IANA zones, at least one. Several where the number does not tell in which of them the person lives (Nebraska's 308 keeps
   * two clocks): a calling window holds only while it is open in every one of them.
   */
  readonly zones: readonly string[];
  readonly from: 'contact' | 'number' | 'campaign';
}

/** The zones in which an E.164 number can be; empty where its beginning does not tell (freephone, most satellites). */
export function zonesOfNumber(number: string): readonly string[] {
  if (!number.startsWith('+')) return [];
  for (let length = LONGEST_PREFIX; length > 0; length -= 1) {
    const zones = NUMBER_ZONES.get(number.slice(1, 1 + length));
    if (zones !== undefined) return zones;
  }
  return [];
}

/**
 * The clock of a person: the zone that the contact has, else what the number's beginning says, else the campaign's. A stored
 * zone that this machine does not know counts as none.
 * @param contact - `timeZone` is '' where nobody wrote one; `number` is the E.164 number that would be dialled
 */
export function clockOf(
  contact: { readonly timeZone: string; readonly number: string },
  campaignZone: string,
): ContactClock {
  if (contact.timeZone !== '' && isKnownZone(contact.timeZone))
    return { zones: [contact.timeZone], from: 'contact' };
  const zones = zonesOfNumber(contact.number);
  if (zones.length > 0) return { zones, from: 'number' };
  return { zones: [campaignZone], from: 'campaign' };
}
