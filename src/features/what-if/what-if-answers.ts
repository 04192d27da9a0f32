import type { WhatIfAnswer, WhatIfQuestion } from '../../engines/dialer/what-if.js';

/** Simulates; rejects where it fails or the signal is aborted. */
export type AskWhatIf = (question: WhatIfQuestion, signal: AbortSignal) => Promise<WhatIfAnswer>;

/** Longer than this nobody waits for a page. */
const LONGEST_MS = 60_000;
/** So many questions wait at most; the next one is told to come again. */
const MOST_WAITING = 5;
const MOST_KEPT = 100;

/**
 * Answers of the simulation: the same question gives the same answer, so that it is simulated once. One is simulated at a
 * time, that calls keep their processor.
 */
export class WhatIfAnswers {
  readonly #kept = new Map<string, Promise<WhatIfAnswer>>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(private readonly ask: AskWhatIf) {}

  /** undefined where too many others wait. Rejects where the simulation failed or took too long; it is tried again then. */
  answer(question: WhatIfQuestion): Promise<WhatIfAnswer> | undefined {
    const key = JSON.stringify(question);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    if (this.#waiting >= MOST_WAITING) return undefined;
    this.#waiting++;
    const answer = this.#last.then(() => this.ask(question, AbortSignal.timeout(LONGEST_MS)));
    this.#kept.set(key, answer);
    this.#last = answer.then(
      () => {
        this.#waiting--;
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
      },
      () => {
        this.#waiting--;
        this.#kept.delete(key);
      },
    );
    return answer;
  }
}
