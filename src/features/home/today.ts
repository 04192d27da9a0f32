import type { ServedVisits } from '../../engines/reporting/service.js';
import type { QueueId } from '../../kernel/ids.js';

/** Counts of visits of queues, as reports count them. `offered = answered + abandoned + other + open`. Durations in ms. */
export interface VisitCounts extends ServedVisits {
  /** Overflowed, voicemail, closed and all other ends. */
  readonly other: number;
  /** In line still. */
  readonly open: number;
  /** Waiting of all who were answered together. */
  readonly answeredWaitMs: number;
}

export interface QueueToday extends VisitCounts {
  readonly id: QueueId;
  readonly name: string;
  readonly targetMs: number;
}

export interface QuarterHour extends VisitCounts {
  readonly startAt: number;
}

/** What became of callers in queues on one day of the site. */
export interface Today {
  readonly startAt: number;
  readonly endAt: number;
  readonly readAt: number;
  /** Queues in use, by name, also those without calls. */
  readonly queues: readonly QueueToday[];
  /** All queues together, also those that are out of use. */
  readonly total: VisitCounts;
  /** Quarters in which callers came, in order. */
  readonly quarters: readonly QuarterHour[];
  readonly voicemailsNotHeard: number;
}

export interface TodayReports {
  today(now: number): Promise<Today>;
}

export const NO_VISITS: VisitCounts = {
  offered: 0,
  answered: 0,
  abandoned: 0,
  short: 0,
  other: 0,
  open: 0,
  inTime: 0,
  answeredWaitMs: 0,
};

export const addCounts = (a: VisitCounts, b: VisitCounts): VisitCounts => ({
  offered: a.offered + b.offered,
  answered: a.answered + b.answered,
  abandoned: a.abandoned + b.abandoned,
  short: a.short + b.short,
  other: a.other + b.other,
  open: a.open + b.open,
  inTime: a.inTime + b.inTime,
  answeredWaitMs: a.answeredWaitMs + b.answeredWaitMs,
});

/** Average wait of those who were answered; undefined before the first. */
export const averageWaitMs = (counts: VisitCounts): number | undefined =>
  counts.answered === 0 ? undefined : counts.answeredWaitMs / counts.answered;
