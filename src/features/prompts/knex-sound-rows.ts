import type { Knex } from 'knex';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { PromptId } from '../../kernel/ids.js';
import type { PromptDraft, PromptSound, SoundSource, SoundVersion } from './prompt.js';

/** Columns that say what a sound is, in `prompt_files` (the sounds of now) and `prompt_sounds` (all that there were). */
export const SOUND_COLUMNS = [
  'language',
  'source',
  'text',
  'hash',
  'duration_ms',
  'is_silent',
] as const;

export interface SoundRow {
  readonly language: Language;
  readonly source: SoundSource;
  readonly text: string;
  readonly hash: string;
  readonly duration_ms: number;
  readonly is_silent: number | boolean;
}

export const soundOf = (row: SoundRow): PromptSound => ({
  source: row.source,
  text: row.text,
  hash: row.hash,
  durationMs: row.duration_ms,
  isSilent: Boolean(row.is_silent),
});

const rowOf = (language: Language, sound: PromptSound): SoundRow => ({
  language,
  source: sound.source,
  text: sound.text,
  hash: sound.hash,
  duration_ms: sound.durationMs,
  is_silent: sound.isSilent,
});

/** Replaces a prompt's sounds; a sound that is not its language's latest becomes the next version of it. */
export async function writeSounds(tx: Knex, id: PromptId, draft: PromptDraft): Promise<void> {
  await tx('prompt_files').where({ prompt_id: id }).delete();
  for (const language of LANGUAGES) {
    const sound = draft.sounds[language];
    if (sound === undefined) continue;
    const row = rowOf(language, sound);
    await tx('prompt_files').insert({ prompt_id: id, ...row });
    const latest = await tx('prompt_sounds')
      .where({ prompt_id: id, language })
      .orderBy('number', 'desc')
      .forUpdate()
      .first<{ id: number; number: number; hash: string; source: string } | undefined>();
    if (latest?.hash === sound.hash && latest.source === sound.source)
      await tx('prompt_sounds').where({ id: latest.id }).update({ text: sound.text });
    else
      await tx('prompt_sounds').insert({
        prompt_id: id,
        ...row,
        number: (latest?.number ?? 0) + 1,
        made_by: draft.madeBy ?? '',
      });
  }
}

/** Every sound that a prompt has had, the newest first; `limit` a language. */
export async function readVersions(
  db: Knex,
  id: PromptId,
  limit: number,
): Promise<readonly SoundVersion[]> {
  const found: SoundVersion[] = [];
  for (const language of LANGUAGES) {
    const rows = await db('prompt_sounds')
      .where({ prompt_id: id, language })
      .orderBy('number', 'desc')
      .limit(limit)
      .select<(SoundRow & { number: number; made_by: string; created_at: Date })[]>([
        ...SOUND_COLUMNS,
        'number',
        'made_by',
        'created_at',
      ]);
    found.push(
      ...rows.map((row) => ({
        ...soundOf(row),
        language,
        number: row.number,
        madeBy: row.made_by,
        madeAt: row.created_at,
      })),
    );
  }
  return found;
}
