import type { DirectorySnapshot } from '../../telephony/directory.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import { formatPhone, type LiveValues, type LiveViewer } from '../../web/kit/index.js';
import type { DeskPicture } from './desk-picture.js';

/** Calls that ring at phones of the own pickup group, the one that rings longest first: `pickups` and keys of each extension. */
export function pickupValues(
  { calls }: LiveSnapshot,
  { agent, mode }: DeskPicture,
  viewer: LiveViewer,
  directory: Pick<DirectorySnapshot, 'extensions' | 'extensionsByNumber' | 'featureCodes'>,
): LiveValues {
  const own = directory.extensionsByNumber.get(agent.extension);
  const group = own?.handling.pickupGroup ?? '';
  const canTake =
    group !== '' &&
    directory.featureCodes.pickup.isEnabled &&
    (mode === 'idle' || mode === 'wrap-up');
  const rings = (canTake ? calls : [])
    .filter(({ from, ringsAt = [] }) => from !== own?.number && ringsAt.length > 0)
    .sort((a, b) => a.stageSince - b.stageSince)
    .flatMap((call) =>
      (call.ringsAt ?? []).flatMap((id) => {
        const at = directory.extensions.get(id);
        const isTheirs = at !== undefined && at.id !== own?.id;
        return isTheirs && at.handling.pickupGroup === group ? [{ call, at }] : [];
      }),
    );
  const rows = rings.map(({ call, at }): LiveValues => {
    const { number, name } = call.about ?? { number: call.from, name: call.fromName };
    const key = `pickup:${at.number}`;
    return {
      [`${key}.at`]: `${at.number} ${at.name}`,
      [`${key}.who`]: name === '' ? formatPhone(number, viewer) : name,
      [`${key}.since`]: call.stageSince,
    };
  });
  const numbers = [...new Set(rings.map(({ at }) => at.number))];
  return Object.assign(
    { pickups: numbers.join(' '), hasPickups: numbers.length > 0 },
    ...rows.reverse(),
  ) as LiveValues;
}
