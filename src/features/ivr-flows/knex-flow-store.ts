import type { Knex } from 'knex';
import { flowDefinitionSchema, type FlowDefinition } from '../../engines/ivr/flow.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import {
  readDraft,
  type FlowDraft,
  type FlowName,
  type FlowSort,
  type FlowVersion,
  type StoredFlow,
} from './flow.js';
import { KnexFlowReports } from './flow-reports.js';
import { KnexFlowTestStore } from './knex-flow-test-store.js';
import type { FlowStore, FlowWriter } from './flow-store.js';

/** Saves of one draft that are kept; the oldest go first, and cannot be taken back any more. */
const MAX_DRAFT_SAVES = 100;

interface FlowRow {
  readonly id: FlowId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly published_version: number;
}
/** Sums come as decimal texts. */
type Sum = string | number | null;
interface DraftRow {
  readonly definition: unknown;
  readonly created_at: Date;
  readonly user_name: string | null;
}

const MAPPING: TableMapping<FlowId, FlowName, StoredFlow, FlowSort> = {
  table: 'ivr_flows',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({ name: draft.name }),
  read: async (db, rows) => {
    const flows = rows as readonly FlowRow[];
    const drafted = await db('ivr_flow_drafts')
      .whereIn(
        'flow_id',
        flows.map((row) => row.id),
      )
      .distinct('flow_id')
      .select<{ flow_id: FlowId }[]>('flow_id');
    const withDraft = new Set(drafted.map((row) => row.flow_id));
    return flows.map((row) => ({
      id: row.id,
      version: row.version,
      archivedAt: row.archived_at ?? undefined,
      updatedAt: row.updated_at,
      name: row.name,
      publishedVersion: row.published_version,
      hasDraft: withDraft.has(row.id),
    }));
  },
  uses: (db, id) => new KnexFlowReports(db).usesOf(id),
};

/** Flows in MariaDB. */
export class KnexFlowStore
  extends KnexVersionedStore<FlowId, FlowName, StoredFlow, FlowSort>
  implements FlowStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async definition(id: FlowId, version: number): Promise<FlowDefinition | undefined> {
    const row = await this.db('ivr_flow_versions')
      .where({ flow_id: id, flow_version: version })
      .first<{ definition: unknown } | undefined>('definition');
    return row && readDefinition(row.definition);
  }

  async draft(id: FlowId): Promise<FlowDraft | undefined> {
    const [saves] = await this.db('ivr_flow_drafts')
      .where('flow_id', id)
      .select<{ last: number | null; done: Sum; undone: Sum }[]>(
        this.db.raw('MAX(IF(undone, NULL, id)) AS `last`'),
        this.db.raw('SUM(NOT undone) AS done'),
        this.db.raw('SUM(undone) AS undone'),
      );
    if (saves === undefined || saves.last === null) return undefined;
    // One save may be as large as the flow: only the last one is read.
    const row = await this.db('ivr_flow_drafts')
      .leftJoin('users', 'users.id', 'ivr_flow_drafts.user_id')
      .where('ivr_flow_drafts.id', saves.last)
      .first<DraftRow | undefined>(
        'ivr_flow_drafts.definition',
        'ivr_flow_drafts.created_at',
        'users.name as user_name',
      );
    return (
      row && {
        definition: readDraft(row.definition),
        savedAt: row.created_at,
        savedBy: row.user_name ?? '',
        canUndo: Number(saves.done) > 1,
        canRedo: Number(saves.undone) > 0,
      }
    );
  }

  async versions(id: FlowId): Promise<readonly FlowVersion[]> {
    const rows = await this.db('ivr_flow_versions')
      .leftJoin('users', 'users.id', 'ivr_flow_versions.user_id')
      .where('ivr_flow_versions.flow_id', id)
      .orderBy('ivr_flow_versions.flow_version', 'desc')
      .select<{ flow_version: number; created_at: Date; note: string; user_name: string | null }[]>(
        'ivr_flow_versions.note',
        'ivr_flow_versions.flow_version',
        'ivr_flow_versions.created_at',
        'users.name as user_name',
      );
    return rows.map((row) => ({
      version: row.flow_version,
      publishedAt: row.created_at,
      publishedBy: row.user_name ?? '',
      note: row.note,
    }));
  }

  changeFlows<T>(work: (writer: FlowWriter) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (tx) =>
      work(
        Object.assign(this.writer(tx), draftWriter(tx), versionWriter(tx), {
          reports: new KnexFlowReports(tx),
          tests: new KnexFlowTestStore(tx),
        }),
      ),
    );
  }
}

const draftWriter = (tx: Knex): Pick<FlowWriter, 'addDraft' | 'moveDraft' | 'dropDraft'> => ({
  addDraft: async (id, base, next, by) => {
    await tx('ivr_flow_drafts').where({ flow_id: id, undone: true }).delete();
    const rows = await tx('ivr_flow_drafts')
      .where({ flow_id: id })
      .orderBy('id', 'desc')
      .select<{ id: number }[]>('id');
    const insert = (definition: FlowDefinition): Promise<unknown> =>
      tx('ivr_flow_drafts').insert({
        flow_id: id,
        definition: JSON.stringify(definition),
        user_id: by ?? null,
      });
    if (rows.length === 0) await insert(base);
    await insert(next);
    const tooOld = rows[MAX_DRAFT_SAVES - 2];
    if (tooOld)
      await tx('ivr_flow_drafts').where({ flow_id: id }).where('id', '<', tooOld.id).delete();
  },
  moveDraft: async (id, direction) => {
    const isUndo = direction === 'undo';
    const rows = await tx('ivr_flow_drafts')
      .where({ flow_id: id, undone: !isUndo })
      .orderBy('id', isUndo ? 'desc' : 'asc')
      .select<{ id: number }[]>('id');
    // The first save of all is what was there before: it cannot be taken back.
    const row = isUndo && rows.length < 2 ? undefined : rows[0];
    if (row === undefined) return false;
    await tx('ivr_flow_drafts').where({ id: row.id }).update({ undone: isUndo });
    return true;
  },
  dropDraft: async (id) => {
    await tx('ivr_flow_drafts').where({ flow_id: id }).delete();
  },
});

const versionWriter = (
  tx: Knex,
): Pick<FlowWriter, 'addVersion' | 'lockVersion' | 'startUnpublished'> => ({
  lockVersion: async (id, version) => {
    const row = await tx('ivr_flows')
      .where({ id, version })
      .forUpdate()
      .first<{ id: FlowId } | undefined>('id');
    if (row === undefined)
      throw new AppError('conflict', `flow ${String(id)} was changed meanwhile`);
  },
  startUnpublished: async (id) => {
    await tx('ivr_flows').where({ id }).update({ published_version: 0 });
  },
  addVersion: async (id, definition, { by, note }) => {
    const newest = await tx('ivr_flow_versions')
      .where({ flow_id: id })
      .max({ version: 'flow_version' })
      .first<{ version: number | null }>();
    const version = (newest.version ?? 0) + 1;
    await tx('ivr_flow_versions').insert({
      flow_id: id,
      flow_version: version,
      definition: JSON.stringify(definition),
      user_id: by ?? null,
      note,
    });
    await tx('ivr_flows')
      .where({ id })
      .update({
        published_version: version,
        version: tx.raw('version + 1'),
        updated_at: tx.fn.now(3),
      });
    return version;
  },
});

/** Reads a published definition, as the database has it. */
export function readDefinition(column: unknown): FlowDefinition {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return flowDefinitionSchema.parse(value);
}
