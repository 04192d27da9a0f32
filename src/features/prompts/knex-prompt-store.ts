import type { Knex } from 'knex';
import type { PromptId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import { KnexPromptReports } from './prompt-reports.js';
import type { PromptDraft, PromptSort, SoundVersion, StoredPrompt } from './prompt.js';
import type { PromptStore } from './prompt-store.js';
import {
  readVersions,
  SOUND_COLUMNS,
  soundOf,
  writeSounds,
  type SoundRow,
} from './knex-sound-rows.js';

interface PromptRow {
  readonly id: PromptId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
}
const MAPPING: TableMapping<PromptId, PromptDraft, StoredPrompt, PromptSort> = {
  table: 'prompts',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({ name: draft.name }),
  read: async (db, rows) => {
    const prompts = rows as readonly PromptRow[];
    const files = await db('prompt_files')
      .whereIn(
        'prompt_id',
        prompts.map((row) => row.id),
      )
      .select<(SoundRow & { prompt_id: PromptId })[]>(['prompt_id', ...SOUND_COLUMNS]);
    return prompts.map((row) => ({
      id: row.id,
      version: row.version,
      archivedAt: row.archived_at ?? undefined,
      updatedAt: row.updated_at,
      name: row.name,
      sounds: Object.fromEntries(
        files
          .filter((file) => file.prompt_id === row.id)
          .map((file) => [file.language, soundOf(file)]),
      ),
    }));
  },
  uses: async (db, id) => (await new KnexPromptReports(db).uses()).get(id) ?? [],
  writeParts: writeSounds,
};

/** Prompts in MariaDB. */
export class KnexPromptStore
  extends KnexVersionedStore<PromptId, PromptDraft, StoredPrompt, PromptSort>
  implements PromptStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  versions(id: PromptId, limit: number): Promise<readonly SoundVersion[]> {
    return readVersions(this.db, id, limit);
  }
}
