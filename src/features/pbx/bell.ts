import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';

/** Wakes one loop: rings are never lost, and many before the loop listens are one. */
export class Bell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Waits for a ring, at most so long. Rejects when the scope is cancelled. */
  async wait(scope: Scope, clock: Clock, limitMs: number): Promise<'rung' | 'time'> {
    const timer = new AbortController();
    const rung = new Promise<'rung'>((resolve) => {
      this.#wake = () => {
        resolve('rung');
      };
      if (this.#isRung) resolve('rung');
    });
    const time = clock.sleep(limitMs, timer.signal).then(() => 'time' as const);
    try {
      return await scope.wait(Promise.race([rung, time]));
    } finally {
      this.#wake = undefined;
      this.#isRung = false;
      timer.abort(new Error('rung'));
    }
  }
}
