import type { Knex } from 'knex';
import type { AgentId, CallId, RecordingId } from '../../kernel/ids.js';
import { whereHeardBy } from '../voicemail/index.js';
import type { Peaks, Recording, RecordingProblem } from './recording.js';
import type { RecordingOnNode, RecordingStore, StoredFile } from './recording-store.js';

interface RecordingRow {
  readonly id: RecordingId;
  readonly call_id: CallId;
  readonly kind: Recording['kind'];
  readonly state: Recording['state'];
  readonly node: string;
  readonly node_files: unknown;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly key_id: string;
  readonly duration_ms: number;
  readonly problem: RecordingProblem | '';
  readonly created_at: Date;
}

const COLUMNS = [
  'id',
  'call_id',
  'kind',
  'state',
  'node',
  'path',
  'sha256',
  'bytes',
  'key_id',
  'duration_ms',
  'problem',
  'created_at',
] as const;
/** Rows read at once while walking over all of them. */
const WALK_STEP = 500;

const toRecording = (row: RecordingRow): Recording => ({
  id: row.id,
  callId: row.call_id,
  kind: row.kind,
  state: row.state,
  node: row.node,
  path: row.path,
  sha256: row.sha256,
  bytes: row.bytes,
  keyId: row.key_id,
  durationMs: row.duration_ms,
  problem: row.problem,
  createdAt: row.created_at,
});

/** JSON comes parsed or as text, by server and driver. */
const fromJson = <T>(value: unknown): T =>
  (typeof value === 'string' ? JSON.parse(value) : value) as T;

/** Recordings in MariaDB or MySQL. */
export class KnexRecordingStore implements RecordingStore {
  constructor(private readonly db: Knex) {}

  async onNodes({
    limit,
    exceptIds,
    exceptNodes,
  }: Parameters<RecordingStore['onNodes']>[0]): Promise<readonly RecordingOnNode[]> {
    const rows = await this.db('recordings')
      .where('on_node', true)
      .whereNotIn('id', [...exceptIds])
      .whereNotIn('node', [...exceptNodes])
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .select<RecordingRow[]>(...COLUMNS, 'node_files');
    return rows.map((row) => ({
      ...toRecording(row),
      nodeFiles: fromJson<readonly string[]>(row.node_files),
    }));
  }

  async markStored(id: RecordingId, file: StoredFile): Promise<boolean> {
    const changed = await this.db('recordings')
      .where({ id, state: 'waiting' })
      .update({
        state: 'stored',
        path: file.path,
        sha256: file.sha256,
        bytes: file.bytes,
        key_id: file.keyId,
        duration_ms: file.durationMs,
        peaks: JSON.stringify(file.peaks),
        problem: file.problem,
      });
    return changed > 0;
  }

  async markMissing(id: RecordingId, problem: RecordingProblem): Promise<boolean> {
    const changed = await this.db('recordings')
      .where({ id, state: 'waiting' })
      .update({ state: 'missing', problem });
    return changed > 0;
  }

  async markOffNode(id: RecordingId): Promise<void> {
    await this.db('recordings').where({ id }).update({ on_node: false });
  }

  async find(id: RecordingId): Promise<Recording | undefined> {
    const row = await this.db('recordings')
      .where({ id })
      .first<RecordingRow | undefined>(...COLUMNS);
    return row && toRecording(row);
  }

  async ofCall(callId: CallId): Promise<readonly Recording[]> {
    const rows = await this.db('recordings')
      .where('call_id', callId)
      // A room is recorded once for all who are in it.
      .orWhereIn(
        'id',
        this.db('conference_recordings').where('call_id', callId).select('recording_id'),
      )
      .orderBy('created_at')
      .orderBy('id')
      .select<RecordingRow[]>(...COLUMNS);
    return rows.map(toRecording);
  }

  async peaks(id: RecordingId): Promise<Peaks | undefined> {
    const row = await this.db('recordings')
      .where({ id })
      .first<{ readonly peaks: unknown } | undefined>('peaks');
    return row === undefined || row.peaks === null ? undefined : fromJson<Peaks>(row.peaks);
  }

  async belongsTo(id: RecordingId, agentId: AgentId): Promise<boolean> {
    const talked = await this.db('recordings as r')
      .leftJoin('conference_recordings as m', 'm.recording_id', 'r.id')
      .joinRaw('join `calls` as `c` on `c`.`id` = coalesce(`m`.`call_id`, `r`.`call_id`)')
      .where('r.id', id)
      .whereIn('r.kind', ['call', 'conference'])
      .where((either) => {
        void either.where('c.agent_id', agentId).orWhereExists((legs) => {
          void legs
            .from('call_legs as l')
            .whereRaw('l.call_id = c.id')
            .where('l.agent_id', agentId)
            .whereNotNull('l.answered_at');
        });
      })
      .first<object | undefined>('r.id');
    if (talked !== undefined) return true;
    const messages = this.db('voicemails as v').where('v.recording_id', id);
    whereHeardBy(messages, this.db, agentId);
    const addressed = await messages.first<object | undefined>('v.recording_id');
    return addressed !== undefined;
  }

  async eachStored(visit: (recording: Recording) => Promise<void>): Promise<void> {
    for (let after = ''; ;) {
      const rows = await this.db('recordings')
        .where('state', 'stored')
        .where('id', '>', after)
        .orderBy('id')
        .limit(WALK_STEP)
        .select<RecordingRow[]>(...COLUMNS);
      for (const row of rows) await visit(toRecording(row));
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }
}
