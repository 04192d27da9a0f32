import type { Knex } from 'knex';
import { toCallEvent, type EventTableRow } from '../../engines/reporting/table-rows.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, CallbackId, CallId, DispositionId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import { readDispositions } from '../directory/index.js';
import type {
  CallbackFile,
  CallDetail,
  CallLine,
  CallQuery,
  CallSort,
  FilterChoices,
  LegLine,
  Named,
  RecordingMark,
  WrapUpLine,
} from './call.js';
import { COUNT_AT_MOST, type CallPage, type CallReports } from './call-reports.js';
import {
  TALKERS_SEPARATOR,
  toCallDetail,
  toCallLine,
  toLegLine,
  type CallRowWithNames,
  type LegRowWithNames,
} from './call-table-rows.js';
import { narrowed } from './call-where.js';
import { readCallbackFiles } from './knex-callback-files.js';

const SORT_COLUMNS: Readonly<Record<CallSort, string>> = {
  started: 'c.started_at',
  from: 'c.from_number',
  waited: 'c.wait_ms',
  talked: 'c.talk_ms',
};
const EXPORT_STEP = 1_000;

/** Calls in MariaDB or MySQL. */
export class KnexCallReports implements CallReports {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(query: CallQuery): Promise<CallPage> {
    const some = this.#matching(query)
      .select('c.id')
      .limit(COUNT_AT_MOST + 1)
      .as('some');
    const [rows, [counted]] = await Promise.all([
      this.#lines(query).limit(query.limit).offset(query.offset) as Promise<CallRowWithNames[]>,
      this.db.from(some).count({ n: '*' }) as Promise<{ n: number | string }[]>,
    ]);
    const found = Number(counted?.n ?? 0);
    return {
      rows: rows.map(toCallLine),
      total: Math.min(found, COUNT_AT_MOST),
      isMore: found > COUNT_AT_MOST,
    };
  }

  async each(
    query: CallQuery,
    visit: (lines: readonly CallLine[]) => Promise<void>,
  ): Promise<void> {
    // Ids are sortable by time: each step begins after the last one without counting its way there.
    for (let before: string | undefined; ;) {
      const lines = narrowed(this.#named(), query, this.country)
        .orderBy('c.id', 'desc')
        .limit(EXPORT_STEP)
        .select('c.*', 'q.name as queue_name', 'a.name as agent_name', this.#talkers());
      if (before !== undefined) void lines.where('c.id', '<', before);
      const rows = (await lines) as CallRowWithNames[];
      if (rows.length > 0) await visit(rows.map(toCallLine));
      if (rows.length < EXPORT_STEP) return;
      before = rows.at(-1)?.id;
    }
  }

  async find(id: CallId): Promise<CallDetail | undefined> {
    const row = await this.#named()
      .leftJoin('extensions as x', 'x.id', 'c.extension_id')
      .leftJoin('dids as d', 'd.id', 'c.did_id')
      .leftJoin('trunks as t', 't.id', 'c.trunk_id')
      .where('c.id', id)
      .first<CallRowWithNames | undefined>(
        'c.*',
        'q.name as queue_name',
        'a.name as agent_name',
        'x.number as extension_number',
        'd.name as did_name',
        't.name as trunk_name',
      );
    return row && toCallDetail(row);
  }

  async isOwn(id: CallId, agentId: AgentId): Promise<boolean> {
    const row = await narrowed(this.db('calls as c'), { ownAgentId: agentId })
      .where('c.id', id)
      .first<object | undefined>('c.id');
    return row !== undefined;
  }

  async legs(id: CallId): Promise<readonly LegLine[]> {
    const rows = await this.db('call_legs as l')
      .leftJoin('agents as a', 'a.id', 'l.agent_id')
      .leftJoin('trunks as t', 't.id', 'l.trunk_id')
      .where('l.call_id', id)
      .orderBy('l.started_at')
      .orderBy('l.id')
      .select<LegRowWithNames[]>('l.*', 'a.name as agent_name', 't.name as trunk_name');
    return rows.map(toLegLine);
  }

  async events(id: CallId): Promise<readonly CallEvent[]> {
    const rows = await this.db('call_events')
      .where('call_id', id)
      .orderBy(['seq', 'at', 'id'])
      .select<EventTableRow[]>('*');
    return rows.map(toCallEvent);
  }

  async recordingsOf(ids: readonly CallId[]): Promise<readonly RecordingMark[]> {
    const rows = await this.db('recordings')
      .whereIn('call_id', [...ids])
      .orderBy(['created_at', 'id'])
      .select<RecordingMark[]>('call_id as callId', 'id', 'state');
    return rows;
  }

  async wrapUps(id: CallId): Promise<readonly WrapUpLine[]> {
    const rows = await this.db('call_dispositions as d')
      .leftJoin('agents as a', 'a.id', 'd.agent_id')
      .where('d.call_id', id)
      .orderBy(['d.at', 'd.agent_id'])
      .select<
        {
          agent_name: string | null;
          disposition_id: DispositionId | null;
          note: string;
          at: Date;
        }[]
      >('a.name as agent_name', 'd.disposition_id', 'd.note', 'd.at');
    return rows.map((row) => ({
      agentName: row.agent_name ?? '',
      dispositionId: row.disposition_id ?? undefined,
      note: row.note,
      at: row.at,
    }));
  }

  callbacks(ids: readonly CallbackId[]): Promise<readonly CallbackFile[]> {
    return readCallbackFiles(this.db, ids);
  }

  dispositions(): Promise<readonly DispositionConfig[]> {
    return readDispositions(this.db);
  }

  async choices(): Promise<FilterChoices> {
    const named = async <Id>(table: string, name: string): Promise<readonly Named<Id>[]> =>
      await this.db(table)
        .orderBy(name)
        .select<Named<Id>[]>('id', this.db.raw('?? as name', [name]));
    const [queues, agents, extensions, dids, dispositions] = await Promise.all([
      named<FilterChoices['queues'][0]['id']>('queues', 'name'),
      named<FilterChoices['agents'][0]['id']>('agents', 'name'),
      named<FilterChoices['extensions'][0]['id']>('extensions', 'number'),
      named<FilterChoices['dids'][0]['id']>('dids', 'number'),
      readDispositions(this.db),
    ]);
    return { queues, agents, extensions, dids, dispositions };
  }

  #named() {
    return this.db('calls as c')
      .leftJoin('agents as a', 'a.id', 'c.agent_id')
      .leftJoin('queues as q', 'q.id', 'c.queue_id');
  }

  #matching(query: CallQuery) {
    return narrowed(this.db('calls as c'), query, this.country);
  }

  #lines(query: CallQuery) {
    const direction = query.descending ? 'desc' : 'asc';
    return narrowed(this.#named(), query, this.country)
      .orderBy(SORT_COLUMNS[query.sortBy], direction)
      .orderBy('c.id', direction)
      .select('c.*', 'q.name as queue_name', 'a.name as agent_name', this.#talkers());
  }

  /** Everybody who had the call, in turn. */
  #talkers() {
    return this.db('call_talks as k')
      .leftJoin('agents as ka', 'ka.id', 'k.agent_id')
      .leftJoin('call_legs as kl', (join) => {
        join.on('kl.call_id', 'k.call_id').andOn('kl.id', 'k.leg_id');
      })
      .where('k.kind', 'talk')
      .whereRaw('k.call_id = c.id')
      .select(
        this.db.raw(
          "GROUP_CONCAT(COALESCE(ka.name, NULLIF(kl.name, ''), kl.number, '') ORDER BY k.n SEPARATOR ?)",
          [TALKERS_SEPARATOR],
        ),
      )
      .as('talkers');
  }
}
