import type { AttemptId } from '../../../kernel/ids.js';
import type { AttemptNews, AttemptResult } from '../../campaigns.js';
import type { FollowUpCall } from '../../follow-ups.js';
import type { CampaignWrites } from '../campaign-writes.js';

interface BookParts {
  readonly writes: Pick<CampaignWrites, 'tell'>;
  readonly settlePromise: (followUp: FollowUpCall, result: AttemptResult) => void;
  readonly onChange: () => void;
}

/** What becomes of attempts: written in order, later while the database is away, and each result told once. */
export class AttemptBook {
  /** Promises whose attempt has no result. */
  readonly #promised = new Map<AttemptId, FollowUpCall>();
  /** Calls that go on behind their result. */
  readonly #settled = new Set<AttemptId>();

  constructor(private readonly parts: BookParts) {}

  tell(attempt: AttemptId, news: AttemptNews): void {
    this.parts.writes.tell(attempt, news);
  }

  /** The attempt keeps a promise. */
  promise(attempt: AttemptId, followUp: FollowUpCall): void {
    this.#promised.set(attempt, followUp);
  }

  isSettled(attempt: AttemptId): boolean {
    return this.#settled.has(attempt);
  }

  /** The result of an attempt that has become a call. False where it was told already. */
  settle(attempt: AttemptId, news: AttemptNews): boolean {
    if (this.#settled.has(attempt)) return false;
    this.#settled.add(attempt);
    this.finish(attempt, news);
    return true;
  }

  /** The call is over: nothing more is told of it. */
  over(attempt: AttemptId, at: number): void {
    this.#settled.delete(attempt);
    this.tell(attempt, { endedAt: at });
  }

  /** The result of an attempt that has not become one. */
  finish(attempt: AttemptId, news: AttemptNews): void {
    this.tell(attempt, news);
    this.known(attempt, news.result ?? 'failed');
    this.parts.onChange();
  }

  /** The result is in the table already. */
  known(attempt: AttemptId, result: AttemptResult): void {
    const followUp = this.#promised.get(attempt);
    this.#promised.delete(attempt);
    if (followUp !== undefined) this.parts.settlePromise(followUp, result);
  }
}
