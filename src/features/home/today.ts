import type { QueueId } from '../../kernel/ids.js';

/** Counts of inbound calls that stood in queues. `offered = answered + abandoned + other + open`. Durations in ms. */
export interface CallCounts {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  /** Overflowed, voicemail, closed and all other ends. */
  readonly other: number;
  /** Not ended yet. */
  readonly open: number;
  /** Answered within the queue's target. */
  readonly inTime: number;
  /** Waiting of all answered calls together. */
  readonly answeredWaitMs: number;
}

export interface QueueToday extends CallCounts {
  readonly id: QueueId;
  readonly name: string;
  readonly targetMs: number;
}

export interface QuarterHour extends CallCounts {
  readonly startAt: number;
}

/** What became of the calls of one day of the site. */
export interface Today {
  readonly startAt: number;
  readonly endAt: number;
  readonly readAt: number;
  /** Queues in use, by name, also those without calls. */
  readonly queues: readonly QueueToday[];
  /** Each call once, whatever queues it stood in. */
  readonly total: CallCounts;
  /** Quarters with calls, in order. */
  readonly quarters: readonly QuarterHour[];
  readonly voicemailsNotHeard: number;
}

export interface TodayReports {
  today(now: number): Promise<Today>;
}

export const NO_CALLS: CallCounts = {
  offered: 0,
  answered: 0,
  abandoned: 0,
  other: 0,
  open: 0,
  inTime: 0,
  answeredWaitMs: 0,
};

export const addCounts = (a: CallCounts, b: CallCounts): CallCounts => ({
  offered: a.offered + b.offered,
  answered: a.answered + b.answered,
  abandoned: a.abandoned + b.abandoned,
  other: a.other + b.other,
  open: a.open + b.open,
  inTime: a.inTime + b.inTime,
  answeredWaitMs: a.answeredWaitMs + b.answeredWaitMs,
});

/** Answered in time, of answered and abandoned; undefined before the first of them. */
export const serviceLevel = (counts: CallCounts): number | undefined =>
  counts.answered + counts.abandoned === 0
    ? undefined
    : counts.inTime / (counts.answered + counts.abandoned);

/** Average wait of answered calls; undefined before the first. */
export const averageWaitMs = (counts: CallCounts): number | undefined =>
  counts.answered === 0 ? undefined : counts.answeredWaitMs / counts.answered;
