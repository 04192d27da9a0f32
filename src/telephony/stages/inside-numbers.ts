import type { Stage } from '../calls/stage.js';
import { isSlot } from '../parking.js';
import type { DirectorySnapshot } from '../directory.js';
import { pbxOf } from '../other-pbx.js';

/**
 * What a number means inside the house, DIDs left out: something of ours first, so that a number that has moved here is ours
 * at once; then the numbers that live on another telephone system. Undefined: it is none of these.
 */
export function insideStage(current: DirectorySnapshot, digits: string): Stage | undefined {
  const colleague = current.extensionsByNumber.get(digits);
  if (colleague) return { kind: 'ring-extension', extension: colleague.id };
  const room = current.conferencesByNumber.get(digits);
  if (room) return { kind: 'conference', room: room.id };
  const group = current.ringGroupsByNumber.get(digits);
  if (group) return { kind: 'ring-group', group: group.id };
  if (current.pagingGroupsByNumber.has(digits)) return { kind: 'page', group: digits };
  if (isSlot(current, digits)) return { kind: 'unpark', slot: digits };
  const pbx = pbxOf(current, digits);
  return pbx && { kind: 'dial-pbx', trunk: pbx.id, number: digits };
}
