import type { Knex } from 'knex';
import {
  CallComparison,
  noVisits,
  type TabledCall,
  type TabledRecording,
  type VisitCounts,
} from '../../engines/reconciliation/compare-calls.js';
import {
  compareAgents,
  compareQueues,
  type ReportedTime,
} from '../../engines/reconciliation/compare-figures.js';
import type { Reconciliation } from '../../engines/reconciliation/finding.js';
import { signedInMs, type RawState } from '../../engines/reconciliation/recount-agent.js';
import { recountCall } from '../../engines/reconciliation/recount-call.js';
import { toCallEvent, type EventTableRow } from '../../engines/reporting/table-rows.js';
import { spansOf, type TimeSpan } from '../../engines/reporting/time-spans.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import { KnexFigures } from '../report-sums/index.js';
import { KnexAgentTime } from '../reports/index.js';

/** Calls whose lines are read at once. */
const CALLS_AT_ONCE = 500;

/**
 * Counts a day from the ledger's lines and compares that with the tables and figures of the reports. `db` is a transaction with
 * one view of everything: nothing that is written meanwhile counts on one side only.
 */
export async function recountDay(
  db: Knex,
  day: TimeSpan,
  zone: string,
  now: number,
): Promise<Reconciliation> {
  const intervals = spansOf(day.startAt, day.endAt, 'quarter', zone);
  const comparison = new CallComparison(day, intervals);
  let seen = 0;
  for await (const ids of callsOf(db, day)) {
    seen += ids.length;
    const [events, tabled] = [await eventsOf(db, ids), await tabledOf(db, ids, now)];
    for (const id of ids) {
      const call = recountCall(events.get(id) ?? [], now);
      if (call !== undefined) comparison.take(call, tabled.get(id));
    }
  }
  const queues = compareQueues(comparison.visited, await reportedQueues(db, intervals));
  const agents = compareAgents(
    await countedAgents(db, day, now),
    await reportedAgents(db, day, now),
    day.startAt,
  );
  const visits = comparison.visited.reduce((sum, { counts }) => sum + counts.offered, 0);
  return {
    span: day,
    ...{ calls: comparison.calls, open: comparison.open },
    counted: {
      ...{ queues: visits, agents: agents.lines.length },
      ...{ recordings: comparison.recorded, ledger: seen },
    },
    lines: [...queues.lines, ...agents.lines, ...comparison.recordingLines],
    findings: [...queues.findings, ...agents.findings, ...comparison.findings],
  };
}

/** Calls of which something happened on the day, in portions. */
async function* callsOf(db: Knex, day: TimeSpan): AsyncGenerator<readonly CallId[]> {
  for (let after = ''; ;) {
    const rows: readonly { call_id: CallId }[] = await db('call_events')
      .where('at', '>=', new Date(day.startAt))
      .where('at', '<', new Date(day.endAt))
      .where('call_id', '>', after)
      .distinct('call_id')
      .orderBy('call_id')
      .limit(CALLS_AT_ONCE);
    if (rows.length > 0) yield rows.map((row) => row.call_id);
    if (rows.length < CALLS_AT_ONCE) return;
    after = rows.at(-1)?.call_id ?? after;
  }
}

async function eventsOf(
  db: Knex,
  ids: readonly CallId[],
): Promise<ReadonlyMap<string, readonly CallEvent[]>> {
  const rows: readonly EventTableRow[] = await db('call_events')
    .whereIn('call_id', [...ids])
    .select('id', 'call_id', 'seq', 'at', 'kind', 'body');
  return grouped(rows, (row) => row.call_id, toCallEvent);
}

interface VisitTableRow {
  readonly call_id: string;
  readonly queue_id: QueueId;
  readonly entered_at: Date;
  readonly left_at: Date | null;
  readonly outcome: TabledCall['visits'][number]['outcome'] | null;
}

interface RecordingTableRow {
  readonly call_id: string;
  readonly state: string;
  readonly problem: string;
  readonly duration_ms: number;
  readonly created_at: Date;
}

async function tabledOf(
  db: Knex,
  ids: readonly CallId[],
  now: number,
): Promise<ReadonlyMap<string, TabledCall>> {
  const visitRows: readonly VisitTableRow[] = await db('queue_visits')
    .whereIn('call_id', [...ids])
    .orderBy(['call_id', 'n'])
    .select('call_id', 'queue_id', 'entered_at', 'left_at', 'outcome');
  const visits = grouped(
    visitRows,
    (row) => row.call_id,
    (row) => ({
      ...{ queueId: row.queue_id, enteredAt: row.entered_at.getTime() },
      outcome: row.outcome ?? (row.left_at === null ? ('waiting' as const) : ('unknown' as const)),
    }),
  );
  const recordingRows: readonly RecordingTableRow[] = await db('recordings')
    .whereIn('call_id', [...ids])
    .where('kind', 'call')
    .select('call_id', 'state', 'problem', 'duration_ms', 'created_at');
  const recordings = grouped(
    recordingRows,
    (row) => row.call_id,
    (row) => tabledRecording(row, now),
  );
  const rows: readonly {
    id: string;
    result: string | null;
    talk_ms: number;
    queue_id: QueueId | null;
  }[] = await db('calls')
    .whereIn('id', [...ids])
    .select('id', 'result', 'talk_ms', 'queue_id');
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...{ result: row.result ?? undefined, talkMs: row.talk_ms },
        queueId: row.queue_id ?? undefined,
        visits: visits.get(row.id) ?? [],
        recordings: recordings.get(row.id) ?? [],
      },
    ]),
  );
}

/** A node gives its files within moments; what it has not given after so long is missing. */
const FETCHED_WITHIN_MS = 3_600_000;

/** What was kept and is deleted in time had been there. */
function tabledRecording(
  { state, problem, duration_ms: durationMs, created_at }: RecordingTableRow,
  now: number,
): TabledRecording {
  if (state === 'stored' || problem === 'expired') return { state: 'stored', durationMs };
  if (state === 'waiting' && now - created_at.getTime() < FETCHED_WITHIN_MS)
    return { state: 'coming', durationMs };
  return { state: 'lost', durationMs: 0 };
}

/** Each interval by itself: what a report of that quarter of an hour says. */
async function reportedQueues(db: Knex, intervals: readonly TimeSpan[]) {
  const figures = new KnexFigures(db);
  const found = [];
  for (const interval of intervals) {
    const items = await figures.read({
      ...{ source: 'visits', subject: 'queue', by: 'item', spans: [interval], grain: 'quarter' },
    });
    for (const [queue, numbers] of items) {
      const counts = noVisits();
      for (const name of Object.keys(counts) as (keyof VisitCounts)[])
        counts[name] = numbers[name] ?? 0;
      found.push({ queueId: Number(queue) as QueueId, at: interval.startAt, counts });
    }
  }
  return found;
}

const STATES = [
  ...['availableMs', 'previewMs', 'ringingMs', 'talkingMs', 'wrapUpMs', 'notReadyMs'],
  ...['phoneLostMs', 'otherMs'],
];

/** Stretches that are over come from the sums, those that go on and the time signed in from the states themselves. */
async function reportedAgents(
  db: Knex,
  day: TimeSpan,
  now: number,
): Promise<ReadonlyMap<AgentId, ReportedTime>> {
  const spans = [day];
  const over = await new KnexFigures(db).read({
    ...{ source: 'agents', subject: 'agent', by: 'item', spans, grain: 'day' },
  });
  const going = await new KnexAgentTime(db).read({ spans, by: 'item', item: undefined }, now);
  const found = new Map<AgentId, ReportedTime>();
  for (const agent of new Set([...over.keys(), ...going.keys()])) {
    const [closed = {}, open = {}] = [over.get(agent), going.get(agent)];
    found.set(Number(agent) as AgentId, {
      signedInMs: open['signedInMs'] ?? 0,
      statesMs: STATES.reduce((sum, name) => sum + (closed[name] ?? 0) + (open[name] ?? 0), 0),
    });
  }
  return found;
}

interface StateRow {
  readonly id: string;
  readonly agent_id: AgentId;
  readonly at: Date;
  readonly state: string;
}

/** Signed-in time of each agent, from the raw changes. */
async function countedAgents(
  db: Knex,
  day: TimeSpan,
  now: number,
): Promise<ReadonlyMap<AgentId, number>> {
  const [from, to] = [new Date(day.startAt), new Date(day.endAt)];
  const before = db('agent_state_changes')
    .where('at', '<', from)
    .groupBy('agent_id')
    .select('agent_id', db.raw('MAX(at) AS at'))
    .as('b');
  const carried: readonly StateRow[] = await db('agent_state_changes as c')
    .join(before, (join) => {
      join.on('b.agent_id', 'c.agent_id').andOn('b.at', 'c.at');
    })
    .select('c.id', 'c.agent_id', 'c.at', 'c.state');
  const own: readonly StateRow[] = await db('agent_state_changes')
    .where('at', '>=', from)
    .where('at', '<', to)
    .select('id', 'agent_id', 'at', 'state');
  const byAgent = grouped(
    [...carried, ...own],
    (row) => row.agent_id,
    (row): RawState => ({ id: row.id, at: row.at.getTime(), state: row.state }),
  );
  const until = Math.min(day.endAt, Math.max(day.startAt, now));
  return new Map(
    [...byAgent].map(([agent, changes]) => [agent, signedInMs(changes, day.startAt, until)]),
  );
}

function grouped<Row, Key, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  valueOf: (row: Row) => Value,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const row of rows) {
    const known = groups.get(keyOf(row));
    if (known === undefined) groups.set(keyOf(row), [valueOf(row)]);
    else known.push(valueOf(row));
  }
  return groups;
}
