import type { AcdPlan } from '../../src/simulation/acd/plan.js';
import type { ReplicationResult } from '../../src/simulation/acd/acd-simulation.js';
import {
  groupsPlan,
  theoryPlan,
  THEORY_ROWS,
  type TheoryModel,
  type TheoryRow,
} from '../support/simulation.js';

/** A site that the bench simulates, as a text can name it: workers make its plan by themselves. */
export type TheorySite =
  { readonly kind: TheoryModel; readonly row: number } | { readonly kind: 'ring' | 'pooled' };

/** Two skills of four, 500 agents: the wait may be so much longer than with all skills. Smaller groups pool less well. */
export const RING = { row: THEORY_ROWS[2], groups: 4, limit: 1.05 };

/** One replication that a worker runs. */
export interface TheoryJob {
  readonly id: number;
  readonly site: TheorySite;
  readonly calls: number;
  readonly seed: number;
}
export interface TheoryAnswer {
  readonly id: number;
  readonly result: ReplicationResult;
}

export const rowOf = (at: number): TheoryRow => {
  const row = THEORY_ROWS[at];
  if (row === undefined) throw new Error(`there is no site ${String(at)}`);
  return row;
};

export const planOfSite = (site: TheorySite, calls: number): AcdPlan =>
  'row' in site
    ? theoryPlan(rowOf(site.row), site.kind, { calls })
    : groupsPlan(RING.row, RING.groups, site.kind, { calls });
