import type { Directory, DirectorySnapshot } from '../../telephony/directory.js';
import type { LiveCall, LiveExtension, LiveSnapshot } from '../../telephony/live.js';
import { slotsOf } from '../../telephony/parking.js';
import {
  formatPhone,
  NO_VALUE,
  type LiveTopic,
  type LiveValue,
  type LiveValues,
  type LiveViewer,
} from '../../web/kit/index.js';

type Viewer = Pick<LiveViewer, 't' | 'country' | 'language' | 'zone'>;

/** What a phone does, as everybody may see it: where its calls go is its owner's. */
type PhoneState = 'free' | 'ringing' | 'talking' | 'quiet' | 'away' | 'unknown';

const LOOKS: Readonly<Record<PhoneState, { readonly tone: string; readonly icon: string }>> = {
  free: { tone: 'available', icon: 'circle-check' },
  ringing: { tone: 'ringing', icon: 'phone-ringing' },
  talking: { tone: 'talking', icon: 'phone-filled' },
  quiet: { tone: 'notready', icon: 'circle-minus' },
  away: { tone: '', icon: 'plug-connected-x' },
  unknown: { tone: '', icon: 'help' },
};

/** Who is there, and cannot be called at this moment. */
const BUSY: readonly PhoneState[] = ['ringing', 'talking', 'quiet'];

/** What `/directory` follows. */
export const peopleTopic = (directory: Pick<Directory, 'current'>): LiveTopic => ({
  name: 'directory',
  access: 'signed-in',
  sharedBy: (viewer) => viewer.language,
  values: (snapshot, viewer) => peopleValues(snapshot, viewer, directory.current),
});

/** Phones by number, slots with who waits there, rooms with how many are inside. */
export function peopleValues(
  snapshot: LiveSnapshot | undefined,
  viewer: Viewer,
  directory: Pick<DirectorySnapshot, 'extensions' | 'conferences' | 'parking'>,
): LiveValues {
  const values: Record<string, LiveValue> = {};
  const live = new Map((snapshot?.extensions ?? []).map((one) => [one.id, one]));
  const calls = snapshot?.calls ?? [];
  const ringing = new Set(calls.flatMap(({ ringsAt = [] }) => ringsAt));
  for (const { id, number } of directory.extensions.values()) {
    const state = stateOf(snapshot, live.get(id));
    values[`person:${number}.state`] = viewer.t(`directory.state.${state}`);
    values[`person:${number}.tone`] = LOOKS[state].tone;
    values[`person:${number}.icon`] = LOOKS[state].icon;
    values[`person:${number}.canPickUp`] = ringing.has(id);
    values[`person:${number}.isBusy`] = BUSY.includes(state);
  }
  for (const slot of slotsOf(directory.parking)) {
    const call = calls.find(({ parked }) => parked?.slot === slot);
    values[`slot:${slot}.who`] = call === undefined ? NO_VALUE : partyText(call, viewer);
    values[`slot:${slot}.since`] = call?.parked?.since ?? null;
    values[`slot:${slot}.taken`] = call !== undefined;
  }
  const rooms = new Map(snapshot?.rooms?.map(({ id, members }) => [id, members.length]));
  for (const { id, number } of directory.conferences.values())
    values[`room:${number}.inside`] = rooms.get(id) ?? 0;
  return values;
}

/** Whoever waits: not always the one who called. */
function partyText({ about, from, fromName }: LiveCall, viewer: Viewer): string {
  const { number, name } = about ?? { number: from, name: fromName };
  return [name, formatPhone(number, viewer)].filter((text) => text !== '').join(' · ');
}

function stateOf(
  snapshot: LiveSnapshot | undefined,
  extension: LiveExtension | undefined,
): PhoneState {
  if (snapshot?.pbxOnline !== true || extension === undefined) return 'unknown';
  if (extension.use === 'talking') return 'talking';
  if (extension.use === 'ringing') return 'ringing';
  if (!extension.registered) return 'away';
  return extension.doNotDisturb === true ? 'quiet' : 'free';
}
