import type { Knex } from 'knex';
import type { Tile } from '../../engines/wallboard/tile.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { CampaignId, WallboardId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexVersionedStore,
  lockNamed,
  readQueueOptions,
  type QueueOption,
  type TableMapping,
} from '../configuration/index.js';
import type { WallboardStore } from './wallboard-store.js';
import {
  AGENT_NAMES,
  THEMES,
  type StoredWallboard,
  type WallboardDraft,
  type WallboardSort,
} from './wallboard.js';

interface WallboardRow {
  readonly id: WallboardId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly language: string;
  readonly theme: string;
  readonly agent_names: string;
  readonly shows_numbers: number;
  readonly tiles: unknown;
}

const read = (_db: Knex, rows: readonly unknown[]): Promise<readonly StoredWallboard[]> =>
  Promise.resolve(
    (rows as readonly WallboardRow[]).map((row) => ({
      id: row.id,
      version: row.version,
      archivedAt: row.archived_at ?? undefined,
      updatedAt: row.updated_at,
      name: row.name,
      language: LANGUAGES.find((one) => one === row.language) ?? 'en',
      theme: THEMES.find((one) => one === row.theme) ?? 'dark',
      agentNames: AGENT_NAMES.find((one) => one === row.agent_names) ?? 'short',
      showsNumbers: row.shows_numbers === 1,
      // Only this program writes the column.
      tiles: (typeof row.tiles === 'string' ? JSON.parse(row.tiles) : row.tiles) as Tile[],
    })),
  );

/** Locks the queues that tiles name, so that they are still there when the board is saved. */
async function check(tx: Knex, { tiles }: WallboardDraft): Promise<void> {
  for (const [at, { queues }] of tiles.entries()) {
    const missing = await lockNamed(tx, 'queues', queues);
    if (missing !== undefined)
      throw new AppError('invalid-fields', `queue ${String(missing)} is not there`, [
        { field: `tiles.${String(at)}.queues`, message: 'wallboards.problem.queue-gone' },
      ]);
  }
}

const MAPPING: TableMapping<WallboardId, WallboardDraft, StoredWallboard, WallboardSort> = {
  table: 'wallboards',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({
    name: draft.name,
    language: draft.language,
    theme: draft.theme,
    agent_names: draft.agentNames,
    shows_numbers: draft.showsNumbers,
    tiles: JSON.stringify(draft.tiles),
  }),
  read,
  check,
};

/** Boards in MariaDB. */
export class KnexWallboardStore
  extends KnexVersionedStore<WallboardId, WallboardDraft, StoredWallboard, WallboardSort>
  implements WallboardStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  queueOptions(): Promise<readonly QueueOption[]> {
    return readQueueOptions(this.db);
  }

  campaignOptions(): Promise<readonly { readonly id: CampaignId; readonly name: string }[]> {
    return this.db('campaigns')
      .whereNull('archived_at')
      .whereIn('mode', ['progressive', 'predictive', 'notification'])
      .orderBy('name')
      .select<{ id: CampaignId; name: string }[]>('id', 'name');
  }

  async some(ids: readonly WallboardId[]): Promise<readonly StoredWallboard[]> {
    const rows = (await this.db('wallboards')
      .whereIn('id', ids)
      .whereNull('archived_at')) as unknown[];
    return read(this.db, rows);
  }
}
