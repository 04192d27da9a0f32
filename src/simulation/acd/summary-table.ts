import type { Estimate } from '../statistics.js';
import type { AcdSummary, FigureEstimates } from './summary.js';

/** Past so many queues only those with the most calls are shown; the JSON has all. */
const SHOWN_QUEUES = 20;

type Cell = string;

const share = (value: number): string => `${(value * 100).toFixed(2)} %`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const count = (value: number): string => value.toFixed(value >= 100 ? 0 : 1);

/** The mean, and half of the 99 % interval where there is one. */
function cell(of: Estimate | null, write: (value: number) => string): Cell {
  if (of === null) return '-';
  const half = of.ci99 === undefined ? '' : ` ±${write((of.ci99[1] - of.ci99[0]) / 2)}`;
  return `${write(of.mean)}${half}`;
}

/** The summary for people: a table of queues and total, then agents, then theory. */
export function summaryTable(summary: AcdSummary): string {
  const { total, queues, theory, seeds, serviceLevelS, flow } = summary;
  const heading = [
    'Queue',
    'Calls',
    'Answered',
    'Gave up',
    'Overflow',
    'P(wait)',
    'Wait, all',
    'Wait, answered',
    `In ${String(serviceLevelS)} s`,
  ];
  const shown = [...queues]
    .sort((a, b) => (b.offered?.mean ?? 0) - (a.offered?.mean ?? 0))
    .slice(0, SHOWN_QUEUES);
  const rows = [
    heading,
    ...(queues.length > 1 ? queues.filter((queue) => shown.includes(queue)) : []).map((queue) =>
      rowOf(queue.name, queue),
    ),
    rowOf('All', total),
  ];
  const lines = aligned(rows);
  if (queues.length > SHOWN_QUEUES)
    lines.push(`(the ${String(SHOWN_QUEUES)} busiest of ${String(queues.length)} queues)`);
  lines.push('');
  lines.push(
    `Agents: ${String(summary.agents)}, occupied ${cell(total.occupancy, share)}; ` +
      `idle shares are apart by ${cell(total.idleSpread, share)}; longest wait ${cell(total.longestWaitS, seconds)}`,
  );
  if (flow !== undefined)
    lines.push(
      `Flow: ${cell(flow.entered, count)} calls, to queues ${cell(flow.toQueues, share)}, ended there ${cell(flow.contained, share)}, ` +
        `hung up ${cell(flow.dropped, share)}, elsewhere ${cell(flow.elsewhere, share)}, stuck ${cell(flow.stuck, share)}; mean ${cell(flow.meanS, seconds)}`,
    );
  if ((total.unserved?.mean ?? 0) > 0)
    lines.push(`Never served: ${cell(total.unserved, count)} calls were still in line at the end`);
  if (theory !== null)
    lines.push(
      `${theory.model === 'erlang-c' ? 'Erlang C' : 'Erlang A'} says: P(wait) ${share(theory.pWait)}, ` +
        `gave up ${share(theory.pAbandon)}, wait of all ${seconds(theory.asaAllS)}, ` +
        `in ${String(serviceLevelS)} s ${share(theory.serviceLevel)}, occupied ${share(theory.occupancy)}`,
    );
  lines.push(
    seeds === 1
      ? 'One replication: how sure this is cannot be told; use --seeds 5 or more.'
      : `Means of ${String(seeds)} replications, ± half of the 99 % confidence interval.`,
  );
  return lines.join('\n');
}

const rowOf = (name: string, figures: FigureEstimates): Cell[] => [
  name,
  cell(figures.offered, count),
  cell(figures.answered, count),
  cell(figures.pAbandon, share),
  cell(figures.overflowed, count),
  cell(figures.pWait, share),
  cell(figures.asaAllS, seconds),
  cell(figures.asaAnsweredS, seconds),
  cell(figures.serviceLevel, share),
];

/** Columns under each other: the first to the left, figures to the right. */
function aligned(rows: readonly (readonly Cell[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
