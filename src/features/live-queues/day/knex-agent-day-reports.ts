import type { Knex } from 'knex';
import type { DayMark } from '../../../engines/reporting/agent-day.js';
import type { CallResult, Direction, OfferOutcome } from '../../../kernel/call-event.js';
import type { AgentId, CallId, QueueId } from '../../../kernel/ids.js';
import type { AgentDayReports, DayCall, FirstContacts, OfferEnd } from './agent-day-reports.js';

interface MarkRow {
  readonly at: Date;
  readonly state: string;
  readonly reason: string;
  readonly note: string | null;
  readonly call_id: CallId | null;
}

interface CallRow {
  readonly id: CallId;
  readonly direction: Direction;
  readonly from_number: string;
  readonly from_name: string;
  readonly to_number: string;
  readonly queue_id: QueueId | null;
  readonly result: CallResult | null;
}

interface EndRow {
  readonly call_id: CallId;
  readonly at: Date;
  readonly queue_id: QueueId;
  readonly outcome: OfferOutcome;
  readonly rang_ms: number | string;
}

interface LegRow {
  readonly call_id: CallId;
  readonly started_at: Date;
  readonly cause: number | null;
  readonly tech_cause: number | null;
}

/** Ids asked for at a time: a long list of parameters makes a slow statement. */
const IDS_AT_ONCE = 500;
/** The leg of an offer begins within so much of its ring. */
const SAME_RING_MS = 5_000;

/** An agent's day in MariaDB. */
export class KnexAgentDayReports implements AgentDayReports {
  constructor(private readonly db: Knex) {}

  async marks(agent: AgentId, from: Date, to: Date): Promise<readonly DayMark[]> {
    const columns = ['at', 'state', 'reason', 'note', 'call_id'] as const;
    const table = () => this.db('agent_state_changes').where('agent_id', agent);
    const [before, within] = await Promise.all([
      table()
        .where('at', '<', from)
        .orderBy([
          { column: 'at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .limit(1)
        .select<MarkRow[]>(columns),
      table()
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy(['at', 'id'])
        .select<MarkRow[]>(columns),
    ]);
    return [...before, ...within].map((row) => ({
      at: row.at.getTime(),
      state: row.state,
      reason: row.reason,
      note: row.note ?? '',
      callId: row.call_id ?? undefined,
    }));
  }

  async calls(ids: readonly CallId[]): Promise<ReadonlyMap<CallId, DayCall>> {
    const rows = await inParts(ids, (part) =>
      this.db('calls')
        .whereIn('id', part)
        .select<CallRow[]>(
          ...(['id', 'direction', 'from_number', 'from_name', 'to_number'] as const),
          ...(['queue_id', 'result'] as const),
        ),
    );
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          direction: row.direction,
          from: row.from_number,
          fromName: row.from_name,
          to: row.to_number,
          queueId: row.queue_id ?? undefined,
          result: row.result ?? undefined,
        },
      ]),
    );
  }

  async offerEnds(agent: AgentId, calls: readonly CallId[]): Promise<readonly OfferEnd[]> {
    const [ends, legs] = await Promise.all([
      inParts(calls, (part) =>
        this.db('call_events')
          .whereIn('call_id', part)
          .where('kind', 'offer-ended')
          .whereRaw("JSON_VALUE(body, '$.agentId') = ?", [agent])
          .orderBy(['at', 'seq'])
          .select<EndRow[]>(
            ...(['call_id', 'at', 'queue_id', 'outcome'] as const),
            this.db.raw("JSON_VALUE(body, '$.rangMs') AS rang_ms"),
          ),
      ),
      inParts(calls, (part) =>
        this.db('call_legs')
          .whereIn('call_id', part)
          .where('agent_id', agent)
          .select<LegRow[]>('call_id', 'started_at', 'cause', 'tech_cause'),
      ),
    ]);
    return ends
      .map((row) => {
        const rangMs = Number(row.rang_ms);
        const begunAt = row.at.getTime() - rangMs;
        const leg = legs.find(
          (one) =>
            one.call_id === row.call_id &&
            Math.abs(one.started_at.getTime() - begunAt) < SAME_RING_MS,
        );
        return {
          callId: row.call_id,
          at: row.at.getTime(),
          queueId: row.queue_id,
          outcome: row.outcome,
          rangMs,
          cause: leg?.cause ?? undefined,
          techCause: leg?.tech_cause ?? undefined,
        };
      })
      .sort((a, b) => a.at - b.at);
  }

  async firstContacts(agent: AgentId): Promise<readonly FirstContacts[]> {
    const rows = await this.db('agent_results').where('agent_id', agent).select<
      {
        queue_id: QueueId;
        result: number;
        contacts: number;
        worth: string | null;
      }[]
    >('queue_id', 'result', 'contacts', 'worth');
    return rows.map((row) => ({
      queueId: row.queue_id,
      result: row.result,
      contacts: row.contacts,
      solved: row.worth === null ? undefined : Number(row.worth),
    }));
  }
}

/** Asks for many ids in parts, one part after the other. */
async function inParts<Row>(
  ids: readonly CallId[],
  ask: (part: readonly CallId[]) => PromiseLike<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE)
    rows.push(...(await ask(ids.slice(at, at + IDS_AT_ONCE))));
  return rows;
}
