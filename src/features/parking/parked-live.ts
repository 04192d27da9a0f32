import type { LiveCall, LiveSnapshot } from '../../telephony/live.js';
import {
  formatPhone,
  NO_VALUE,
  type LiveTopic,
  type LiveValues,
  type LiveViewer,
} from '../../web/kit/index.js';

/** Calls that wait at slots, by the number of the slot. */
export function parkedValues(
  snapshot: LiveSnapshot | undefined,
  viewer: Pick<LiveViewer, 't' | 'country' | 'language' | 'zone'>,
): LiveValues {
  const calls = (snapshot?.calls ?? [])
    .flatMap((call) => (call.parked === undefined ? [] : [{ call, ...call.parked }]))
    .sort((a, b) => Number(a.slot) - Number(b.slot));
  const rows = calls.map(({ call, slot, since, until }): LiveValues => {
    const key = `parked:${slot}`;
    const { name, number } = partyOf(call);
    return {
      [`${key}.href`]: `/calls/${call.id}`,
      [`${key}.name`]: name,
      [`${key}.number`]: formatPhone(number, viewer),
      [`${key}.queue`]: snapshot?.queues.find(({ id }) => id === call.queueId)?.name ?? NO_VALUE,
      [`${key}.by`]: call.other ?? NO_VALUE,
      [`${key}.since`]: since,
      [`${key}.until`]: until,
    };
  });
  return Object.assign(
    { parked: calls.map(({ slot }) => slot).join(' '), 'parked.none': calls.length === 0 },
    ...rows,
  ) as LiveValues;
}

/** Whoever waits: not always the one who called. */
const partyOf = ({ about, from, fromName }: LiveCall) => about ?? { number: from, name: fromName };

/** What `/parked` follows. */
export const PARKED_TOPIC: LiveTopic = {
  name: 'parked',
  access: 'workspace.use',
  sharedBy: () => 'all',
  values: parkedValues,
};
