import type { Knex } from 'knex';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { PromptId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import { KnexPromptReports } from './prompt-reports.js';
import type { PromptDraft, PromptSort, PromptSound, SoundSource, StoredPrompt } from './prompt.js';
import type { PromptStore } from './prompt-store.js';

interface PromptRow {
  readonly id: PromptId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
}
interface FileRow {
  readonly prompt_id: PromptId;
  readonly language: Language;
  readonly source: SoundSource;
  readonly text: string;
  readonly hash: string;
  readonly duration_ms: number;
}

const soundOf = (row: FileRow): PromptSound => ({
  source: row.source,
  text: row.text,
  hash: row.hash,
  durationMs: row.duration_ms,
});

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
      .select<FileRow[]>('prompt_id', 'language', 'source', 'text', 'hash', 'duration_ms');
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
  writeParts: async (tx, id, draft) => {
    await tx('prompt_files').where({ prompt_id: id }).delete();
    const rows = LANGUAGES.flatMap((language) => {
      const sound = draft.sounds[language];
      return sound === undefined ? [] : [fileRow(id, language, sound)];
    });
    if (rows.length > 0) await tx('prompt_files').insert(rows);
  },
};

const fileRow = (id: PromptId, language: Language, sound: PromptSound): FileRow => ({
  prompt_id: id,
  language,
  source: sound.source,
  text: sound.text,
  hash: sound.hash,
  duration_ms: sound.durationMs,
});

/** Prompts in MariaDB. */
export class KnexPromptStore
  extends KnexVersionedStore<PromptId, PromptDraft, StoredPrompt, PromptSort>
  implements PromptStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }
}
