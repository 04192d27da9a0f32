import type { ConferenceId } from '../../../kernel/ids.js';
import type { ConferenceConfig, Directory } from '../../../telephony/directory.js';
import type { LiveRoom, LiveRoomMember, LiveSnapshot } from '../../../telephony/live.js';
import {
  formatPhone,
  NO_VALUE,
  type LiveTopic,
  type LiveTopicFamily,
  type LiveValue,
  type LiveValues,
  type LiveViewer,
} from '../../../web/kit/index.js';

type Viewer = Pick<LiveViewer, 't' | 'country' | 'language' | 'zone'>;
type Rooms = Pick<Directory, 'current'>;

export const ROOMS_TOPIC = 'live-rooms';
const PREFIX = 'room:';
export const roomTopicName = (id: ConferenceId): string => `${PREFIX}${String(id)}`;
export const roomPath = (id: ConferenceId): string => `/live/conferences/${String(id)}`;

/** A member's name, else number, as people read it. */
export const memberName = (
  { name, number }: Pick<LiveRoomMember, 'name' | 'number'>,
  viewer: Viewer,
): string => {
  if (name !== '') return name;
  return number === '' ? viewer.t('rooms.withheld') : formatPhone(number, viewer);
};

const speakers = (room: LiveRoom, viewer: Viewer): string =>
  room.members
    .filter(({ isTalking }) => isTalking)
    .map((member) => memberName(member, viewer))
    .join(', ');

const countOf = (room: LiveRoom, config: ConferenceConfig | undefined): string => {
  const count = String(room.members.length);
  const most = config?.maxMembers ?? 0;
  return most === 0 ? count : `${count} / ${String(most)}`;
};

/** Rooms in which somebody is; the one that was opened first comes first. */
export function roomListValues(
  snapshot: LiveSnapshot | undefined,
  { current }: Rooms,
  viewer: Viewer,
): LiveValues {
  const rooms = snapshot?.rooms ?? [];
  const values: Record<string, LiveValue> = {
    rooms: rooms.map(({ id }) => id).join(' '),
    'rooms.none': rooms.length === 0,
    'rooms.some': rooms.length > 0,
  };
  for (const room of rooms) {
    const key = roomTopicName(room.id);
    const config = current.conferences.get(room.id);
    values[`${key}.href`] = roomPath(room.id);
    values[`${key}.name`] = config?.name ?? viewer.t('rooms.gone');
    values[`${key}.number`] = config?.number ?? NO_VALUE;
    values[`${key}.count`] = countOf(room, config);
    values[`${key}.hosts`] = room.members.filter(({ role }) => role === 'host').length;
    values[`${key}.since`] = room.members[0]?.joinedAt ?? null;
    values[`${key}.speakers`] = speakers(room, viewer) || NO_VALUE;
    values[`${key}.locked`] = room.isLocked;
    values[`${key}.recorded`] = room.recordedSince !== undefined;
  }
  return values;
}

/** Everything of one room. */
export function roomValues(
  id: ConferenceId,
  snapshot: LiveSnapshot | undefined,
  { current }: Rooms,
  viewer: Viewer,
): LiveValues {
  const room = snapshot?.rooms?.find((one) => one.id === id);
  const config = current.conferences.get(id);
  const values: Record<string, LiveValue> = {
    'room.none': room === undefined,
    'room.some': room !== undefined,
  };
  if (room === undefined) return values;
  const { members, invites, isLocked, recordedSince } = room;
  const isRecorded = recordedSince !== undefined;
  Object.assign(values, {
    'room.members': members.map(({ call }) => call).join(' '),
    'room.count': countOf(room, config),
    'room.since': members[0]?.joinedAt ?? null,
    'room.speakers': speakers(room, viewer) || NO_VALUE,
    'room.locked': isLocked,
    'room.open': !isLocked,
    'room.lockTone': isLocked ? 'hold' : 'available',
    'room.lockIcon': isLocked ? 'lock' : 'lock-open',
    'room.lock': viewer.t(isLocked ? 'rooms.locked' : 'rooms.open'),
    'room.recorded': isRecorded,
    'room.recordedSince': recordedSince ?? null,
    'room.canRecord': !isRecorded && config?.records !== 'never',
    'room.canStop': isRecorded && config?.records !== 'always',
    // Nobody is left to mute where it is 0.
    'room.heard': members.filter(({ role, isMuted }) => role === 'guest' && !isMuted).length,
    'room.invites': invites.map(({ call }) => call).join(' '),
    'room.invited': invites.length > 0,
  });
  for (const member of members) Object.assign(values, memberValues(member, viewer));
  for (const invite of invites) {
    const key = `invite:${invite.call}`;
    const isOver = invite.state !== 'ringing' && invite.state !== 'asked';
    values[`${key}.who`] = memberName(invite, viewer);
    values[`${key}.number`] = invite.name === '' ? '' : formatPhone(invite.number, viewer);
    values[`${key}.state`] = viewer.t(`rooms.invite.${invite.state}`);
    values[`${key}.tone`] = isOver ? 'alarm' : 'ringing';
    values[`${key}.icon`] = isOver ? 'phone-off' : 'bell-ringing';
    values[`${key}.since`] = isOver ? null : invite.since;
  }
  return values;
}

function memberValues(member: LiveRoomMember, viewer: Viewer): LiveValues {
  const key = `member:${member.call}`;
  const { state, icon, tone } = lookOf(member);
  const who = memberName(member, viewer);
  return {
    [`${key}.name`]: who,
    [`${key}.href`]: `/calls/${member.call}`,
    [`${key}.number`]: member.name === '' ? '' : formatPhone(member.number, viewer),
    [`${key}.role`]: viewer.t(`rooms.role.${member.role}`),
    [`${key}.roleIcon`]: member.role === 'host' ? 'star' : 'user',
    [`${key}.since`]: member.joinedAt,
    [`${key}.state`]: viewer.t(`rooms.state.${state}`),
    [`${key}.icon`]: icon,
    [`${key}.tone`]: tone,
    [`${key}.talking`]: member.isTalking ? 'talking' : '',
    [`${key}.muted`]: member.isMuted,
    [`${key}.heard`]: !member.isMuted,
    [`${key}.muteLabel`]: viewer.t('rooms.mute-who', { who }),
    [`${key}.unmuteLabel`]: viewer.t('rooms.unmute-who', { who }),
    [`${key}.removeLabel`]: viewer.t('rooms.remove-who', { who }),
  };
}

function lookOf({ isWaiting, isMuted, isTalking }: LiveRoomMember) {
  if (isWaiting) return { state: 'waiting', icon: 'hourglass', tone: 'hold' };
  if (isMuted) return { state: 'muted', icon: 'microphone-off', tone: 'notready' };
  if (isTalking) return { state: 'talking', icon: 'volume', tone: 'talking' };
  return { state: 'listening', icon: 'microphone', tone: 'available' };
}

/** What the pages follow. */
export function roomTopics(rooms: Rooms): {
  readonly topics: readonly LiveTopic[];
  readonly family: LiveTopicFamily;
} {
  const topic = (
    name: string,
    values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => LiveValues,
  ): LiveTopic => ({ name, access: 'live.read', sharedBy: () => 'all', values });
  return {
    topics: [topic(ROOMS_TOPIC, (snapshot, viewer) => roomListValues(snapshot, rooms, viewer))],
    family: {
      prefix: PREFIX,
      topic: (rest) => {
        const id = Number(rest) as ConferenceId;
        return rooms.current.conferences.has(id)
          ? topic(roomTopicName(id), (snapshot, viewer) => roomValues(id, snapshot, rooms, viewer))
          : undefined;
      },
    },
  };
}
