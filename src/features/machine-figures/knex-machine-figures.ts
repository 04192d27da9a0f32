import type { Knex } from 'knex';
import {
  TRUTHS,
  VERDICTS,
  type Truth,
  type Verdict,
  type VerdictCount,
} from '../../engines/reporting/machine-detection.js';
import type { CampaignId, TrunkId } from '../../kernel/ids.js';

/** What is counted. Instants in ms since the epoch. */
export interface MachineScope {
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
  readonly campaignId: CampaignId | undefined;
}

export interface TrunkCounts {
  /** Undefined for calls of which the trunk is not known. */
  readonly trunkId: TrunkId | undefined;
  readonly name: string;
  readonly counts: readonly VerdictCount[];
}

interface CountRow {
  readonly trunk_id: TrunkId | null;
  readonly name: string | null;
  readonly verdict: string;
  readonly truth: string;
  readonly heard: number | string;
  readonly calls: number | string;
}

/** Verdicts of machine detection from `attempts`. Rejects while the database is away. */
export class KnexMachineFigures {
  constructor(private readonly db: Knex) {}

  /** By trunk, by name. */
  async trunks({ fromAt, toAt, campaignId }: MachineScope): Promise<readonly TrunkCounts[]> {
    const query = this.db('attempts as t')
      .leftJoin('trunks as k', 'k.id', 't.trunk_id')
      .where('t.kind', 'dial')
      .whereIn('t.machine_verdict', [...VERDICTS])
      .whereNotNull('t.answered_at')
      .groupByRaw('t.trunk_id, k.name, t.machine_verdict, t.machine_truth, heard')
      .orderBy(['k.name', 't.trunk_id'])
      .select({
        trunk_id: 't.trunk_id',
        name: 'k.name',
        verdict: 't.machine_verdict',
        truth: 't.machine_truth',
        heard: this.db.raw('(t.agent_id IS NOT NULL AND t.connected_at IS NOT NULL)'),
        calls: this.db.raw('COUNT(*)'),
      });
    if (fromAt !== undefined) void query.where('t.at', '>=', new Date(fromAt));
    if (toAt !== undefined) void query.where('t.at', '<', new Date(toAt));
    if (campaignId !== undefined) void query.where('t.campaign_id', campaignId);
    const rows = (await query) as CountRow[];
    const trunks = new Map<number, Omit<TrunkCounts, 'counts'> & { counts: VerdictCount[] }>();
    for (const row of rows) {
      const key = row.trunk_id ?? 0;
      const { trunk_id: id, name } = row;
      const counts = trunks.get(key)?.counts ?? [];
      trunks.set(key, { trunkId: id ?? undefined, name: name ?? '', counts });
      counts.push(countOf(row));
    }
    return [...trunks.values()];
  }

  campaigns(): Promise<readonly { readonly id: CampaignId; readonly name: string }[]> {
    return this.db('campaigns')
      .orderBy('name')
      .select<{ id: CampaignId; name: string }[]>('id', 'name');
  }
}

/** A verdict that an agent who talked left as it was counts as right; nothing can be said of "unsure" then. */
function countOf(row: CountRow): VerdictCount {
  const verdict = row.verdict as Verdict;
  const calls = Number(row.calls);
  const truth = TRUTHS.find((one) => one === row.truth);
  if (truth !== undefined) return { verdict, truth, how: 'said', calls };
  const assumed: Truth | undefined =
    verdict === 'human' ? 'human' : verdict === 'unsure' ? undefined : 'machine';
  return Number(row.heard) === 1 && assumed !== undefined
    ? { verdict, truth: assumed, how: 'assumed', calls }
    : { verdict, truth: undefined, how: 'unheard', calls };
}
