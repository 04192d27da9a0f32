import type { QueueId } from '../../kernel/ids.js';
import type { LostPerson } from './missed-reports.js';

/** What became of people who did not reach us. Times in ms, medians; undefined where nobody was reached. */
export interface LostCounts {
  readonly people: number;
  readonly reached: number;
  readonly calledAgain: number;
  readonly done: number;
  readonly open: number;
  /** Reached, or called again and answered, before they were due. */
  readonly inTime: number;
  readonly medianMs: number | undefined;
}

/** Adds up people, whoever of them was reached on which way. */
export function countLost(people: readonly LostPerson[]): LostCounts {
  const of = (state: LostPerson['state']): number =>
    people.filter((person) => person.state === state).length;
  const talked = people.filter(({ state }) => state === 'reached' || state === 'called-again');
  const took = talked
    .flatMap(({ closedAt, firstMissedAt }) =>
      closedAt === undefined ? [] : closedAt - firstMissedAt,
    )
    .sort((a, b) => a - b);
  return {
    people: people.length,
    ...{ reached: of('reached'), calledAgain: of('called-again'), done: of('done') },
    open: of('open'),
    inTime: talked.filter(({ closedAt, dueAt }) => closedAt !== undefined && closedAt <= dueAt)
      .length,
    medianMs: median(took),
  };
}

function median(sorted: readonly number[]): number | undefined {
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The same by the queue in which they were lost last; undefined for those who were in none. */
export const lostByQueue = (
  people: readonly LostPerson[],
): readonly { readonly queueId: QueueId | undefined; readonly counts: LostCounts }[] =>
  [...new Set(people.map(({ queueId }) => queueId))]
    .map((queueId) => ({
      queueId,
      counts: countLost(people.filter((person) => person.queueId === queueId)),
    }))
    .sort((a, b) => b.counts.people - a.counts.people);
