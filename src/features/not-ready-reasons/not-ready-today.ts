import {
  notReadyStretches,
  notReadyTime,
  type StateMark,
} from '../../engines/reporting/not-ready-time.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { LiveAgent } from '../../telephony/live.js';

/** Stored states of agents. */
export interface AgentStateReports {
  /** Marks from `from` up to, not including, `to`, and of each agent the last one before; by agent. */
  marks(from: Date, to: Date): Promise<ReadonlyMap<AgentId, readonly StateMark[]>>;
}

/** What is read is used so long while somebody looks. */
const FRESH_MS = 10_000;

interface Reading {
  readonly readAt: number;
  readonly dayStartAt: number;
  readonly marks: ReadonlyMap<AgentId, readonly StateMark[]>;
}

/**
 * How long agents were not ready today, by reason: stored stretches up to the state of now, and what runs now. Looking is
 * quick and starts a new reading where the last one is old; one reading serves everybody.
 */
export class NotReadyToday {
  #reading: Reading | undefined;
  #running: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly reports: AgentStateReports,
    private readonly clock: Clock,
    private readonly zone: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * Time used today in ms by reason, without the state of now: `now` of the agent's live state counts itself from
   * {@link countedFrom} on. Empty before the first reading.
   */
  usedBefore(agent: Pick<LiveAgent, 'id' | 'since'>): ReadonlyMap<string, number> {
    this.#refresh();
    const reading = this.#current();
    const marks = reading?.marks.get(agent.id) ?? [];
    const startAt = this.#dayStart();
    const endAt = Math.max(startAt, agent.since);
    return notReadyTime(
      notReadyStretches(
        marks.filter((mark) => mark.at < agent.since),
        { startAt, endAt },
      ),
    );
  }

  /** From when on a state that lasts since `since` counts for today. */
  countedFrom(since: number): number {
    return Math.max(since, this.#dayStart());
  }

  /** Waits until something was read; for pages. Failing to read is reported and leaves what was known. */
  async ready(): Promise<void> {
    this.#refresh();
    await this.#running;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #dayStart(): number {
    return siteDayOf(this.clock.now(), this.zone).startAt;
  }

  /** What was read yesterday says nothing of today. */
  #current(): Reading | undefined {
    return this.#reading?.dayStartAt === this.#dayStart() ? this.#reading : undefined;
  }

  #refresh(): void {
    const now = this.clock.now();
    const reading = this.#current();
    if (this.#running !== undefined || (reading && now - reading.readAt < FRESH_MS)) return;
    this.#running = this.#read(now).finally(() => {
      this.#running = undefined;
    });
  }

  async #read(now: number): Promise<void> {
    const day = siteDayOf(now, this.zone);
    try {
      const marks = await this.reports.marks(new Date(day.startAt), new Date(day.endAt));
      this.#reading = { readAt: now, dayStartAt: day.startAt, marks };
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.onError(error);
    }
  }
}
