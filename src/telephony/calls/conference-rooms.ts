import { derivedId, type BridgeId, type CallId, type ConferenceId } from '../../kernel/ids.js';
import { quietly, type AriPort } from '../ari/port.js';
import type { Call } from './call.js';

/** The bridge of a room: the same for every process, so that one that takes calls up finds it. */
export const bridgeOfRoom = (room: ConferenceId): BridgeId =>
  `${derivedId(0, `conference ${String(room)}`)}-bridge` as BridgeId;

interface Room {
  readonly members: Set<CallId>;
  readonly ari: AriPort;
  made: Promise<void>;
}

/** Who is in which conference room. A room has a bridge while somebody is in it. */
export class ConferenceRooms {
  readonly #rooms = new Map<ConferenceId, Room>();

  /** How many are in a room. */
  count(room: ConferenceId): number {
    return this.#rooms.get(room)?.members.size ?? 0;
  }

  /** Brings a caller in; resolves when the others are heard. */
  async join(call: Call, id: ConferenceId): Promise<void> {
    const bridge = bridgeOfRoom(id);
    const room = this.#rooms.get(id) ?? {
      members: new Set(),
      ari: call.ari,
      made: Promise.resolve(),
    };
    if (room.members.size === 0) {
      this.#rooms.set(id, room);
      // Whoever left last may still be taking the bridge away.
      room.made = room.made.then(() => call.ari.createBridge(bridge, `conference-${String(id)}`));
    }
    room.members.add(call.id);
    await room.made;
    await call.ari.addToBridge(bridge, [call.channel]);
  }

  /** The last one to leave takes the bridge away. */
  async leave(call: Call, id: ConferenceId): Promise<void> {
    const room = this.#rooms.get(id);
    if (room?.members.delete(call.id) !== true || room.members.size > 0) return;
    const gone = room.made.then(
      () => quietly(() => room.ari.destroyBridge(bridgeOfRoom(id))),
      () => undefined,
    );
    room.made = gone;
    await gone;
    if (room.members.size === 0 && this.#rooms.get(id) === room) this.#rooms.delete(id);
  }
}
