import type { CallId, ConferenceId } from '../../../kernel/ids.js';
import type { AriPort } from '../../ari/port.js';
import type { StoredRoom } from '../../conference-rooms.js';
import type { Directory } from '../../directory.js';
import type { LiveRoom } from '../../live.js';
import type { Call } from '../call.js';
import type { JournalEntry } from '../journal.js';
import { OpenRoom, type RoomParts } from './open-room.js';

interface RoomsParts extends RoomParts {
  readonly directory: Pick<Directory, 'current'>;
}

/** The rooms in which somebody is, and those in which somebody was. */
export class ConferenceRooms {
  readonly #rooms = new Map<ConferenceId, OpenRoom>();
  #found: readonly StoredRoom[] = [];

  constructor(private readonly parts: RoomsParts) {}

  /** Reads what a former process has written down; call it before calls are taken. */
  async open(): Promise<void> {
    this.#found = await this.parts.store.readAll();
  }

  /** The room of this id, made where nobody has been in it. */
  of(id: ConferenceId, ari: AriPort): OpenRoom {
    const room = this.#rooms.get(id);
    if (room !== undefined) return room;
    return this.#make(id, ari);
  }

  /** A room in which somebody is. */
  inUse(id: ConferenceId): OpenRoom | undefined {
    const room = this.#rooms.get(id);
    return room?.state.members.length === 0 ? undefined : room;
  }

  /** What pages show; the room that was opened first comes first. */
  get live(): readonly LiveRoom[] {
    return [...this.#rooms.values()].flatMap((room) => room.live ?? []);
  }

  /**
   * Goes on with the rooms of a former process: those whose calls ended meanwhile have left, and the others are expected.
   * Resolves when what that means is done. `lost`: the calls that ended, in which it is told.
   */
  async adopt(ari: AriPort, living: readonly JournalEntry[], lost: readonly Call[]): Promise<void> {
    const present = new Set<CallId>(living.map(({ facts }) => facts.id));
    const calls = new Map(lost.map((call) => [call.id, call]));
    const found = this.#found;
    this.#found = [];
    for (const { id, state } of found) {
      const room = this.#make(id, ari, state);
      for (const { call } of state.members)
        if (!present.has(call)) await room.leave(call, calls.get(call));
    }
  }

  #make(id: ConferenceId, ari: AriPort, found?: StoredRoom['state']): OpenRoom {
    const { directory } = this.parts;
    const config = () => directory.current.conferences.get(id);
    const room = new OpenRoom(id, ari, config, this.parts, found);
    this.#rooms.set(id, room);
    return room;
  }
}
