import { instantOfIso, isKnownZone, wallText } from '../routing/wall-clock.js';
import { plainText } from './decimal.js';

/**
 * A moment that says how far it is from UTC (`2026-11-24T15:04:05Z`, `2026-11-24 15:04 +0800`) as the clock of the zone shows
 * it (`2026-11-24T23:04`). Anything else is as it was.
 */
export function onTheWall(value: string, zone: string): string {
  const at = instantOfIso(plainText(value).replace(/\s+(?=Z|[+-]\d)/i, ''));
  return at === undefined || !isKnownZone(zone) ? value : wallText(at, zone);
}
