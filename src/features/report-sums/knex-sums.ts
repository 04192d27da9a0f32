import type { Knex } from 'knex';
import { siteDayOf, type SiteDay } from '../../kernel/site-day.js';
import { sumDay, sumQuarters } from './knex-summing.js';
import type { Marked, ReportSource } from './source.js';
import { ALL_SOURCES } from './sources.js';
import { quartersOf, type Stretch } from './stretches.js';

/** Marks that are taken at once. */
const MARKS = 20_000;
const DAY_MS = 86_400_000;

interface MarkRow {
  readonly id: number;
  readonly marked: Marked;
  readonly from_at: Date;
  readonly to_at: Date;
}

interface StateRow {
  readonly zone: string;
  readonly fresh_at: Date | null;
  readonly settled_at: Date | null;
}

/**
 * Makes sums anew from the rows of the ledger wherever marks say so: the same statement for the last quarter of an hour as for
 * all years. Several may run; what one makes is never older than the rows that it saw.
 */
export class KnexSums {
  constructor(
    private readonly db: Knex,
    private readonly zone: string,
  ) {}

  /** Until the sums have everything that was marked at `now`; how many marks that were. Rejects when told to stop. */
  async refresh(now: number, signal?: AbortSignal): Promise<number> {
    await this.#settle(now, signal);
    let done = 0;
    for (;;) {
      const marks: readonly MarkRow[] = await this.db('report_marks').orderBy('id').limit(MARKS);
      if (marks.length > 0) await this.#remakeMarked(marks, now, signal);
      done += marks.length;
      if (marks.length < MARKS) break;
    }
    await this.#state().update({ fresh_at: new Date(now) });
    return done;
  }

  /** Every sum is made anew by the next refresh. */
  async markAll(now: number): Promise<void> {
    const all = new Set(ALL_SOURCES.flatMap(({ marked }) => marked));
    await this.db('report_marks').insert(
      [...all].map((marked) => ({ marked, from_at: new Date(0), to_at: new Date(now) })),
    );
  }

  /** Everything that happened before this instant, and came to the database in time, is in the sums. */
  async freshAt(): Promise<number | undefined> {
    const state = await this.#state().first<StateRow | undefined>('fresh_at');
    return state?.fresh_at?.getTime();
  }

  /** Days of another zone are other days; and every midnight what settles late is looked at again. */
  async #settle(now: number, signal?: AbortSignal): Promise<void> {
    const state = await this.#state().first<StateRow | undefined>('*');
    if (state?.zone !== this.zone) {
      for (const { table } of ALL_SOURCES) await this.db(table).where('grain', 'day').delete();
      await this.markAll(now);
      await this.#state().update({ zone: this.zone });
    }
    const today = siteDayOf(now, this.zone).startAt;
    if ((state?.settled_at?.getTime() ?? 0) >= today) return;
    for (const source of ALL_SOURCES) {
      const { settlesForDays: days } = source;
      if (days !== undefined)
        await this.#remake(source, [{ fromAt: today - days * DAY_MS, toAt: today }], signal);
    }
    await this.#state().update({ settled_at: new Date(today) });
  }

  async #remakeMarked(marks: readonly MarkRow[], now: number, signal?: AbortSignal): Promise<void> {
    for (const source of ALL_SOURCES)
      await this.#remake(
        source,
        marks
          .filter(({ marked }) => source.marked.includes(marked))
          .map(({ from_at, to_at }) => ({ fromAt: from_at.getTime(), toAt: to_at.getTime() + 1 })),
        signal,
      );
    await this.db('report_marks')
      .whereIn(
        'id',
        marks.map(({ id }) => id),
      )
      .delete();
  }

  async #remake(
    source: ReportSource,
    marked: readonly Stretch[],
    signal?: AbortSignal,
  ): Promise<void> {
    if (marked.length === 0) return;
    for (const stretch of quartersOf(marked, await this.#firstAt(source)))
      for (let at = stretch.fromAt; at < stretch.toAt;) {
        signal?.throwIfAborted();
        const day = siteDayOf(at, this.zone);
        const toAt = Math.min(stretch.toAt, day.endAt);
        await this.#remakeDay(source, day, { fromAt: at, toAt });
        at = toAt;
      }
  }

  /** Nothing before has rows or sums. */
  async #firstAt({ begins: [table, column], ...source }: ReportSource): Promise<number> {
    const [subject] = Object.keys(source.subjects);
    const edges = (await Promise.all([
      this.db(table).min({ at: column }),
      this.db(source.table).where({ subject, grain: 'day' }).min({ at: 'at' }),
    ])) as [{ at: Date | null }?][];
    return Math.min(...edges.map(([row]) => row?.at?.getTime() ?? Infinity));
  }

  async #remakeDay(source: ReportSource, day: SiteDay, stretch: Stretch): Promise<void> {
    await this.db.transaction(
      async (trx) => {
        // One after the other: what two make at the same time would meet at the same keys.
        await trx('report_state').where('id', 1).forUpdate().first('id');
        for (const subject of Object.keys(source.subjects)) {
          if (source.at !== undefined) await sumQuarters(trx, source, subject, stretch);
          await sumDay(trx, source, subject, day);
        }
      },
      // What is read is not locked: whoever writes the ledger does not wait.
      { isolationLevel: 'read committed' },
    );
  }

  #state(): Knex.QueryBuilder {
    return this.db('report_state').where('id', 1);
  }
}
