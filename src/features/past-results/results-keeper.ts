import {
  pastResults,
  type PastResult,
  type ResultSample,
} from '../../engines/reporting/past-results.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';

/** Results change by the day; an hour is often enough. */
const EVERY_MS = 3_600_000;
/** While the database is away it is tried again after so long. */
const RETRY_MS = 60_000;

/** Where contacts are read from and results are kept. */
export interface PastResultStore {
  /** What agents' contacts of the last 30 days were worth, as far as that is decided. */
  firstContacts(at: number): Promise<readonly ResultSample[]>;
  /** What callers of the last 30 days answered to surveys behind the agents' talks. */
  ratings(at: number): Promise<readonly ResultSample[]>;
  /** Keeps these instead of the former ones; false where they are the same. */
  replace(results: readonly PastResult[], at: number): Promise<boolean>;
}

interface KeeperParts {
  readonly clock: Clock;
  readonly store: PastResultStore;
  readonly announcer: Announcer;
  readonly log: { warn(fields: object, message: string): void };
}

/** Works past results out now; tells the calls where they changed. */
export async function refreshResults({ clock, store, announcer }: KeeperParts): Promise<void> {
  const at = clock.now();
  const results = pastResults(await store.firstContacts(at), await store.ratings(at));
  const isChanged = await store.replace(results, at);
  if (isChanged) await announcer.configurationChanged('past-results');
}

/** Keeps past results up to date until the scope ends: at once, then every hour. */
export function keepResults(server: Scope, parts: KeeperParts): void {
  server.fork('past results', async (scope) => {
    for (;;) {
      let waitMs = EVERY_MS;
      try {
        await refreshResults(parts);
      } catch (error) {
        parts.log.warn({ err: error }, 'past results could not be worked out; trying again');
        waitMs = RETRY_MS;
      }
      await parts.clock.sleep(waitMs, scope.signal);
    }
  });
}
