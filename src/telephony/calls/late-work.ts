import type { Clock } from '../../kernel/clock.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import type { CallLog } from './services.js';

interface LateWorkParts {
  readonly clock: Clock;
  readonly log: CallLog;
  /** How long to wait, in ms, before what failed is done again. */
  readonly retryMs: number;
}

/** Work for a database that may be away: done in order, each piece again until it succeeds. */
export class LateWork {
  #chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly scope: Scope,
    private readonly parts: LateWorkParts,
  ) {}

  /** Resolves when everything asked for so far is done; never rejects. */
  get done(): Promise<void> {
    return this.#chain;
  }

  add(name: string, work: () => Promise<void>): void {
    this.#chain = this.#chain.then(
      () =>
        new Promise<void>((resolve) => {
          this.scope.fork(name, async (scope) => {
            await this.#until(work, scope);
            resolve();
          });
        }),
    );
  }

  async #until(work: () => Promise<void>, scope: Scope): Promise<void> {
    const { clock, log, retryMs } = this.parts;
    for (;;)
      try {
        await work();
        return;
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        log.warn({ err: error }, 'it is written later');
        await clock.sleep(retryMs, scope.signal);
      }
  }
}
