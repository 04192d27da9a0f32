import type { Knex } from 'knex';
import type { CallEvent } from '../../kernel/call-event.js';

/** A time in which something changed, both ends included; ms since the epoch. */
export interface Touched {
  readonly fromAt: number;
  readonly toAt: number;
}

/** An agent's state changes a little before or behind the event of the call that it belongs to. */
const AROUND_MS = 5_000;

/** The time in which a call happened. */
export const touchedBy = (events: readonly CallEvent[]): Touched => ({
  fromAt: Math.min(...events.map(({ at }) => at)) - AROUND_MS,
  toAt: Math.max(...events.map(({ at }) => at)) + AROUND_MS,
});

/** Says that sums of reports must be made anew, in the transaction that changed what they are of. Times that overlap are one mark. */
export async function markReports(
  trx: Knex.Transaction,
  marked: 'calls' | 'agents',
  touched: readonly Touched[],
): Promise<void> {
  const marks: Touched[] = [];
  for (const one of [...touched].sort((a, b) => a.fromAt - b.fromAt)) {
    const last = marks.at(-1);
    if (last === undefined || one.fromAt > last.toAt) marks.push(one);
    else marks.splice(-1, 1, { ...last, toAt: Math.max(last.toAt, one.toAt) });
  }
  if (marks.length > 0)
    await trx('report_marks').insert(
      marks.map(({ fromAt, toAt }) => ({
        ...{ marked, from_at: new Date(fromAt), to_at: new Date(toAt) },
      })),
    );
}
