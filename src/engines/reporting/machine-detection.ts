import { wilsonInterval, type Interval } from './intervals.js';

/** What detection said. `''`: it was not asked. */
export const VERDICTS = ['human', 'machine', 'fax', 'unsure'] as const;
export type Verdict = (typeof VERDICTS)[number];
/** What it was. */
export const TRUTHS = ['human', 'machine'] as const;
export type Truth = (typeof TRUTHS)[number];

/**
 * Answered calls with the same verdict and truth. `said`: an agent said what it was · `assumed`: an agent talked with it and
 * did not correct the verdict · `unheard`: nobody heard it, so that nobody knows.
 */
export interface VerdictCount {
  readonly verdict: Verdict;
  readonly truth: Truth | undefined;
  readonly how: 'said' | 'assumed' | 'unheard';
  readonly calls: number;
}

/** A share with its 95 % interval. */
export interface Share {
  readonly hits: number;
  readonly cases: number;
  readonly share: number;
  readonly interval: Interval;
}

/** How well machines are told from people. A share without a single case is undefined. */
export interface MachineAccuracy {
  /** Verdict by truth, of calls whose truth is known. */
  readonly matrix: Readonly<Record<Verdict, Readonly<Record<Truth, number>>>>;
  readonly known: number;
  /** Of them, those that an agent said. */
  readonly said: number;
  readonly unheard: number;
  /** Of calls that were called machines, those that were. */
  readonly precision: Share | undefined;
  /** Of machines, those that were called so. */
  readonly recall: Share | undefined;
  /** Of people, those that were called machines: each is a customer who was hung up on. */
  readonly falseMachines: Share | undefined;
}

const shareOf = (hits: number, cases: number): Share | undefined => {
  const interval = wilsonInterval(hits, cases);
  return interval && { hits, cases, share: hits / cases, interval };
};

/** Works the figures out from counts of any grouping. A fax is no person: called a fax, a machine was found. */
export function machineAccuracy(counts: readonly VerdictCount[]): MachineAccuracy {
  const cell = (verdict: Verdict, truth: Truth): number =>
    counts
      .filter((one) => one.verdict === verdict && one.truth === truth)
      .reduce((sum, one) => sum + one.calls, 0);
  const row = (verdict: Verdict) => ({
    human: cell(verdict, 'human'),
    machine: cell(verdict, 'machine'),
  });
  const matrix = {
    human: row('human'),
    machine: row('machine'),
    fax: row('fax'),
    unsure: row('unsure'),
  };
  const sumOf = (how: VerdictCount['how']): number =>
    counts.filter((one) => one.how === how).reduce((sum, one) => sum + one.calls, 0);
  const found = matrix.machine.machine + matrix.fax.machine;
  const wrong = matrix.machine.human + matrix.fax.human;
  const machines = found + matrix.human.machine + matrix.unsure.machine;
  const people = wrong + matrix.human.human + matrix.unsure.human;
  return {
    matrix,
    known: machines + people,
    ...{ said: sumOf('said'), unheard: sumOf('unheard') },
    precision: shareOf(found, found + wrong),
    recall: shareOf(found, machines),
    falseMachines: shareOf(wrong, people),
  };
}
