import type { ChannelId } from '../../kernel/ids.js';
import { quietly, type AriPort } from '../ari/port.js';

/** What a display shows of a party: numbers and names come from callers. */
const shown = (text: string): string => text.replaceAll(/["\\<>,\p{Cc}]/gu, ' ').trim();

/** Tells a phone that has called us whom it will talk to, before it is answered; phones that cannot show it do not mind. */
export async function showParty(
  ari: AriPort,
  channel: ChannelId,
  party: { readonly number: string; readonly name: string },
): Promise<void> {
  // Told to the phone with the last of them ("i": not yet).
  await quietly(() => ari.setVariable(channel, 'CONNECTEDLINE(name,i)', shown(party.name)));
  await quietly(() => ari.setVariable(channel, 'CONNECTEDLINE(num)', shown(party.number)));
}
