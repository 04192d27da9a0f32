import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { ExtensionUse } from '../../engines/limits/outside-use.js';
import type { SavedPointer } from '../../engines/acd/acd.js';
import type { Logger } from '../log/logger.js';
import type { SavedEstimate } from '../../telephony/calls/acd-runner.js';
import type { RosterEntry, RosterStore } from '../../telephony/calls/agent-roster.js';
import type { BusyCallback } from '../../telephony/calls/busy-callbacks.js';
import type { LastDialled, PhoneMemoryStore } from '../../telephony/calls/phone-memory.js';
import type { RoomStore, StoredRoom } from '../../telephony/conference-rooms.js';
import type { Journal, JournalEntry } from '../../telephony/calls/journal.js';
import type { QueueChangeStore } from '../../telephony/calls/steered-directory.js';
import type { QueueChange } from '../../telephony/queue-changes.js';
import { LatestHash } from './latest-hash.js';
import { UnsentMemory } from './unsent-memory.js';

const JOURNAL_KEY = 'cb:journal';
const AGENTS_KEY = 'cb:agents';
const POINTERS_KEY = 'cb:round-robin';
const ESTIMATES_KEY = 'cb:wait-estimates';
const QUEUE_CHANGES_KEY = 'cb:queue-changes';
const DIALLED_KEY = 'cb:last-dialled';
const BUSY_KEY = 'cb:busy-callbacks';
const OUTSIDE_KEY = 'cb:outside-use';
const ROOMS_KEY = 'cb:conference-rooms';
const ALIVE_KEY = 'cb:calls-alive';

/** What a process must find again after it was killed: living calls, agents' states, what was changed in queues by hand. */
export interface CallMemory {
  readonly journal: Journal;
  readonly agents: RosterStore;
  readonly queueChanges: QueueChangeStore;
  readonly phones: PhoneMemoryStore;
  readonly rooms: RoomStore;
  /** To be called once a second: that calls are still watched. `now` in ms since the epoch. */
  beat(now: number): void;
  /** Tries once to bring everything to Redis; what it does not take waits for the next process. To be called last. */
  close(): Promise<void>;
}

/** Opens it with what a killed process before this one had not sent yet; rejects where Redis is away. */
export async function openCallMemory(
  redis: Redis,
  varDir: string,
  log: Logger,
): Promise<CallMemory> {
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'living calls could not be written down; trying again');
  };
  const unsent = await UnsentMemory.open(redis, join(varDir, 'call-memory'), onFailure);
  const aliveAt = Number((await redis.get(ALIVE_KEY)) ?? 0);
  const hash = (key: string): LatestHash => {
    const made = new LatestHash(redis, key, unsent, onFailure);
    unsent.hashes.push(made);
    return made;
  };
  const [journal, agents, pointers] = [hash(JOURNAL_KEY), hash(AGENTS_KEY), hash(POINTERS_KEY)];
  const [queueChanges, estimates] = [hash(QUEUE_CHANGES_KEY), hash(ESTIMATES_KEY)];
  const [dialled, busy, rooms] = [hash(DIALLED_KEY), hash(BUSY_KEY), hash(ROOMS_KEY)];
  const outside = hash(OUTSIDE_KEY);
  return {
    beat: (now) => {
      redis.set(ALIVE_KEY, now).catch((error: unknown) => {
        // Redis is away: that is logged where its connection is.
        log.debug({ err: error }, 'no sign of life');
      });
    },
    journal: {
      aliveAt,
      write: (entry) => {
        journal.write(entry.facts.id, entry);
      },
      remove: (call) => {
        journal.remove(call);
      },
      // Only this program writes the key; the shape changes with its version, which `restart` keeps compatible.
      readAll: async () => (await journal.readAll()) as JournalEntry[],
    },
    agents: {
      write: (entry) => {
        agents.write(String(entry.id), entry);
      },
      readAll: async () => (await agents.readAll()) as RosterEntry[],
      writePointer: (pointer) => {
        pointers.write(String(pointer.queue), pointer);
      },
      readPointers: async () => (await pointers.readAll()) as SavedPointer[],
      writeEstimate: (estimate) => {
        estimates.write(String(estimate.queue), estimate);
      },
      readEstimates: async () => (await estimates.readAll()) as SavedEstimate[],
    },
    queueChanges: {
      write: (key, change) => {
        queueChanges.write(key, change);
      },
      remove: (key) => {
        queueChanges.remove(key);
      },
      readAll: async () => (await queueChanges.readAll()) as QueueChange[],
    },
    phones: {
      writeDialled: (last) => {
        dialled.write(String(last.extension), last);
      },
      readDialled: async () => (await dialled.readAll()) as LastDialled[],
      writeCallback: (callback) => {
        busy.write(String(callback.caller), callback);
      },
      removeCallback: (caller) => {
        busy.remove(String(caller));
      },
      writeUse: (use) => {
        const key = String(use.extension);
        if (use.calls.length === 0) outside.remove(key);
        else outside.write(key, use);
      },
      readUses: async () => (await outside.readAll()) as ExtensionUse[],
      readCallbacks: async () => (await busy.readAll()) as BusyCallback[],
    },
    rooms: {
      write: (room) => {
        rooms.write(String(room.id), room);
      },
      remove: (id) => {
        rooms.remove(String(id));
      },
      readAll: async () => (await rooms.readAll()) as StoredRoom[],
    },
    close: async () => {
      await Promise.all(unsent.hashes.map((one) => one.flush()));
      unsent.close();
    },
  };
}
