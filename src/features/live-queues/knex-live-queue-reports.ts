import type { Knex } from 'knex';
import type { SettledEstimate } from '../../engines/reporting/estimate-error.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { LiveDecision } from '../../telephony/live.js';
import type {
  DecisionQuery,
  Handled,
  LiveQueueReports,
  PriorityOrigin,
} from './live-queue-reports.js';
import { AUDIT_PRIORITY, OUTCOME_DONE } from './steering.js';

/** Reads the ledger, the calls and the audit log. Rejects while the database is away. */
export class KnexLiveQueueReports implements LiveQueueReports {
  constructor(private readonly db: Knex) {}

  async callsSince(from: Date): Promise<ReadonlyMap<AgentId, number>> {
    const rows: readonly { agent_id: AgentId; total: number }[] = await this.db('call_talks')
      .where('started_at', '>=', from)
      .where({ test: false, kind: 'talk' })
      .whereNotNull('agent_id')
      .groupBy('agent_id')
      .select('agent_id', this.db.raw('COUNT(DISTINCT call_id) AS total'));
    return new Map(rows.map((row) => [row.agent_id, row.total]));
  }

  async handledSince(from: Date): Promise<readonly Handled[]> {
    const [talked, wrapped] = await Promise.all([
      // Each agent's own part of a call, also where it was sent on.
      this.db('call_talks')
        .where('started_at', '>=', from)
        .where({ test: false, kind: 'talk' })
        .whereNotNull('agent_id')
        .groupBy('agent_id', 'queue_id')
        .select<HandledRow[]>(
          'agent_id',
          'queue_id',
          this.db.raw('COUNT(DISTINCT call_id) AS calls'),
          this.db.raw('SUM(talk_ms) AS ms'),
        ),
      this.#wrapUps(from),
    ]);
    const keyOf = (row: HandledRow): string => `${String(row.agent_id)} ${String(row.queue_id)}`;
    const wrapUps = new Map(wrapped.map((row) => [keyOf(row), Number(row.ms)]));
    return talked.map((row) => ({
      agentId: row.agent_id,
      queueId: row.queue_id ?? undefined,
      calls: Number(row.calls),
      talkMs: Number(row.ms),
      wrapUpMs: wrapUps.get(keyOf(row)) ?? 0,
    }));
  }

  /** A wrap-up lasts up to the agent's next state, and belongs to the call that the agent had last. */
  async #wrapUps(from: Date): Promise<readonly HandledRow[]> {
    const marks = this.db('agent_state_changes')
      .where('at', '>=', from)
      .whereIn('agent_id', this.db('agents').select('id'))
      .select(
        'agent_id',
        'at',
        'state',
        this.db.raw('LEAD(at) OVER (PARTITION BY agent_id ORDER BY at, id) AS next_at'),
        // The last call so far: of texts that begin with the instant the greatest is the latest.
        this.db.raw(
          `RIGHT(MAX(IF(call_id IS NULL, NULL, CONCAT(at, ' ', call_id))) OVER
            (PARTITION BY agent_id ORDER BY at, id ROWS UNBOUNDED PRECEDING), 26) AS call_id`,
        ),
      )
      .as('marks');
    return this.db(marks)
      .join('calls', 'calls.id', 'marks.call_id')
      .where('marks.state', 'wrap-up')
      .whereNotNull('marks.next_at')
      .where('calls.started_at', '>=', from)
      .where('calls.test', false)
      .whereNotNull('calls.answered_at')
      .whereNotNull('calls.ended_at')
      .groupBy('marks.agent_id', 'queue_id')
      .select<HandledRow[]>(
        'marks.agent_id',
        // The queue by which it came to this agent: the call may have gone on to another one.
        this.db.raw(`(SELECT MAX(k.queue_id) FROM call_talks k
          WHERE k.call_id = calls.id AND k.agent_id = marks.agent_id) AS queue_id`),
        this.db.raw('SUM(TIMESTAMPDIFF(MICROSECOND, marks.at, marks.next_at)) DIV 1000 AS ms'),
      );
  }

  async decisions({ queueId, from, to, agent, offset, limit }: DecisionQuery) {
    const wanted = (): Knex.QueryBuilder => {
      const all = this.db('call_events as e')
        .where('e.queue_id', queueId)
        .whereIn('e.kind', ['offered', 'queue-waiting'])
        .where('e.at', '>=', from)
        .where('e.at', '<', to);
      return agent === undefined
        ? all
        : all.whereRaw(
            "(JSON_VALUE(e.body, '$.agentId') = ? OR JSON_SEARCH(e.body, 'one', ?, '|', '$.reasons[*]') IS NOT NULL)",
            [agent.id, `skipped-%:${agent.name.replace(/[%_|]/g, '|$&')}`],
          );
    };
    const [rows, counted]: [readonly DecisionRow[], { total: number | string } | undefined] =
      await Promise.all([
        wanted()
          .join('calls as c', 'c.id', 'e.call_id')
          .orderBy([
            { column: 'e.at', order: 'desc' },
            { column: 'e.id', order: 'desc' },
          ])
          .offset(offset)
          .limit(limit)
          .select<DecisionRow[]>('e.at', 'e.call_id', 'e.body', 'c.from_number', 'c.from_name'),
        wanted().count({ total: '*' }).first<{ total: number | string } | undefined>(),
      ]);
    return {
      rows: rows.map((row) => toDecision(row, queueId)),
      total: Number(counted?.total ?? 0),
    };
  }

  async priorityOrigins(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, PriorityOrigin>> {
    const [routed, set] = await Promise.all([
      this.db('call_events')
        .whereIn('call_id', calls)
        .where('kind', 'routed')
        .orderBy(['call_id', 'seq'])
        .select<{ call_id: CallId; body: string }[]>('call_id', 'body'),
      this.db('audit_entries')
        .where('object_kind', 'call')
        .whereIn('object_id', calls)
        .where('action', AUDIT_PRIORITY)
        .whereRaw(`JSON_VALUE(changes, '$.outcome[1]') = ?`, [OUTCOME_DONE])
        .orderBy('id')
        .select<{ object_id: CallId; user_name: string }[]>('object_id', 'user_name'),
    ]);
    // The last line of each call counts.
    const names = new Map(set.map((row) => [row.object_id, row.user_name]));
    const reasons = new Map(routed.map((row) => [row.call_id, reasonsIn(row.body)]));
    return new Map(
      calls.map((call): [CallId, PriorityOrigin] => {
        const setBy = names.get(call);
        return [
          call,
          { reasons: reasons.get(call) ?? [], ...(setBy === undefined ? {} : { setBy }) },
        ];
      }),
    );
  }

  async estimates(queue: QueueId, from: Date, to: Date): Promise<readonly SettledEstimate[]> {
    const rows = await this.db('call_events as entered')
      .join('call_events as left_line', (join) => {
        join
          .on('left_line.call_id', 'entered.call_id')
          .andOn('left_line.queue_id', 'entered.queue_id')
          .andOnVal('left_line.kind', 'queue-left')
          .andOnVal('left_line.outcome', 'answered')
          .andOn('left_line.seq', '>', 'entered.seq');
      })
      .leftJoin('calls', 'calls.id', 'entered.call_id')
      .whereRaw('COALESCE(calls.test, 0) = 0')
      .where('entered.queue_id', queue)
      .where('entered.kind', 'queue-entered')
      .where('entered.at', '>=', from)
      .where('entered.at', '<', to)
      .whereNotNull('entered.expected_ms')
      .where('left_line.queue_id', queue)
      .where('left_line.at', '>=', from)
      .select<{ at: Date; expected_ms: number; waited_ms: number }[]>(
        'entered.at',
        'entered.expected_ms',
        'left_line.waited_ms',
      );
    return rows.map((row) => ({
      at: row.at.getTime(),
      expectedMs: row.expected_ms,
      waitedMs: row.waited_ms,
    }));
  }
}

/** `ms` is talk or wrap-up; sums come as decimal texts. */
interface HandledRow {
  readonly agent_id: AgentId;
  readonly queue_id: QueueId | null;
  readonly calls?: number | string;
  readonly ms: number | string;
}

interface DecisionRow {
  readonly at: Date;
  readonly call_id: CallId;
  readonly body: unknown;
  readonly from_number: string;
  readonly from_name: string;
}

function toDecision(row: DecisionRow, queueId: QueueId): LiveDecision {
  const { agentId, agentName, reasons = [] } = bodyOf(row.body);
  return {
    at: row.at.getTime(),
    callId: row.call_id,
    from: row.from_number,
    name: row.from_name,
    queueId,
    ...(agentId === undefined ? {} : { agentId }),
    ...(agentName === undefined ? {} : { agentName }),
    reasons,
  };
}

const bodyOf = (body: unknown): Partial<Pick<LiveDecision, 'agentId' | 'agentName' | 'reasons'>> =>
  (typeof body === 'string' ? JSON.parse(body) : body) as Partial<LiveDecision>;

const reasonsIn = (body: unknown): readonly string[] => bodyOf(body).reasons ?? [];
