import type { RoomEvent, RoomRecords, RoomState } from '../engines/conference/room.js';
import type { ConferenceId } from '../kernel/ids.js';

/** What everybody hears when somebody comes or goes: nothing, a tone, or the number. */
export const ROOM_ANNOUNCEMENTS = ['none', 'tone', 'number'] as const;
export type RoomAnnouncement = (typeof ROOM_ANNOUNCEMENTS)[number];

/** Keys in a room: `*`, then a digit. Nobody else hears them. */
export const ROOM_KEYS = {
  mute: '1',
  count: '2',
  lock: '3',
  'mute-guests': '4',
  record: '5',
  end: '9',
  help: '0',
} as const;
export type RoomKey = keyof typeof ROOM_KEYS;
/** Only hosts have these. */
export const HOST_KEYS: readonly RoomKey[] = ['lock', 'mute-guests', 'record', 'end'];

/** A room in which somebody is, as it is kept over a restart. */
export interface StoredRoom {
  readonly id: ConferenceId;
  readonly state: RoomState;
}

/** Where rooms are written down: writing never fails and never waits. */
export interface RoomStore {
  write(room: StoredRoom): void;
  remove(id: ConferenceId): void;
  readAll(): Promise<readonly StoredRoom[]>;
}

/** Who did something in a room: a user at the page, or a number at the phone. */
export interface RoomActor {
  readonly via: 'page' | 'phone';
  readonly name: string;
}

/** What a supervisor does with a room, or with somebody in it. */
export type RoomAction = 'lock' | 'unlock' | 'mute-guests' | 'record' | 'stop-recording' | 'end';
export type MemberAction = 'mute' | 'unmute' | 'remove';

/** What an action is to the engine; ids of recordings are made by whoever asks. */
export type RoomRequest = Exclude<
  RoomEvent,
  {
    readonly kind: 'join' | 'entered' | 'leave' | 'record' | 'recording-begun' | 'recording-failed';
  }
>;

export type { RoomRecords };
