import type { Redis } from 'ioredis';
import type { SavedPointer } from '../../engines/acd/acd.js';
import type { Logger } from '../log/logger.js';
import type { RosterEntry, RosterStore } from '../../telephony/calls/agent-roster.js';
import type { Journal, JournalEntry } from '../../telephony/calls/journal.js';
import { LatestHash } from './latest-hash.js';

const JOURNAL_KEY = 'cb:journal';
const AGENTS_KEY = 'cb:agents';
const POINTERS_KEY = 'cb:round-robin';

/** What a process must find again after it was killed: living calls and agents' states. */
export interface CallMemory {
  readonly journal: Journal;
  readonly agents: RosterStore;
  flush(): Promise<void>;
}

export function makeCallMemory(redis: Redis, log: Logger): CallMemory {
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'living calls could not be written down; trying again');
  };
  const journal = new LatestHash(redis, JOURNAL_KEY, onFailure);
  const agents = new LatestHash(redis, AGENTS_KEY, onFailure);
  const pointers = new LatestHash(redis, POINTERS_KEY, onFailure);
  return {
    journal: {
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
    },
    flush: async () => {
      await Promise.all([journal.flush(), agents.flush(), pointers.flush()]);
    },
  };
}
