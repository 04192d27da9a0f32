import type { AgentId, QueueId } from '../../kernel/ids.js';
import { noVisits, type VisitCounts } from './compare-calls.js';
import type { Finding, Line } from './finding.js';

interface Compared {
  readonly lines: readonly Line[];
  readonly findings: readonly Finding[];
}

/** A queue in an interval. */
interface OfQueue<Counts> {
  readonly queueId: QueueId;
  readonly at: number;
  readonly counts: Counts;
}

/** What the report of queues says, beside what the ledger says: each queue in each interval by itself. */
export function compareQueues(
  counted: readonly OfQueue<VisitCounts>[],
  reported: readonly OfQueue<VisitCounts>[],
): Compared {
  const keyOf = ({ queueId, at }: OfQueue<unknown>): string => `${String(queueId)} ${String(at)}`;
  const byKey = new Map(counted.map((one) => [keyOf(one), one]));
  const inReport = new Map(
    // Talks count where they began; an interval without a caller may have some.
    reported.filter(({ counts }) => counts.offered > 0).map((one) => [keyOf(one), one]),
  );
  const lines: Line[] = [];
  const findings: Finding[] = [];
  for (const key of new Set([...byKey.keys(), ...inReport.keys()])) {
    const { queueId, at } = (byKey.get(key) ?? inReport.get(key)) as OfQueue<unknown>;
    const ledger = byKey.get(key)?.counts ?? noVisits();
    const report = inReport.get(key)?.counts ?? noVisits();
    const off = (Object.keys(ledger) as (keyof VisitCounts)[]).filter(
      (name) => ledger[name] !== report[name],
    );
    for (const name of off)
      findings.push({
        ...{ check: 'queues', code: 'count-differs', queueId, at, part: name },
        ...{ expected: ledger[name], found: report[name] },
      });
    const { offered, answered, abandoned, overflowed, callback, closed, waiting } = report;
    lines.push({
      ...{ check: 'queues', subject: queueId, at },
      figures: { offered, answered, abandoned, overflowed, callback, closed, waiting },
      difference: ledger.offered - answered - abandoned - overflowed - callback - closed - waiting,
    });
  }
  return { lines, findings };
}

/** What the report of agents says of one: how long signed in, and how long in all states together. */
export interface ReportedTime {
  readonly signedInMs: number;
  readonly statesMs: number;
}

/** Agents' signed-in time by the ledger, beside the report's and the sum of its states. `at`: the day's beginning. */
export function compareAgents(
  signedIn: ReadonlyMap<AgentId, number>,
  reported: ReadonlyMap<AgentId, ReportedTime>,
  at: number,
): Compared {
  const lines: Line[] = [];
  const findings: Finding[] = [];
  for (const agentId of new Set([...signedIn.keys(), ...reported.keys()])) {
    const expected = signedIn.get(agentId) ?? 0;
    const { signedInMs: found, statesMs } = reported.get(agentId) ?? { signedInMs: 0, statesMs: 0 };
    if (expected === 0 && found === 0) continue;
    const about = { check: 'agents', agentId, at, expected } as const;
    if (found !== expected) findings.push({ ...about, code: 'time-differs', found });
    else if (statesMs !== expected)
      findings.push({ ...about, code: 'states-differ', found: statesMs });
    lines.push({
      ...{ check: 'agents', subject: agentId, at, difference: expected - statesMs },
      figures: { ledgerMs: expected, signedInMs: found, statesMs },
    });
  }
  return { lines, findings };
}
