import type { Knex } from 'knex';
import { MISROUTED_MS, type VisitOutcome } from '../../engines/reporting/fold-visits.js';
import type { FlowId } from '../../kernel/ids.js';
import type { FigurePeriod, FlowFigures, FlowTotals, StepCount } from './flow-figures.js';

/** Sums come as decimal texts. */
type Sum = string | number | null;
type TotalsRow = Readonly<Record<keyof FlowTotals, Sum>> & { readonly flow_id: FlowId };
interface StepRow {
  readonly step: string;
  readonly label: string;
  readonly outcome: VisitOutcome;
  readonly exit_name: string;
  readonly visits: Sum;
  readonly ms: Sum;
  readonly misrouted: Sum;
}

/** Figures of flows from the visits that the ledger folds. Rejects while the database is away. */
export class KnexFlowFigures implements FlowFigures {
  constructor(private readonly db: Knex) {}

  async totals(period: FigurePeriod, flow?: FlowId): Promise<ReadonlyMap<FlowId, FlowTotals>> {
    const calls = this.#visits(period, flow)
      .groupBy('flow_id', 'call_id')
      .select('flow_id', {
        handed: this.db.raw("MAX(outcome = 'handed')"),
        contained: this.db.raw("MAX(outcome = 'ended' AND step_kind IN ('hangup', 'sub-flow'))"),
        dropped: this.db.raw("MAX(outcome = 'dropped')"),
        failed: this.db.raw("MAX(outcome = 'failed')"),
        misrouted: this.db.raw('MAX(moved_after_ms <= ?)', [MISROUTED_MS]),
        // Time in a sub-flow counts in the sub-flow's own figures.
        ms: this.db.raw("SUM(IF(step_kind = 'sub-flow', 0, ms))"),
      });
    const only = (what: string, but: readonly string[]): Knex.Raw =>
      this.db.raw(`SUM(${[what, ...but.map((other) => `NOT ${other}`)].join(' AND ')})`);
    const rows: unknown = await this.db
      .from(calls.as('calls_in_flow'))
      .groupBy('flow_id')
      .select({
        flow_id: 'flow_id',
        entered: this.db.raw('COUNT(*)'),
        handed: only('handed', []),
        dropped: only('dropped', ['handed']),
        contained: only('contained', ['handed', 'dropped']),
        failed: only('failed', ['handed', 'dropped', 'contained']),
        returned: only('NOT failed', ['handed', 'dropped', 'contained']),
        misrouted: this.db.raw('SUM(misrouted)'),
        ms: this.db.raw('SUM(ms)'),
      });
    return new Map((rows as TotalsRow[]).map(({ flow_id: id, ...sums }) => [id, numbers(sums)]));
  }

  async steps(flow: FlowId, period: FigurePeriod): Promise<readonly StepCount[]> {
    const rows: unknown = await this.#visits(period, flow)
      .groupBy('step', 'outcome', 'exit_name')
      .select({
        ...{ step: 'step', outcome: 'outcome', exit_name: 'exit_name' },
        label: this.db.raw('MAX(label)'),
        visits: this.db.raw('COUNT(*)'),
        ms: this.db.raw('SUM(ms)'),
        misrouted: this.db.raw('SUM(COALESCE(moved_after_ms <= ?, 0))', [MISROUTED_MS]),
      });
    return (rows as StepRow[]).map(({ step, label, outcome, exit_name: exit, ...sums }) => ({
      ...{ step, label, outcome, exit },
      visits: Number(sums.visits),
      ms: Number(sums.ms),
      misrouted: Number(sums.misrouted),
    }));
  }

  #visits({ startAt, endAt }: FigurePeriod, flow?: FlowId): Knex.QueryBuilder {
    return this.db('flow_visits')
      .where(flow === undefined ? {} : { flow_id: flow })
      .where('call_at', '>=', new Date(startAt))
      .where('call_at', '<', new Date(endAt))
      .where('test', false);
  }
}

const numbers = (sums: Readonly<Record<keyof FlowTotals, Sum>>): FlowTotals => ({
  entered: Number(sums.entered),
  handed: Number(sums.handed),
  contained: Number(sums.contained),
  dropped: Number(sums.dropped),
  returned: Number(sums.returned),
  failed: Number(sums.failed),
  misrouted: Number(sums.misrouted),
  ms: Number(sums.ms),
});
