/** What became of the counted calls of one queue, or of all, in one replication. Times are sums in ms. */
export class Tally {
  offered = 0;
  answered = 0;
  abandoned = 0;
  overflowed = 0;
  /** Calls for which no agent was there in the moment in which they came. */
  waited = 0;
  /** Calls answered within the threshold. */
  answeredInTime = 0;
  answeredWaitMs = 0;
  abandonedWaitMs = 0;
  longestWaitMs = 0;
}

/** How one replication went, in figures that mean the same for every size. NaN where there was nothing to measure. */
export interface Figures {
  /** Calls that came into this queue, overflow from others counted too; in the total: calls that came. */
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  /** Calls that left this queue by overflow; in the total: those that left altogether. */
  readonly overflowed: number;
  /** Calls still in line when the simulation ended. */
  readonly unserved: number;
  /** Share of all calls that no agent was offered at once. */
  readonly pWait: number;
  /** Share of all calls whose callers gave up. */
  readonly pAbandon: number;
  /** Share of all calls answered within the threshold. */
  readonly serviceLevel: number;
  /** Mean time from coming to the answer, of those answered; s. */
  readonly asaAnsweredS: number;
  /** Mean time from coming to the answer or to giving up; s. */
  readonly asaAllS: number;
  readonly longestWaitS: number;
}

/** Sums become shares and means; shares and means of nothing are NaN. */
export function figuresOf(tally: Tally): Figures {
  const { offered, answered, abandoned, overflowed } = tally;
  const share = (count: number): number => (offered === 0 ? NaN : count / offered);
  const seconds = (ms: number, count: number): number => (count === 0 ? NaN : ms / count / 1000);
  return {
    offered,
    answered,
    abandoned,
    overflowed,
    unserved: offered - answered - abandoned - overflowed,
    pWait: share(tally.waited),
    pAbandon: share(abandoned),
    serviceLevel: share(tally.answeredInTime),
    asaAnsweredS: seconds(tally.answeredWaitMs, answered),
    asaAllS: seconds(tally.answeredWaitMs + tally.abandonedWaitMs, answered + abandoned),
    longestWaitS: tally.longestWaitMs / 1000,
  };
}

/** Where an agent's time went, in ms, within the time looked at. */
export interface AgentTime {
  idleMs: number;
  /** Ringing, talking and work after a call. */
  busyMs: number;
  /** Not ready or out of reach: breaks. */
  awayMs: number;
  calls: number;
}
