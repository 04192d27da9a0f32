import type { LiveSnapshot } from '../../telephony/live.js';
import { formatPhone, type LiveViewer } from '../../web/kit/index.js';
import type { DeskPicture } from './desk-picture.js';

/** Which calls this agent's phone has parked, and where; '' for none. */
export function parkedNote(
  { calls }: LiveSnapshot,
  { agent: { extension } }: DeskPicture,
  viewer: LiveViewer,
): string {
  const parked = calls.flatMap(({ parked: at, other, about, from, fromName }) => {
    if (at === undefined || extension === '' || other !== extension) return [];
    const { name, number } = about ?? { name: fromName, number: from };
    return [`${at.slot} (${name === '' ? formatPhone(number, viewer) : name})`];
  });
  return parked.length === 0 ? '' : viewer.t('workspace.parked', { calls: parked.join(', ') });
}
