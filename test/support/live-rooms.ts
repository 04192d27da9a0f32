import type { CallId } from '../../src/kernel/ids.js';
import type { LiveRoom, LiveRoomMember, LiveSnapshot } from '../../src/telephony/live.js';

/** Somebody in a room, as the calls would show it. */
export const roomMember = (n: number, changes: Partial<LiveRoomMember> = {}): LiveRoomMember => ({
  call: `01J00000000000000000000${String(n).padStart(3, '0')}` as CallId,
  ...{ role: 'guest', number: `+4420794609${String(n).padStart(2, '0')}`, name: '' },
  ...{ joinedAt: Date.now() - 60_000 * n, isMuted: false, isWaiting: false, isTalking: false },
  ...changes,
});

/** A moment in which these rooms are in use, and nothing else happens. */
export const momentOfRooms = (
  seq: number,
  rooms: readonly (Partial<LiveRoom> & Pick<LiveRoom, 'id'>)[],
): LiveSnapshot => ({
  ...{ seq, at: Date.now(), pbxOnline: true, queues: [], agents: [], calls: [] },
  ...{ trunks: [], extensions: [] },
  rooms: rooms.map((room) => ({ isLocked: false, members: [], invites: [], ...room })),
});
