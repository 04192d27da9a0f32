import type { Clock } from '../../../kernel/clock.js';
import type { ContactImportId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { CallLog } from '../../../telephony/calls/services.js';

export interface ImportRunnerParts {
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn' | 'error'>;
  waiting(): Promise<readonly ContactImportId[]>;
  markBrokenOff(): Promise<readonly ContactImportId[]>;
  /** Forgets what is old and removes its files. */
  tidy(draftsBefore: Date, endedBefore: Date): Promise<void>;
  /** Marks one that could not even begin, so that it is not tried for ever. */
  giveUp(id: ContactImportId): Promise<void>;
  /** One import, in a thread of its own. */
  run(id: ContactImportId, signal: AbortSignal): Promise<void>;
}

const LOOK_MS = 1_000;
const TIDY_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** An upload that nobody ran, and an import that ended, with its rejected rows. */
const DRAFTS_KEPT_MS = DAY_MS;
const ENDED_KEPT_MS = 30 * DAY_MS;

/** Runs imports that wait, one after the other, until the scope ends. What an ended program left is marked first. */
export function runImports(server: Scope, parts: ImportRunnerParts): void {
  const { clock, log } = parts;
  server.fork('imports', async (scope) => {
    let tidyAt = 0;
    for (;;) {
      try {
        for (const id of await parts.markBrokenOff()) log.warn({ import: id }, 'import broken off');
        if (clock.now() >= tidyAt) {
          const now = clock.now();
          await parts.tidy(new Date(now - DRAFTS_KEPT_MS), new Date(now - ENDED_KEPT_MS));
          tidyAt = now + TIDY_EVERY_MS;
        }
        const [next] = await parts.waiting();
        if (next !== undefined) {
          await runOne(scope, parts, next);
          continue;
        }
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'imports wait: they cannot be looked up');
      }
      await clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

/** An import whose thread failed is marked as broken off at the next look. */
async function runOne(scope: Scope, parts: ImportRunnerParts, id: ContactImportId): Promise<void> {
  try {
    await parts.run(id, scope.signal);
    parts.log.info({ import: id }, 'import ended');
  } catch (error) {
    if (scope.cancelled) throw error;
    parts.log.error({ import: id, err: error }, 'an import could not go on');
    await parts.giveUp(id);
  }
}
