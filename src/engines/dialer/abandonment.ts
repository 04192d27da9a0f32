const DAY_MS = 86_400_000;

/** What a campaign may do to those who answer. */
export interface AbandonmentRule {
  /** Share of answered calls that may find no agent in time, from 0 to 1. */
  readonly limit: number;
  /** Over how long it is counted: 30 days (47 CFR 64.1200(a)(7)) or 24 hours. */
  readonly windowMs: number;
}

interface Span {
  readonly from: number;
  answered: number;
  abandoned: number;
}

/** Spans in which old answers leave the window together: a window of 30 days is left in steps of an hour, of a day in minutes. */
const SPANS_A_WINDOW = 720;

/**
 * The exact count of answered and abandoned calls of one campaign over a rolling window. What leaves the window leaves it by
 * spans of 1/720 of it, and never before it is older than the window: the share is never counted too small by forgetting.
 */
export class AbandonmentLedger {
  readonly #spans: Span[] = [];
  #answered = 0;
  #abandoned = 0;

  constructor(readonly rule: AbandonmentRule) {}

  get answered(): number {
    return this.#answered;
  }
  get abandoned(): number {
    return this.#abandoned;
  }
  /** Share of the answered calls of the window that were abandoned; 0 where none was answered. */
  get share(): number {
    return this.#answered === 0 ? 0 : this.#abandoned / this.#answered;
  }

  addAnswered(at: number): void {
    this.#spanAt(at).answered++;
    this.#answered++;
  }

  addAbandoned(at: number): void {
    this.#spanAt(at).abandoned++;
    this.#abandoned++;
  }

  /** Forgets what is older than the window. */
  pass(at: number): void {
    const span = this.rule.windowMs / SPANS_A_WINDOW;
    for (;;) {
      const first = this.#spans[0];
      if (first === undefined || first.from + span > at - this.rule.windowMs) return;
      this.#spans.shift();
      this.#answered -= first.answered;
      this.#abandoned -= first.abandoned;
    }
  }

  #spanAt(at: number): Span {
    const length = this.rule.windowMs / SPANS_A_WINDOW;
    const last = this.#spans.at(-1);
    // A clock that jumps back must not make a span that leaves before its time.
    if (last !== undefined && at < last.from + length) return last;
    const span: Span = { from: Math.floor(at / length) * length, answered: 0, abandoned: 0 };
    this.#spans.push(span);
    return span;
  }
}

export const THIRTY_DAYS_MS = 30 * DAY_MS;
