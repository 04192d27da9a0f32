import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { MusicId, PromptId } from '../../kernel/ids.js';
import { MUSIC_ORDERS } from '../../telephony/directory.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { MusicStore, SoundOption } from './music-store.js';
import type { MusicDraft, MusicSort, StoredMusic } from './music.js';

interface MusicRow {
  readonly id: MusicId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly play_order: string;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredMusic[]> {
  const all = rows as readonly MusicRow[];
  const sounds = await db('music_prompts')
    .whereIn(
      'music_id',
      all.map((row) => row.id),
    )
    .orderBy(['music_id', 'position'])
    .select<{ music_id: MusicId; prompt_id: PromptId }[]>('music_id', 'prompt_id');
  return all.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    order: MUSIC_ORDERS.find((one) => one === row.play_order) ?? 'listed',
    sounds: sounds.filter((sound) => sound.music_id === row.id).map((sound) => sound.prompt_id),
  }));
}

/** Locks the prompts, so that they are still there when the music is saved. */
async function check(tx: Knex, { sounds }: MusicDraft): Promise<void> {
  const found = await tx('prompts')
    .whereIn('id', sounds)
    .whereNull('archived_at')
    .orderBy('id')
    .forShare()
    .select<{ id: PromptId }[]>('id');
  if (found.length < sounds.length)
    throw new AppError('invalid-fields', 'a prompt is not there', [
      { field: 'sounds', message: 'music.problem.sound-gone' },
    ]);
}

async function writeSounds(tx: Knex, id: MusicId, { sounds }: MusicDraft): Promise<void> {
  await tx('music_prompts').where({ music_id: id }).del();
  if (sounds.length > 0)
    await tx('music_prompts').insert(
      sounds.map((prompt, at) => ({ music_id: id, prompt_id: prompt, position: at + 1 })),
    );
}

const MAPPING: TableMapping<MusicId, MusicDraft, StoredMusic, MusicSort> = {
  table: 'music',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({ name: draft.name, play_order: draft.order }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofMusic(id),
  check,
  writeParts: writeSounds,
};

/** Music in MariaDB. */
export class KnexMusicStore
  extends KnexVersionedStore<MusicId, MusicDraft, StoredMusic, MusicSort>
  implements MusicStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async soundOptions(): Promise<readonly SoundOption[]> {
    const prompts = await this.db('prompts')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: PromptId; name: string }[]>('id', 'name');
    const files = await this.db('prompt_files')
      .orderBy(['prompt_id', 'language'])
      .select<{ prompt_id: PromptId; hash: string; duration_ms: number }[]>(
        'prompt_id',
        'hash',
        'duration_ms',
      );
    return prompts.map(({ id, name }) => {
      const file = files.find((one) => one.prompt_id === id);
      return { id, name, hash: file?.hash ?? '', durationMs: file?.duration_ms ?? 0 };
    });
  }
}
