import type { Knex } from 'knex';
import type { KnownAgent } from '../../engines/reporting/queue-log/summary.js';
import type { Actor } from '../../kernel/actor.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import {
  SILENT_MS,
  type ChosenNames,
  type ImportId,
  type ImportState,
  type LogFile,
  type LogImport,
  type NamedHere,
  type StoredState,
} from './import.js';
import { FormerMaker, NAME_LENGTH } from './knex-former-names.js';
import type { Progress, QueueLogStore, QueueLogWork, Remembered } from './queue-log-store.js';

interface Row {
  readonly id: ImportId;
  readonly created_at: Date;
  readonly user_name: string;
  readonly zone: string;
  readonly files: unknown;
  readonly state: StoredState;
  readonly run: number;
  readonly beat_at: Date | null;
  readonly bytes_total: number | string;
  readonly bytes_done: number | string;
  readonly summary: unknown;
  readonly names: unknown;
  readonly result: unknown;
  readonly problem: string;
}

const LISTED = 50;
const TABLE = 'queue_log_imports';
/** Nobody works on an import in these, and nothing came out of it. */
const LEFT: readonly StoredState[] = [
  'uploading',
  'check-waits',
  'checked',
  'waits',
  'cancelled',
  'failed',
];

const json = <T>(value: unknown): T | undefined =>
  value === null || value === undefined
    ? undefined
    : ((typeof value === 'string' ? JSON.parse(value) : value) as T);

function stateOf({ state, beat_at }: Row, now: number): ImportState {
  const isWorkedOn = state === 'checking' || state === 'running';
  return isWorkedOn && (beat_at?.getTime() ?? 0) < now - SILENT_MS ? 'broken' : state;
}

const importOf = (row: Row, now: number): LogImport => ({
  ...{ id: row.id, createdAt: row.created_at, userName: row.user_name, zone: row.zone },
  files: json<readonly LogFile[]>(row.files) ?? [],
  state: stateOf(row, now),
  run: row.run,
  bytesTotal: Number(row.bytes_total),
  bytesDone: Number(row.bytes_done),
  summary: json(row.summary),
  names: json(row.names),
  result: json(row.result),
  problem: row.problem,
});

const columnsOf = ({ bytesDone, files, summary, result }: Progress) => ({
  ...(bytesDone === undefined ? {} : { bytes_done: bytesDone }),
  ...(files === undefined ? {} : { files: JSON.stringify(files) }),
  ...(summary === undefined ? {} : { summary: JSON.stringify(summary) }),
  ...(result === undefined ? {} : { result: JSON.stringify(result) }),
});

/** Imports in MariaDB. */
export class KnexQueueLogStore implements QueueLogStore, QueueLogWork {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
    private readonly now: () => number,
  ) {}

  async list(): Promise<readonly LogImport[]> {
    const rows = await this.db(TABLE).orderBy('id', 'desc').limit(LISTED).select<Row[]>('*');
    return rows.map((row) => importOf(row, this.now()));
  }

  async find(id: ImportId): Promise<LogImport | undefined> {
    const row = await this.db(TABLE).where({ id }).first<Row | undefined>('*');
    return row === undefined ? undefined : importOf(row, this.now());
  }

  async insert(
    actor: Actor,
    made: { readonly zone: string; readonly files: readonly LogFile[]; readonly at: Date },
  ): Promise<ImportId> {
    const [id] = (await this.db(TABLE).insert({
      ...{ created_at: made.at, user_name: actor.name.slice(0, NAME_LENGTH), zone: made.zone },
      files: JSON.stringify(made.files),
      state: 'uploading' satisfies StoredState,
      bytes_total: made.files.reduce((sum, file) => sum + file.bytes, 0),
    })) as [ImportId];
    return id;
  }

  async move(id: ImportId, from: readonly StoredState[], to: StoredState): Promise<boolean> {
    const moved = await this.db(TABLE)
      .where({ id })
      .whereIn('state', from)
      .update({ state: to, problem: '', bytes_done: 0 });
    return moved > 0;
  }

  choose(
    actor: Actor,
    id: ImportId,
    chosen: {
      readonly queues: Readonly<Record<string, QueueId | undefined>>;
      readonly agents: Readonly<Record<string, AgentId | undefined>>;
    },
  ): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const maker = new FormerMaker(tx, actor, this.auditLog(tx));
      const names: ChosenNames = {
        queues: await maker.named('queue', chosen.queues),
        agents: await maker.named('agent', chosen.agents),
      };
      const started = await tx(TABLE)
        .where({ id })
        .whereIn('state', ['checked', 'cancelled', 'failed', 'running'])
        .update({
          ...{ state: 'waits', names: JSON.stringify(names), problem: '', bytes_done: 0 },
          result: null,
        });
      if (started === 0) return false;
      await this.auditLog(tx).record(actor, entryOf('import', id, await filesOf(tx, id)));
      return true;
    });
  }

  async remove(actor: Actor, id: ImportId): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const name = await filesOf(tx, id);
      await tx(TABLE).where({ id }).delete();
      await this.auditLog(tx).record(actor, entryOf('drop', id, name));
    });
  }

  async queues(): Promise<readonly NamedHere<QueueId>[]> {
    return this.db('queues')
      .whereNull('archived_at')
      .orderBy('name')
      .select<NamedHere<QueueId>[]>('id', 'name');
  }

  async agents(): Promise<readonly KnownAgent[]> {
    const rows: readonly (Omit<KnownAgent, 'extension'> & { extension: string | null })[] =
      await this.db('agents as a')
        .leftJoin('extensions as e', 'e.id', 'a.extension_id')
        .whereNull('a.archived_at')
        .orderBy('a.name')
        .select('a.id', 'a.name', 'a.number', 'e.number as extension');
    return rows.map((row) => ({ ...row, extension: row.extension ?? '' }));
  }

  async remembered(kind: 'queue' | 'agent'): Promise<ReadonlyMap<string, Remembered>> {
    const rows = await this.db('queue_log_names')
      .where({ kind })
      .select<{ name: string; target_id: number; is_former: number }[]>('*');
    return new Map(
      rows.map((row) => [row.name, { id: row.target_id, isFormer: row.is_former === 1 }]),
    );
  }

  async claim(now: Date): Promise<LogImport | undefined> {
    const waiting = await this.db(TABLE)
      .whereIn('state', ['check-waits', 'waits'])
      .orderBy('id')
      .first<Row | undefined>('*');
    if (waiting === undefined) return undefined;
    const state = waiting.state === 'waits' ? 'running' : 'checking';
    const run = waiting.run + 1;
    const taken = await this.db(TABLE)
      .where({ id: waiting.id, state: waiting.state, run: waiting.run })
      .update({ state, run, beat_at: now, bytes_done: 0 });
    return taken === 0
      ? undefined
      : importOf({ ...waiting, state, run, beat_at: now }, now.getTime());
  }

  async beat(job: LogImport, now: Date, progress: Progress): Promise<boolean> {
    const still = await this.#own(job).update({ beat_at: now, ...columnsOf(progress) });
    return still > 0;
  }

  async end(
    job: LogImport,
    to: 'checked' | 'done' | 'failed',
    { problem = '', ...last }: Progress & { readonly problem?: string },
  ): Promise<boolean> {
    const still = await this.#own(job).update({ state: to, problem, ...columnsOf(last) });
    return still > 0;
  }

  async forgetOld(before: Date): Promise<readonly ImportId[]> {
    const rows = await this.db(TABLE)
      .where('created_at', '<', before)
      .where((either) => {
        void either.whereIn('state', [...LEFT]).orWhere((silent) => {
          void silent.whereIn('state', ['checking', 'running']).where('beat_at', '<', before);
        });
      })
      .select<{ id: ImportId }[]>('id');
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await this.db(TABLE).whereIn('id', ids).delete();
    return ids;
  }

  #own({ id, run, state }: LogImport): Knex.QueryBuilder {
    return this.db(TABLE).where({ id, run, state });
  }
}

async function filesOf(tx: Knex, id: ImportId): Promise<string> {
  const row = await tx(TABLE).where({ id }).first<Pick<Row, 'files'> | undefined>('files');
  return (json<readonly LogFile[]>(row?.files) ?? []).map((file) => file.name).join(', ');
}

const entryOf = (action: string, id: number, name: string) => ({
  action: `queue-log.${action}`,
  ...{ objectKind: 'queue-log', objectId: String(id), objectName: name },
});
