import type { ExitName } from '../../engines/ivr/exits.js';
import type { VisitOutcome } from '../../engines/reporting/fold-visits.js';
import type { FlowId } from '../../kernel/ids.js';

/** Calls that came in from `startAt` up to, not including, `endAt` (ms since the epoch). Test calls are left out. */
export interface FigurePeriod {
  readonly startAt: number;
  readonly endAt: number;
}

/**
 * What became of the calls that entered a flow, each counted once:
 * `entered = handed + contained + dropped + returned + failed`.
 */
export interface FlowTotals {
  readonly entered: number;
  /** Led to a queue, a person, a mailbox or a room. */
  readonly handed: number;
  /** Ended by the flow itself: what the caller wanted was done without anybody. */
  readonly contained: number;
  /** The caller hung up while the flow played or asked. */
  readonly dropped: number;
  /** Went back to the flow that had entered this one. */
  readonly returned: number;
  /** Ended by the system. */
  readonly failed: number;
  /** Of those handed to a queue and answered there: stood in another queue within a minute (FEATURES I10). */
  readonly misrouted: number;
  /** Sum of the times within the flow, in ms. */
  readonly ms: number;
}

export const NO_FIGURES: FlowTotals = {
  ...{ entered: 0, handed: 0, contained: 0, dropped: 0, returned: 0, failed: 0, misrouted: 0 },
  ms: 0,
};

/** Visits of one step that ended alike. */
export interface StepCount {
  readonly step: string;
  readonly label: string;
  readonly outcome: VisitOutcome;
  readonly exit: string;
  readonly visits: number;
  readonly ms: number;
  readonly misrouted: number;
}

/** All visits of one step. `visits = exits + handed + ended + dropped + failed`. */
export interface StepFigures {
  readonly step: string;
  readonly label: string;
  readonly visits: number;
  readonly exits: ReadonlyMap<string, number>;
  readonly handed: number;
  readonly ended: number;
  readonly dropped: number;
  readonly failed: number;
  readonly misrouted: number;
  /** Mean time of a visit in ms. */
  readonly meanMs: number;
}

/** Reads what callers did in flows. */
export interface FlowFigures {
  /** Of one flow, or of all. Flows that no call entered are absent. */
  totals(period: FigurePeriod, flow?: FlowId): Promise<ReadonlyMap<FlowId, FlowTotals>>;
  steps(flow: FlowId, period: FigurePeriod): Promise<readonly StepCount[]>;
}

/** Adds up the counts of each step; the most visited first. */
export function stepFigures(counts: readonly StepCount[]): readonly StepFigures[] {
  const byStep = new Map<string, StepCount[]>();
  for (const count of counts) byStep.set(count.step, [...(byStep.get(count.step) ?? []), count]);
  return [...byStep.values()]
    .map(figuresOf)
    .sort((a, b) => b.visits - a.visits || (a.step < b.step ? -1 : 1));
}

function figuresOf(counts: readonly StepCount[]): StepFigures {
  const sum = (of: (count: StepCount) => number): number =>
    counts.reduce((total, count) => total + of(count), 0);
  const ending = (outcome: VisitOutcome): number =>
    sum((count) => (count.outcome === outcome ? count.visits : 0));
  const visits = sum((count) => count.visits);
  const exits = new Map<string, number>();
  for (const { outcome, exit, visits: taken } of counts)
    if (outcome === 'left') exits.set(exit, (exits.get(exit) ?? 0) + taken);
  return {
    step: counts[0]?.step ?? '',
    label: counts.at(-1)?.label ?? '',
    visits,
    exits,
    handed: ending('handed'),
    ended: ending('ended'),
    dropped: ending('dropped'),
    failed: ending('failed'),
    misrouted: sum((count) => count.misrouted),
    meanMs: visits === 0 ? 0 : sum((count) => count.ms) / visits,
  };
}

/** A part of a whole; 0 of nothing. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** How many took one of these exits. */
export const takenBy = (figures: StepFigures, exits: readonly ExitName[]): number =>
  exits.reduce((sum, exit) => sum + (figures.exits.get(exit) ?? 0), 0);
