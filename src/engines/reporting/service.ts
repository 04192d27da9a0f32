/** Visits of queues as rates count them. `short`: abandoned before the queue's threshold, and counted in `abandoned`. */
export interface ServedVisits {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short: number;
  /** Answered within the target that the queue had then. */
  readonly inTime: number;
}

const share = (part: number, whole: number): number | undefined =>
  whole <= 0 ? undefined : part / whole;

/** Abandoned callers who had waited for a moment at least. */
export const lostOf = ({ abandoned, short }: Pick<ServedVisits, 'abandoned' | 'short'>): number =>
  abandoned - short;

/**
 * Answered in time ÷ (answered + abandoned − short); undefined before the first of them. Reports, live pages and boards take it
 * from here and from the same rows, so that they say the same of one day.
 */
export const serviceLevel = (visits: Omit<ServedVisits, 'offered'>): number | undefined =>
  share(visits.inTime, visits.answered + lostOf(visits));

/** (Abandoned − short) ÷ (offered − short). */
export const abandonRate = (
  visits: Pick<ServedVisits, 'offered' | 'abandoned' | 'short'>,
): number | undefined => share(lostOf(visits), visits.offered - visits.short);

/** Answered ÷ offered. */
export const answerRate = ({
  offered,
  answered,
}: Pick<ServedVisits, 'offered' | 'answered'>): number | undefined => share(answered, offered);
