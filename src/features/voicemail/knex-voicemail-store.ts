import type { Knex } from 'knex';
import type { CallId, ExtensionId, QueueId, RecordingId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { orNumberOrText } from '../number-privacy/index.js';
import { whereHeardBy } from './hearer-where.js';
import type { Voicemail, VoicemailBox, VoicemailQuery, VoicemailSort } from './voicemail.js';
import type {
  BoxWithMessages,
  VoicemailMarks,
  VoicemailScope,
  VoicemailStore,
} from './voicemail-store.js';

interface VoicemailRow {
  readonly recording_id: RecordingId;
  readonly call_id: CallId;
  readonly left_at: Date;
  readonly heard_at: Date | null;
  readonly heard_by_name: string | null;
  readonly remark: string;
  readonly archived_at: Date | null;
  readonly handled_at: Date | null;
  readonly handled_by_name: string | null;
  readonly kept_at: Date | null;
  readonly from_number: string | null;
  readonly from_name: string | null;
  readonly duration_ms: number | null;
  readonly state: Voicemail['sound'] | null;
  readonly extension_number: string | null;
  readonly queue_name: string | null;
}

interface BoxRow {
  readonly extension_id: ExtensionId | null;
  readonly number: string | null;
  readonly queue_id: QueueId | null;
  readonly name: string | null;
}

const SORT_COLUMNS: Readonly<Record<VoicemailSort, string>> = {
  left: 'v.left_at',
  from: 'c.from_number',
};

const boxOf = (row: VoicemailRow): VoicemailBox => {
  if (row.extension_number !== null) return { kind: 'extension', name: row.extension_number };
  if (row.queue_name !== null) return { kind: 'queue', name: row.queue_name };
  return { kind: 'general', name: '' };
};

const toVoicemail = (row: VoicemailRow): Voicemail => ({
  id: row.recording_id,
  callId: row.call_id,
  leftAt: row.left_at,
  fromNumber: row.from_number ?? '',
  fromName: row.from_name ?? '',
  box: boxOf(row),
  durationMs: row.duration_ms ?? 0,
  sound: row.state ?? 'waiting',
  heardAt: row.heard_at ?? undefined,
  heardBy: row.heard_by_name ?? '',
  remark: row.remark,
  archivedAt: row.archived_at ?? undefined,
  handledAt: row.handled_at ?? undefined,
  handledBy: row.handled_by_name ?? '',
  keptAt: row.kept_at ?? undefined,
});

/** Messages in MariaDB or MySQL. */
export class KnexVoicemailStore implements VoicemailStore {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
  ) {}

  async list(scope: VoicemailScope, query: VoicemailQuery): Promise<ListResult<Voicemail>> {
    const direction = query.descending ? 'desc' : 'asc';
    const [rows, counted] = await Promise.all([
      narrowed(this.#joined(scope), query, this.country)
        .orderBy(SORT_COLUMNS[query.sortBy], direction)
        .orderBy('v.recording_id', direction)
        .limit(query.limit)
        .offset(query.offset)
        .select(this.#columns()) as Promise<VoicemailRow[]>,
      narrowed(this.#joined(scope), query, this.country).count({ n: '*' }).first() as Promise<{
        n: number | string;
      }>,
    ]);
    return { rows: rows.map(toVoicemail), total: Number(counted.n) };
  }

  async find(scope: VoicemailScope, id: RecordingId): Promise<Voicemail | undefined> {
    const row = await this.#joined(scope)
      .where('v.recording_id', id)
      .first<VoicemailRow | undefined>(this.#columns());
    return row && toVoicemail(row);
  }

  async mark(id: RecordingId, marks: VoicemailMarks): Promise<void> {
    const { heard, remark, archivedAt, handled, keptAt } = marks;
    const columns = {
      ...(heard === undefined ? {} : { heard_at: heard?.at ?? null, heard_by: heard?.by ?? null }),
      ...(remark === undefined ? {} : { remark }),
      ...(archivedAt === undefined ? {} : { archived_at: archivedAt }),
      ...(keptAt === undefined ? {} : { kept_at: keptAt }),
      ...(handled === undefined
        ? {}
        : { handled_at: handled?.at ?? null, handled_by: handled?.by ?? null }),
    };
    if (Object.keys(columns).length > 0)
      await this.db('voicemails').where('recording_id', id).update(columns);
  }

  async countNew(scope: VoicemailScope): Promise<number> {
    const row = await scoped(this.db('voicemails as v'), this.db, scope)
      .whereNull('v.heard_at')
      .whereNull('v.archived_at')
      .count({ n: '*' })
      .first<{ n: number | string }>();
    return Number(row.n);
  }

  async boxes(scope: VoicemailScope): Promise<readonly BoxWithMessages[]> {
    const rows = (await scoped(this.db('voicemails as v'), this.db, scope)
      .leftJoin('extensions as x', 'x.id', 'v.extension_id')
      .leftJoin('queues as q', 'q.id', 'v.queue_id')
      .where((either) => {
        void either.whereNotNull('x.id').orWhereNotNull('q.id');
      })
      .distinct('x.id as extension_id', 'x.number', 'q.id as queue_id', 'q.name')
      .orderBy([{ column: 'x.number' }, { column: 'q.name' }])) as BoxRow[];
    return rows.flatMap((row): BoxWithMessages[] => {
      if (row.extension_id !== null)
        return [{ owner: { kind: 'extension', id: row.extension_id }, name: row.number ?? '' }];
      if (row.queue_id === null) return [];
      return [{ owner: { kind: 'queue', id: row.queue_id }, name: row.name ?? '' }];
    });
  }

  #joined(scope: VoicemailScope) {
    const query = this.db('voicemails as v')
      .leftJoin('recordings as r', 'r.id', 'v.recording_id')
      .leftJoin('calls as c', 'c.id', 'v.call_id')
      .leftJoin('extensions as x', 'x.id', 'v.extension_id')
      .leftJoin('queues as q', 'q.id', 'v.queue_id')
      .leftJoin('users as u', 'u.id', 'v.heard_by')
      .leftJoin('users as h', 'h.id', 'v.handled_by');
    return scoped(query, this.db, scope);
  }

  #columns() {
    return [
      'v.*',
      'r.state',
      'r.duration_ms',
      'c.from_number',
      'c.from_name',
      'x.number as extension_number',
      'q.name as queue_name',
      'u.name as heard_by_name',
      'h.name as handled_by_name',
    ];
  }
}

function scoped<Query extends Knex.QueryBuilder>(
  query: Query,
  db: Knex,
  scope: VoicemailScope,
): Query {
  if (scope === 'everything') return query;
  whereHeardBy(query, db, scope.agentId);
  return query;
}

function narrowed<Query extends Knex.QueryBuilder>(
  query: Query,
  wanted: VoicemailQuery,
  country: string,
): Query {
  if (wanted.archived) void query.whereNotNull('v.archived_at');
  else void query.whereNull('v.archived_at');
  if (wanted.state === 'new') void query.whereNull('v.heard_at');
  if (wanted.state === 'heard') void query.whereNotNull('v.heard_at');
  if (wanted.state === 'unhandled') void query.whereNull('v.handled_at');
  if (wanted.state === 'kept') void query.whereNotNull('v.kept_at');
  if (wanted.box !== undefined) void query.where(`v.${wanted.box.kind}_id`, wanted.box.id);
  if (wanted.search !== '')
    void query.where((either) => {
      orNumberOrText(either, {
        ...{ query: wanted, country },
        numbers: ['c.from_number'],
        texts: ['c.from_name', 'v.remark'],
      });
    });
  return query;
}
