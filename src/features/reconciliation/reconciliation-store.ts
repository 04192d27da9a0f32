import type { Check, Finding, Line, Reconciliation } from '../../engines/reconciliation/finding.js';

/** How many findings of one check are kept with a day; the count says how many there are. */
export const FINDINGS_KEPT = 1_000;

/** A day of the site as pages list it. */
export interface CheckedDay {
  /** `2026-11-26`. */
  readonly day: string;
  /** undefined: not yet. */
  readonly checkedAt: Date | undefined;
  /** It waits to be counted. */
  readonly isWanted: boolean;
  /** The day was over when it was counted. */
  readonly isWhole: boolean;
  readonly tookMs: number;
  readonly calls: number;
  readonly openCalls: number;
  readonly differences: number;
  readonly checks: Readonly<Record<Check, CheckSum>>;
}

/** How much a check has looked at, and how many differences it found. */
export interface CheckSum {
  readonly counted: number;
  readonly differences: number;
}

/** What is kept of a count. */
export interface ReconciliationStore {
  /** The latest first, from that day on. */
  days(from: string): Promise<readonly CheckedDay[]>;
  day(day: string): Promise<CheckedDay | undefined>;
  lines(day: string): Promise<readonly Line[]>;
  findings(day: string): Promise<readonly Finding[]>;
  /** Asks for a count; one that is asked for already stays so. */
  want(day: string, at: Date): Promise<void>;
  /** Whole days in which differences were found, from that day on. */
  countDiffering(from: string): Promise<number>;
}

/** A count as it is kept: all of it or nothing, with what the audit log says of it. */
export interface CountedDay {
  readonly day: string;
  readonly isWhole: boolean;
  /** When it was asked for: a wish of later is not fulfilled by it. */
  readonly startedAt: number;
  readonly checkedAt: number;
  readonly result: Reconciliation;
}
