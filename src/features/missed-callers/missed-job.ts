import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';

const LOOK_EVERY_MS = 5_000;
const RETRY_MS = 10_000;

/** Opens and closes rows of people who did not reach us as calls end, until the scope ends. */
export class MissedJob {
  #wake: () => void = () => undefined;
  #isWoken = false;

  constructor(
    private readonly parts: {
      /** Works on some calls that are over; how many there were. */
      readonly fold: () => Promise<number>;
      readonly clock: Clock;
      readonly log: { warn(fields: object, message: string): void };
    },
  ) {}

  /** Says that a call may have ended; without it the job looks every few seconds. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  start(server: Scope): void {
    const { fold, log } = this.parts;
    server.fork('missed callers', async (scope) => {
      for (;;) {
        this.#isWoken = false;
        let waitMs = LOOK_EVERY_MS;
        try {
          if ((await fold()) > 0) continue;
        } catch (error) {
          if (scope.cancelled) return;
          log.warn({ err: error }, 'missed callers wait');
          waitMs = RETRY_MS;
        }
        await this.#rest(scope, waitMs);
      }
    });
  }

  async #rest(scope: Scope, ms: number): Promise<void> {
    if (this.#isWoken) return;
    const rest = new AbortController();
    this.#wake = () => {
      rest.abort(new Error('woken'));
    };
    const signal = AbortSignal.any([rest.signal, scope.signal]);
    try {
      await this.parts.clock.sleep(ms, signal);
    } catch (error) {
      if (!rest.signal.aborted || scope.cancelled) throw error;
    }
  }
}
