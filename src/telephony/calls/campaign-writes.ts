import type { Clock } from '../../kernel/clock.js';
import type { AttemptId, FollowUpId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { isRefused } from '../../kernel/sql-error.js';
import type { AttemptNews, CampaignStore, OptOut } from '../campaigns.js';
import type { FollowUpStore } from '../follow-ups.js';
import { LateWork } from './late-work.js';
import type { CallLog } from './services.js';

/** While the database is away, what became of calls is written later. */
const RETRY_MS = 2_000;
/** A file that is larger is written anew with what still waits. */
const REWRITE_BYTES = 1024 * 1024;

/** Lines of this machine that outlive the process which added them. Nothing of it fails. */
export interface KeptLines {
  /** What processes that were killed had not cleared, the oldest first. Called once; the lines are gone with it. */
  takeLeft(keep: (lines: readonly string[]) => void): void;
  /** Bytes. */
  readonly size: number;
  /** One more, without a line break. */
  add(line: string): void;
  /** None is needed any more. */
  clear(): void;
}

type Settlement = Parameters<FollowUpStore['settle']>[1];

/** Each of them may be written twice: the second time changes nothing. */
type CampaignWrite =
  | { readonly kind: 'attempt'; readonly attempt: AttemptId; readonly news: AttemptNews }
  | { readonly kind: 'opt-out'; readonly wish: OptOut }
  | { readonly kind: 'promise'; readonly followUp: FollowUpId; readonly change: Settlement };

interface WriteParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: Pick<CampaignStore, 'tell' | 'optOut'>;
  readonly followUps: Pick<FollowUpStore, 'settle'>;
  readonly kept: KeptLines;
}

/**
 * Tells the database what becomes of attempts, of people who want no more calls, and of promised calls: in order, each again until
 * it is written. Until then it is in a file of the machine as well, and a process that comes after a kill writes it before
 * anything else. Nothing here fails or waits.
 */
export class CampaignWrites {
  readonly #late: LateWork;
  /** Lines that are not written yet, the oldest first. */
  readonly #waiting = new Set<{ readonly line: string }>();
  #behind = 0;
  #rewriteAt = REWRITE_BYTES;

  constructor(
    scope: Scope,
    private readonly parts: WriteParts,
  ) {
    this.#late = new LateWork(scope, { ...parts, retryMs: RETRY_MS });
    parts.kept.takeLeft((lines) => {
      for (const line of lines) this.#takeUp(line);
    });
  }

  /** So many things are not written yet. */
  get behind(): number {
    return this.#behind;
  }

  /** Resolves when everything told so far is written, also what a former process left; never rejects. */
  get done(): Promise<void> {
    return this.#late.done;
  }

  tell(attempt: AttemptId, news: AttemptNews): void {
    this.#keep({ kind: 'attempt', attempt, news });
  }

  optOut(wish: OptOut): void {
    this.#keep({ kind: 'opt-out', wish });
  }

  /** What became of a promised call; `then` once it is written. */
  settle(followUp: FollowUpId, change: Settlement, then: () => void): void {
    this.#keep({ kind: 'promise', followUp, change }, then);
  }

  /** Something that a process which comes after a kill finds out by itself: in order with the rest, in memory alone. */
  later(name: string, work: () => Promise<void>): void {
    this.#behind++;
    this.#late.add(name, async () => {
      await work();
      this.#behind--;
    });
  }

  #takeUp(line: string): void {
    try {
      // Only this program writes these lines; the shape changes with its version.
      this.#keep(JSON.parse(line) as CampaignWrite);
    } catch (error) {
      this.parts.log.error({ err: error }, 'a line of campaigns cannot be read');
    }
  }

  #keep(write: CampaignWrite, then?: () => void): void {
    const waits = { line: JSON.stringify(write) };
    this.#waiting.add(waits);
    this.parts.kept.add(waits.line);
    this.later(write.kind, async () => {
      await this.#write(write);
      this.#written(waits);
      then?.();
    });
  }

  async #write(write: CampaignWrite): Promise<void> {
    const { store, followUps, log } = this.parts;
    try {
      switch (write.kind) {
        case 'attempt':
          await store.tell(write.attempt, write.news);
          return;
        case 'opt-out':
          await store.optOut(write.wish);
          return;
        case 'promise':
          await followUps.settle(write.followUp, write.change);
          return;
      }
      write satisfies never;
    } catch (error) {
      if (!isRefused(error)) throw error;
      // It would be refused for ever, and everything behind it would wait with it.
      log.error({ err: error, pii: { write } }, 'what became of a campaign call cannot be stored');
    }
  }

  #written(waits: { readonly line: string }): void {
    const { kept } = this.parts;
    this.#waiting.delete(waits);
    if (this.#waiting.size === 0) {
      kept.clear();
      this.#rewriteAt = REWRITE_BYTES;
    } else if (kept.size > this.#rewriteAt) {
      kept.clear();
      for (const { line } of this.#waiting) kept.add(line);
      this.#rewriteAt = Math.max(REWRITE_BYTES, 2 * kept.size);
    }
  }
}
