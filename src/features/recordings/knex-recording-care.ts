import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId, RecordingId, UserId } from '../../kernel/ids.js';
import { likePattern, type ListResult } from '../../kernel/list.js';
import { orNumberOrText } from '../number-privacy/index.js';
import type { AuditEntry, AuditLog } from '../audit/audit.js';
import { readDispositions } from '../directory/index.js';
import type { RecordingKind, RecordingProblem, RecordingState } from './recording.js';
import type {
  CareChoices,
  FoundRecording,
  LegalHold,
  RecordingCareStore,
  RecordingQuery,
  RecordingRemark,
  RecordingSort,
} from './recording-care.js';

interface FoundRow {
  readonly id: RecordingId;
  readonly call_id: CallId;
  readonly kind: RecordingKind;
  readonly state: RecordingState;
  readonly problem: RecordingProblem | '';
  readonly duration_ms: number;
  readonly created_at: Date;
  readonly held_at: Date | null;
  readonly remarks: number | string;
  readonly direction: string | null;
  readonly from_number: string | null;
  readonly from_name: string | null;
  readonly to_number: string | null;
  readonly queue_name: string | null;
  readonly agent_name: string | null;
}

const FOUND_COLUMNS = [
  ...(['r.id', 'r.call_id', 'r.kind', 'r.state', 'r.problem', 'r.duration_ms'] as const),
  ...(['r.created_at', 'r.held_at', 'c.direction', 'c.from_number', 'c.from_name'] as const),
  ...(['c.to_number', 'q.name as queue_name', 'a.name as agent_name'] as const),
] as const;

const SORT_COLUMNS: Readonly<Record<RecordingSort, string>> = {
  at: 'r.created_at',
  length: 'r.duration_ms',
};

const toFound = (row: FoundRow): FoundRecording => ({
  ...{ id: row.id, callId: row.call_id, kind: row.kind, state: row.state, problem: row.problem },
  ...{ durationMs: row.duration_ms, createdAt: row.created_at, isHeld: row.held_at !== null },
  remarks: Number(row.remarks),
  number: (row.direction === 'outbound' ? row.to_number : row.from_number) ?? '',
  name: row.direction === 'outbound' ? '' : (row.from_name ?? ''),
  ...{ queueName: row.queue_name ?? '', agentName: row.agent_name ?? '' },
});

/** Searching recordings, remarks and holding, in MariaDB. */
export class KnexRecordingCare implements RecordingCareStore {
  /** `country` is the site's: how national numbers are read in searches. */
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
    private readonly country: string,
  ) {}

  async search(query: RecordingQuery): Promise<ListResult<FoundRecording>> {
    const direction = query.descending ? 'desc' : 'asc';
    const matching = () => this.#matching(query);
    const found: Knex.QueryBuilder = matching()
      .leftJoin('queues as q', 'q.id', 'c.queue_id')
      .leftJoin('agents as a', 'a.id', 'c.agent_id')
      .orderBy(SORT_COLUMNS[query.sortBy], direction)
      .orderBy('r.id', direction)
      .limit(query.limit)
      .offset(query.offset)
      .select([...FOUND_COLUMNS]);
    void found.select(
      this.db.raw(
        '(SELECT COUNT(*) FROM recording_remarks m WHERE m.recording_id = r.id) AS remarks',
      ),
    );
    const [rows, counted] = await Promise.all([
      found as Promise<FoundRow[]>,
      matching().count({ n: '*' }).first() as Promise<{ n: number | string }>,
    ]);
    return { rows: rows.map(toFound), total: Number(counted.n) };
  }

  async choices(): Promise<CareChoices> {
    const named = (table: string) =>
      this.db(table).orderBy('name').select<{ id: number; name: string }[]>('id', 'name');
    const [queues, agents, dispositions] = await Promise.all([
      named('queues'),
      named('agents'),
      readDispositions(this.db),
    ]);
    return { queues, agents, dispositions };
  }

  async remarks(ids: readonly RecordingId[]): Promise<readonly RecordingRemark[]> {
    const rows = await this.db('recording_remarks')
      .whereIn('recording_id', [...ids])
      .orderBy(['at_ms', 'id'])
      .select<
        {
          id: number;
          recording_id: RecordingId;
          at_ms: number;
          text: string;
          user_id: UserId | null;
          user_name: string;
          made_at: Date;
        }[]
      >('*');
    return rows.map((row) => ({
      ...{ id: row.id, recordingId: row.recording_id, atMs: row.at_ms, text: row.text },
      ...{ userId: row.user_id ?? undefined, userName: row.user_name, madeAt: row.made_at },
    }));
  }

  async holds(ids: readonly RecordingId[]): Promise<ReadonlyMap<RecordingId, LegalHold>> {
    const rows = await this.db('recordings')
      .whereIn('id', [...ids])
      .whereNotNull('held_at')
      .select<{ id: RecordingId; held_at: Date; held_by: string; held_why: string }[]>(
        ...['id', 'held_at', 'held_by', 'held_why'],
      );
    return new Map(
      rows.map((row) => [row.id, { at: row.held_at, by: row.held_by, why: row.held_why }]),
    );
  }

  /** Throws `conflict` where it is held, or not held, already. `why` undefined: it is not held any more. */
  hold(actor: Actor, id: RecordingId, why: string | undefined, at: Date): Promise<void> {
    return this.db.transaction(async (tx) => {
      const changed = await tx('recordings')
        .where({ id })
        .where((now) => {
          void (why === undefined ? now.whereNotNull('held_at') : now.whereNull('held_at'));
        })
        .update(
          why === undefined
            ? { held_at: null, held_by: '', held_why: '' }
            : { held_at: at, held_by: actor.name.slice(0, 80), held_why: why },
        );
      if (changed === 0) throw new AppError('conflict', 'the hold was changed meanwhile');
      const action = why === undefined ? 'recording.release' : 'recording.hold';
      await this.auditLog(tx).record(actor, entryOf(action, id, why));
    });
  }

  addRemark(
    actor: Actor,
    id: RecordingId,
    { atMs, text }: Pick<RecordingRemark, 'atMs' | 'text'>,
    at: Date,
  ): Promise<void> {
    return this.db.transaction(async (tx) => {
      await tx('recording_remarks').insert({
        ...{ recording_id: id, at_ms: atMs, text, made_at: at },
        ...{ user_id: actor.userId ?? null, user_name: actor.name.slice(0, 80) },
      });
      await this.auditLog(tx).record(actor, entryOf('recording.remark', id, text));
    });
  }

  removeRemark(actor: Actor, id: RecordingId, remark: RecordingRemark): Promise<void> {
    return this.db.transaction(async (tx) => {
      await tx('recording_remarks').where({ id: remark.id, recording_id: id }).delete();
      await this.auditLog(tx).record(actor, entryOf('recording.remark-removed', id, remark.text));
    });
  }

  #matching(query: RecordingQuery): Knex.QueryBuilder {
    const rows: Knex.QueryBuilder = this.db('recordings as r').joinRaw(
      'LEFT JOIN `calls` AS `c` ON `c`.`id` = `r`.`call_id`',
    );
    if (query.kind !== undefined) void rows.where('r.kind', query.kind);
    else void rows.whereNot('r.kind', 'voicemail');
    if (query.fromAt !== undefined) void rows.where('r.created_at', '>=', new Date(query.fromAt));
    if (query.toAt !== undefined) void rows.where('r.created_at', '<', new Date(query.toAt));
    if (query.longerMs !== undefined) void rows.where('r.duration_ms', '>=', query.longerMs);
    if (query.shorterMs !== undefined) void rows.where('r.duration_ms', '<=', query.shorterMs);
    if (query.queueId !== undefined) void rows.where('c.queue_id', query.queueId);
    if (query.only === 'held') void rows.whereNotNull('r.held_at');
    if (query.only === 'missing') void rows.where('r.state', 'missing');
    if (query.only === 'remarks')
      void rows.whereIn('r.id', this.db('recording_remarks').select('recording_id'));
    if (query.agentId !== undefined) {
      const talks = this.db('call_talks').where('agent_id', query.agentId).select('call_id');
      void rows.where((any) => {
        void any.where('c.agent_id', query.agentId as number).orWhereIn('r.call_id', talks);
      });
    }
    if (query.dispositionId !== undefined)
      void rows.whereIn(
        'r.call_id',
        this.db('call_dispositions').where('disposition_id', query.dispositionId).select('call_id'),
      );
    if (query.search !== '') this.#searched(rows, query);
    return rows;
  }

  /** A call's id, a number in any way of writing it, a name, or a part of a remark. */
  #searched(rows: Knex.QueryBuilder, query: RecordingQuery): void {
    const { search: text } = query;
    void rows.where((any) => {
      void any.where('r.call_id', text.toUpperCase());
      orNumberOrText(any, {
        ...{ query, country: this.country },
        numbers: ['c.from_number', 'c.to_number'],
        texts: ['c.from_name'],
      });
      const said = this.db('recording_remarks')
        .where('text', 'like', likePattern(text))
        .select('recording_id');
      void any.orWhereIn('r.id', said);
    });
  }
}

const entryOf = (action: string, id: RecordingId, text: string | undefined): AuditEntry => ({
  ...{ action, objectKind: 'recording', objectId: id, objectName: '' },
  ...(text === undefined ? {} : { changes: { text: ['', text] } }),
});
