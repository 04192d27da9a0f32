import type { Knex } from 'knex';
import type { AgentStateChange } from '../../kernel/agent-state-change.js';
import type { AgentId } from '../../kernel/ids.js';
import type { Touched } from './knex-report-marks.js';

interface ChangeRow {
  readonly at: Date;
  readonly state: string;
  readonly reason: string;
  readonly call_id: string | null;
}

/**
 * Folds `agent_spans` anew for agents whose changes were written: from the change before the first of them on, so that they
 * may come in any order and more than once. Tells in which times agents' states changed.
 */
export async function foldAgentSpans(
  trx: Knex.Transaction,
  changes: readonly AgentStateChange[],
): Promise<readonly Touched[]> {
  const firstAt = new Map<AgentId, number>();
  for (const { agentId, at } of changes)
    firstAt.set(agentId, Math.min(at, firstAt.get(agentId) ?? Infinity));
  // In one order, so that two writers do not wait for each other.
  const touched: Touched[] = [];
  for (const [agent, at] of [...firstAt].sort(([a], [b]) => a - b))
    touched.push(await fold(trx, agent, at));
  return touched;
}

async function fold(trx: Knex.Transaction, agent: AgentId, firstAt: number): Promise<Touched> {
  const ofAgent = () => trx('agent_state_changes').where('agent_id', agent);
  const earlier: readonly ChangeRow[] = await ofAgent()
    .where('at', '<', new Date(firstAt))
    .orderBy('at', 'desc')
    .limit(1);
  const from = earlier[0]?.at ?? new Date(firstAt);
  const rows: readonly ChangeRow[] = await ofAgent()
    .where('at', '>=', from)
    .orderBy(['at', 'id'])
    .select('at', 'state', 'reason', 'call_id')
    .forUpdate();
  const spans = rows.flatMap((row, index) => {
    const next = rows[index + 1];
    // Of several in one millisecond the last counts.
    if (next?.at.getTime() === row.at.getTime()) return [];
    return {
      agent_id: agent,
      started_at: row.at,
      ended_at: next?.at ?? null,
      state: row.state,
      next_state: next?.state ?? null,
      reason: row.reason,
      call_id: row.call_id,
    };
  });
  await trx('agent_spans').where('agent_id', agent).where('started_at', '>=', from).delete();
  if (spans.length > 0) await trx('agent_spans').insert(spans);
  // A night that was signed out has nothing that is counted by day.
  const begins = rows.find(({ state }) => state !== 'signed-out') ?? rows.at(-1);
  return {
    fromAt: begins?.at.getTime() ?? firstAt,
    toAt: rows.at(-1)?.at.getTime() ?? firstAt,
  };
}
