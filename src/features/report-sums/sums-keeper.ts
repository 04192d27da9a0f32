import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';

/** So long after one refresh the next one begins at the earliest. */
const EVERY_MS = 2_000;
/** A refresh that took long is followed by a pause of so many times as long: calls come first. */
const PAUSE_FACTOR = 3;
/** While the database is away it is tried again after so long. */
const RETRY_MS = 10_000;

interface KeeperParts {
  readonly sums: { refresh(now: number, signal?: AbortSignal): Promise<number> };
  readonly clock: Clock;
  readonly log: { warn(fields: object, message: string): void };
}

/** Keeps the sums of reports up to date until the scope ends. */
export function keepSums(server: Scope, { sums, clock, log }: KeeperParts): void {
  server.fork('sums of reports', async (scope) => {
    for (;;) {
      const begunAt = clock.now();
      let waitMs = EVERY_MS;
      try {
        await sums.refresh(begunAt, scope.signal);
        waitMs = Math.max(EVERY_MS, PAUSE_FACTOR * (clock.now() - begunAt));
      } catch (error) {
        if (scope.signal.aborted) return;
        log.warn({ err: error }, 'sums of reports could not be made; trying again');
        waitMs = RETRY_MS;
      }
      await clock.sleep(waitMs, scope.signal);
    }
  });
}
