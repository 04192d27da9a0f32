import type { ChannelId } from '../../kernel/ids.js';
import { readCode } from '../feature-codes.js';
import type { Arrival } from '../stages/arrival.js';
import { retrieve } from './parking.js';
import { pickUp } from './pickup.js';
import type { CallServices } from './services.js';

/**
 * A phone that dials a code may join a call that there is, instead of beginning one. True where it has: its channel belongs to
 * that call. Else the code is answered as any other, and says why nothing was there.
 */
export function joinsCall(s: CallServices, channel: ChannelId, arrival: Arrival): boolean {
  const { first, facts } = arrival;
  const { extensions, featureCodes } = s.directory.current;
  const by = facts.extensionId === undefined ? undefined : extensions.get(facts.extensionId);
  if (by === undefined) return false;
  if (first.kind === 'unpark') return retrieve(s, channel, by, first.slot);
  // Whom the dialplan kept has heard music: nothing rings any more.
  if (first.kind !== 'desk-code' || arrival.keptMs > 0) return false;
  const dialled = readCode(featureCodes, first.code);
  return dialled?.name === 'pickup' && pickUp(s, channel, by, dialled.rest);
}
