import type { Clock } from '../../kernel/clock.js';
import type { ContactListId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';

export interface ListCounterParts {
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
  readonly next: (now: number) => Promise<ContactListId | undefined>;
  readonly count: (id: ContactListId, now: number) => Promise<void>;
}

const LOOK_MS = 2_000;

/** Counts lists whose figures are missing or old, one after the other, until the scope ends. */
export function keepListsCounted(
  server: Scope,
  { clock, log, next, count }: ListCounterParts,
): void {
  server.fork('list figures', async (scope) => {
    for (;;) {
      try {
        const id = await next(clock.now());
        if (id !== undefined) {
          await count(id, clock.now());
          continue;
        }
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'lists could not be counted');
      }
      await clock.sleep(LOOK_MS, scope.signal);
    }
  });
}
