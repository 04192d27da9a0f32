import type { Knex } from 'knex';
import type { CallEventBody } from '../../kernel/call-event.js';
import type { AgentId, CallbackId, CallId, QueueId } from '../../kernel/ids.js';
import type { CallbackStory, OfferStory, PastCall, TodayFigures } from './workspace.js';

interface PastCallRow {
  readonly id: CallId;
  readonly started_at: Date;
  readonly direction: PastCall['direction'];
  readonly from_number: string;
  readonly from_name: string;
  readonly to_number: string;
  readonly result: PastCall['result'] | null;
  readonly wait_ms: number;
  readonly talk_ms: number;
  readonly agent_id: AgentId | null;
  readonly agent_name: string | null;
  readonly queue_name: string | null;
}

interface CallbackRow {
  readonly call_id: CallId;
  readonly queue_id: QueueId;
  readonly queue_name: string;
  readonly asked_at: Date;
  readonly entered_at: Date;
  readonly attempts: number;
  readonly last_outcome: string | null;
  readonly note: string | null;
}

const toPastCall = (row: PastCallRow): PastCall => ({
  id: row.id,
  startedAt: row.started_at,
  direction: row.direction,
  from: { number: row.from_number, name: row.from_name },
  toNumber: row.to_number,
  queueName: row.queue_name ?? '',
  agentId: row.agent_id ?? undefined,
  agentName: row.agent_name ?? '',
  result: row.result ?? undefined,
  waitMs: row.wait_ms,
  talkMs: row.talk_ms,
});

/** So many of the last transfers are looked through for different targets. */
const RECENT_LOOKED_AT = 40;

/** Reads what the page shows of calls. All figures come from the tables that the ledger fills. */
export class WorkspaceReports {
  constructor(private readonly db: Knex) {}

  /** Calls that the agent talked in, own part begun at or after `from`; test calls do not count. */
  async today(agentId: AgentId, from: Date): Promise<TodayFigures> {
    const row = (await this.db('call_talks')
      .where({ agent_id: agentId, kind: 'talk', test: false })
      .where('started_at', '>=', from)
      .countDistinct({ calls: 'call_id' })
      .sum({ talk: 'talk_ms' })
      .first()) as { calls: number | string; talk: number | string | null };
    const calls = Number(row.calls);
    return {
      calls,
      averageTalkMs: calls === 0 ? undefined : Math.round(Number(row.talk) / calls),
    };
  }

  /** The agent's calls, the newest first; also those that the agent sent on. */
  async callsOf(agentId: AgentId, limit: number): Promise<readonly PastCall[]> {
    const talked = this.db('call_talks')
      .where({ agent_id: agentId, kind: 'talk' })
      .orderBy('started_at', 'desc')
      .limit(limit)
      .select('call_id');
    // Two questions, each answered by an index; "or" would walk the table.
    const found = (await Promise.all([
      this.#calls().where('c.agent_id', agentId).limit(limit),
      this.#calls().whereIn('c.id', this.db(talked.as('talked')).select('call_id')),
    ])) as PastCallRow[][];
    return newest(found.flat()).slice(0, limit);
  }

  /** What the agent's calls were sent to lately, each once, the newest first: `extension:3`, `number:+44...`. */
  async recentTargets(agentId: AgentId, limit: number): Promise<readonly string[]> {
    const rows: { to_kind: string; to_id: number | null; to_number: string }[] = await this.db(
      'call_transfers',
    )
      .where('agent_id', agentId)
      .orderBy('at', 'desc')
      .limit(RECENT_LOOKED_AT)
      .select('to_kind', 'to_id', 'to_number');
    const keys = rows.flatMap(({ to_kind: kind, to_id: id, to_number: number }) => {
      if (kind === 'outside') return [`number:${number}`];
      return id === null || !['extension', 'queue', 'flow'].includes(kind)
        ? []
        : [`${kind}:${String(id)}`];
    });
    return [...new Set(keys)].slice(0, limit);
  }

  /** Calls from and to a number, the newest first, without `except`. */
  async callsWith(
    number: string,
    except: CallId | undefined,
    limit: number,
  ): Promise<readonly PastCall[]> {
    // Two questions, each answered by an index; "or" would walk the table.
    const found = (await Promise.all(
      ['c.from_number', 'c.to_number'].map((column) =>
        this.#calls()
          .where(column, number)
          .limit(limit + 1),
      ),
    )) as PastCallRow[][];
    return newest(found.flat())
      .filter(({ id }) => id !== except)
      .slice(0, limit);
  }

  /** How often a number called since then, in all queues; the present call counts. */
  async timesCalled(number: string, since: Date): Promise<number> {
    const row = (await this.db('calls')
      .where('from_number', number)
      .where('started_at', '>=', since)
      .count({ times: '*' })
      .first()) as { times: number | string };
    return Number(row.times);
  }

  /** True until the call's end has reached the database. */
  async isOpen(callId: CallId): Promise<boolean> {
    const row: { ended_at: Date | null } | undefined = await this.db('calls')
      .where('id', callId)
      .first('ended_at');
    return (row?.ended_at ?? null) === null;
  }

  /** The last offer of a call to an agent. Undefined where the ledger has none, or has not reached the database yet. */
  async offer(callId: CallId, agentId: AgentId): Promise<OfferStory | undefined> {
    const rows: { kind: string; body: unknown }[] = await this.db('call_events')
      .where('call_id', callId)
      .whereIn('kind', ['queue-entered', 'offered', 'queue-left'])
      .orderBy('seq')
      .select('kind', 'body');
    // A row's kind says of which shape its body is.
    const events = rows.map(({ kind, body }) => ({ ...parsed(body), kind }) as CallEventBody);
    const offered = events
      .filter((event) => event.kind === 'offered')
      .findLast((event) => event.agentId === agentId);
    if (!offered) return undefined;
    const { queueId, reasons } = offered;
    const entered = events
      .filter((event) => event.kind === 'queue-entered')
      .findLast((event) => event.queueId === queueId);
    const left = events
      .filter((event) => event.kind === 'queue-left')
      .findLast((event) => event.queueId === queueId);
    return { queueId, reasons, place: entered?.place ?? 1, waitedMs: left?.waitedMs };
  }

  /** The callback that is offered, or that this call is a try of; undefined where the call is none. */
  async callback(
    wanted: { readonly id: CallbackId } | { readonly callId: CallId },
    now: number,
  ): Promise<CallbackStory | undefined> {
    const tried = 'callId' in wanted ? await this.#tried(wanted.callId) : undefined;
    const id = 'id' in wanted ? wanted.id : tried?.callbackId;
    if (id === undefined) return undefined;
    const row = await this.db('callbacks as b')
      .join('queues as q', 'q.id', 'b.queue_id')
      .where('b.id', id)
      .first<CallbackRow | undefined>('b.*', 'q.name as queue_name');
    if (row === undefined) return undefined;
    return {
      askedAt: row.asked_at,
      place: await this.#placeOnEntry(row.call_id, row.queue_id),
      waitedMs: tried?.waitedMs ?? Math.max(0, now - row.entered_at.getTime()),
      queueName: row.queue_name,
      attempts: tried === undefined ? row.attempts : tried.attempt - 1,
      lastOutcome: row.last_outcome ?? '',
      note: row.note ?? '',
    };
  }

  async #tried(callId: CallId) {
    const row: { body: unknown } | undefined = await this.db('call_events')
      .where({ call_id: callId, kind: 'callback-tried' })
      .first('body');
    return row && (parsed(row.body) as CallEventBody & { kind: 'callback-tried' });
  }

  async #placeOnEntry(callId: CallId, queueId: QueueId): Promise<number | undefined> {
    const rows: { body: unknown }[] = await this.db('call_events')
      .where({ call_id: callId, kind: 'queue-entered' })
      .orderBy('seq')
      .select('body');
    return rows
      .map(({ body }) => parsed(body) as { queueId: QueueId; place: number })
      .findLast((entered) => entered.queueId === queueId)?.place;
  }

  #calls() {
    return this.db('calls as c')
      .leftJoin('agents as a', 'a.id', 'c.agent_id')
      .leftJoin('queues as q', 'q.id', 'c.queue_id')
      .orderBy('c.started_at', 'desc')
      .orderBy('c.id', 'desc')
      .select(
        'c.id',
        'c.started_at',
        'c.direction',
        'c.from_number',
        'c.from_name',
        'c.to_number',
        'c.result',
        'c.wait_ms',
        'c.talk_ms',
        'c.agent_id',
        'a.name as agent_name',
        'q.name as queue_name',
      );
  }
}

/** Each call once, the newest first. */
const newest = (rows: readonly PastCallRow[]): readonly PastCall[] =>
  [...new Map(rows.map((row) => [row.id, row])).values()]
    .map(toPastCall)
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1));

/** MariaDB gives JSON as text, MySQL as an object. */
const parsed = (body: unknown): object =>
  (typeof body === 'string' ? JSON.parse(body) : body) as object;
